import { crashPoint } from '../../crash-point.js';
import type { Database } from '../../db/database.js';
import type { JobHandler } from '../../jobs/job.js';
import type { IndexMessage } from './index-job.js';
import type { KnowledgeDocument, KnowledgeIndex, MessageKey } from './search/knowledge-index.js';

/** Makes the search agree with what is kept of a message. */
export function indexMessage(database: Database, index: KnowledgeIndex): JobHandler<IndexMessage> {
  return {
    run: async (key) => {
      const document = await documentOf(database, key);
      const steps = document ? await index.put(document) : await index.remove(key);
      crashPoint('before-index-noted');
      return { steps };
    },
  };
}

/** An approved message as the search takes it; undefined: it is not, or no longer, to be found. */
export async function documentOf(
  { kysely }: Database,
  key: MessageKey,
): Promise<KnowledgeDocument | undefined> {
  const { ownerId, groupId, messageId } = key;
  const row = await kysely
    .selectFrom('knowledge_messages')
    .select(['text', 'tags', 'sender_jid', 'at'])
    .where('owner_id', '=', ownerId)
    .where('group_jid', '=', groupId)
    .where('message_id', '=', messageId)
    .where('approved_at', 'is not', null)
    .where('deleted', '=', 0)
    .executeTakeFirst();
  if (!row) return undefined;
  const seen = await kysely
    .selectFrom('knowledge_sightings')
    .select('session_id')
    .where('owner_id', '=', ownerId)
    .where('group_jid', '=', groupId)
    .where('message_id', '=', messageId)
    .orderBy('session_id')
    .execute();
  return {
    ...key,
    text: row.text,
    tags: JSON.parse(row.tags) as string[],
    senderJid: row.sender_jid,
    sessionIds: seen.map(({ session_id }) => session_id),
    at: row.at,
  };
}
