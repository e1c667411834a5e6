import { sql } from 'kysely';
import { crashPoint } from '../../crash-point.js';
import type { Database } from '../../db/database.js';
import type { WriteStep } from '../../db/write-unit.js';
import type { JobHandler } from '../../jobs/job.js';
import type { JobQueue } from '../../jobs/job-queue.js';
import { indexJob } from './index-job.js';
import type { Ingest } from './ingest-job.js';
import { tagsOf } from './tags.js';

/** A message of the chat store as knowledge needs it. */
interface Source {
  type: string;
  text: string;
  sender_jid: string | null;
  at: number;
}

/**
 * Writes what is kept of a message from what its chat has of it now. It can be done again at any
 * time: from the same messages and stars comes the same row.
 */
export function ingest(database: Database, queue: JobQueue): JobHandler<Ingest> {
  return {
    run: async (payload) => {
      const { ownerId, sessionId, groupId, messageId, cause } = payload;
      const message = await database.kysely
        .selectFrom('messages')
        .select(['type', 'text', 'sender_jid', 'at'])
        .where('session_id', '=', sessionId)
        .where('id', '=', messageId)
        .where('chat_id', '=', groupId)
        .where('hidden', '=', 0)
        .executeTakeFirst();
      if (!message) {
        // A star may come before its message, from a time when the account was away.
        if (cause === 'star') throw new Error('the starred message is not known here');
        return {};
      }
      if (cause === 'changed' && !(await isKept(database, payload))) return {};
      const key = `${ownerId}/${groupId}/${messageId}`;
      crashPoint('before-ingest-noted');
      return {
        steps: [
          ...rowsOf(database, payload, message),
          queue.add(indexJob, { ownerId, groupId, messageId }, { key }),
        ],
        committed: () => queue.wake(indexJob),
      };
    },
  };
}

async function isKept(database: Database, { ownerId, groupId, messageId }: Ingest) {
  const row = await database.kysely
    .selectFrom('knowledge_messages')
    .select('message_id')
    .where('owner_id', '=', ownerId)
    .where('group_jid', '=', groupId)
    .where('message_id', '=', messageId)
    .executeTakeFirst();
  return row !== undefined;
}

function rowsOf({ kysely }: Database, payload: Ingest, message: Source): WriteStep[] {
  const { ownerId, sessionId, groupId, messageId, byAdmin } = payload;
  const key = { owner_id: ownerId, group_jid: groupId, message_id: messageId };
  const deleted = message.type === 'revoked';
  const values = {
    ...key,
    session_id: sessionId,
    sender_jid: message.sender_jid,
    type: message.type,
    text: deleted ? '' : message.text,
    tags: JSON.stringify(deleted ? [] : tagsOf(message.text)),
    by_admin: byAdmin ? 1 : 0,
    at: message.at,
    deleted: deleted ? 1 : 0,
    // Read at writing: a star that comes meanwhile takes the message in once more.
    approved_at: sql<number | null>`(select min(at) from knowledge_stars
      where owner_id = ${ownerId} and group_jid = ${groupId} and message_id = ${messageId}
        and starred = 1)`,
  };
  const upsert = kysely
    .insertInto('knowledge_messages')
    .values(values)
    .onConflict((c) =>
      c.columns(['owner_id', 'group_jid', 'message_id']).doUpdateSet((e) => ({
        // Whichever account's log is read first, the row is the same.
        session_id: sql<string>`case when excluded.session_id < knowledge_messages.session_id
          then excluded.session_id else knowledge_messages.session_id end`,
        by_admin: sql<number>`case when excluded.by_admin > knowledge_messages.by_admin
          then excluded.by_admin else knowledge_messages.by_admin end`,
        type: e.ref('excluded.type'),
        text: e.ref('excluded.text'),
        tags: e.ref('excluded.tags'),
        deleted: e.ref('excluded.deleted'),
        approved_at: e.ref('excluded.approved_at'),
      })),
    );
  const sighting = kysely
    .insertInto('knowledge_sightings')
    .values({ ...key, session_id: sessionId })
    .onConflict((c) => c.doNothing());
  return [{ query: upsert }, { query: sighting }];
}
