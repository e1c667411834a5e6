import type { Database } from '../../db/database.js';
import type { WriteStep } from '../../db/write-unit.js';
import type { JobHandler } from '../../jobs/job.js';
import type { JobQueue } from '../../jobs/job-queue.js';
import type { ForgetAccount } from './forget-job.js';
import { indexJob } from './index-job.js';

const AT_ONCE = 100;

/** Forgets that an account has messages, and the messages that no other account has. */
export function forget(database: Database, queue: JobQueue): JobHandler<ForgetAccount> {
  return {
    run: async ({ sessionId }, { signal }) => {
      for (;;) {
        const rows = await database.kysely
          .selectFrom('knowledge_sightings')
          .selectAll()
          .where('session_id', '=', sessionId)
          .limit(AT_ONCE)
          .execute();
        if (rows.length === 0) return {};
        await database.write(rows.flatMap((row) => stepsFor(database, queue, row)));
        queue.wake(indexJob);
        signal.throwIfAborted();
      }
    },
  };
}

interface Sighting {
  owner_id: string;
  group_jid: string;
  message_id: string;
  session_id: string;
}

function stepsFor({ kysely }: Database, queue: JobQueue, row: Sighting): WriteStep[] {
  const { owner_id: ownerId, group_jid: groupId, message_id: messageId, session_id } = row;
  const rest = kysely
    .selectFrom('knowledge_sightings')
    .select((e) => e.fn.min('session_id').as('session_id'))
    .where('owner_id', '=', ownerId)
    .where('group_jid', '=', groupId)
    .where('message_id', '=', messageId);
  const of = <Table extends 'knowledge_messages' | 'knowledge_stars'>(table: Table) =>
    kysely
      .deleteFrom(table as 'knowledge_messages')
      .where('owner_id', '=', ownerId)
      .where('group_jid', '=', groupId)
      .where('message_id', '=', messageId)
      .where((e) => e.not(e.exists(rest.having((h) => h.fn.count('session_id'), '>', 0))));
  const sighting = kysely
    .deleteFrom('knowledge_sightings')
    .where('owner_id', '=', ownerId)
    .where('group_jid', '=', groupId)
    .where('message_id', '=', messageId)
    .where('session_id', '=', session_id);
  const another = kysely
    .updateTable('knowledge_messages')
    .set({ session_id: rest as never })
    .where('owner_id', '=', ownerId)
    .where('group_jid', '=', groupId)
    .where('message_id', '=', messageId)
    .where('session_id', '=', session_id);
  const key = `${ownerId}/${groupId}/${messageId}`;
  return [
    { query: sighting },
    { query: of('knowledge_messages') },
    { query: of('knowledge_stars') },
    { query: another },
    queue.add(indexJob, { ownerId, groupId, messageId }, { key }),
  ];
}
