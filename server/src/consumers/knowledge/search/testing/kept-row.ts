import type { Database } from '../../../../db/database.js';
import type { WriteStep } from '../../../../db/write-unit.js';
import type { KnowledgeDocument } from '../knowledge-index.js';

/** The row from which the database's index reads the text to rank it. */
export function keptRow({ kysely }: Database, document: KnowledgeDocument): WriteStep {
  const { text, at } = document;
  const values = {
    owner_id: document.ownerId,
    group_jid: document.groupId,
    message_id: document.messageId,
    session_id: 's1',
    sender_jid: document.senderJid,
    type: 'text',
    text,
    tags: JSON.stringify(document.tags),
    by_admin: 0,
    at,
    approved_at: at,
  };
  const insert = kysely.insertInto('knowledge_messages').values(values);
  const key = ['owner_id', 'group_jid', 'message_id'] as const;
  return { query: insert.onConflict((c) => c.columns([...key]).doUpdateSet({ text })) };
}
