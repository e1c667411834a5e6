import type { EventData, IncomingMessage } from '@patchbay/contract';
import type { Database } from '../../db/database.js';
import type { Reader } from '../../event-log/consumer.js';
import type { StoredEvent } from '../../event-log/event-log.js';
import { eventId } from '../../event-log/event-log.js';
import type { JobQueue } from '../../jobs/job-queue.js';
import { isGroupJid, isLidJid, phoneOf } from '../../whatsapp/jid.js';
import { incomingMessagesJob } from './incoming-messages-job.js';

/** Jobs that wait at the same time; what comes beyond stays in the log until some are done. */
const MOST_WAITING = 1000;
const BATCH = 50;

/** Turns messages that came in into jobs, each exactly once, never more than can be kept in view. */
export function incomingMessagesReader(database: Database, queue: JobQueue): Reader {
  return {
    name: 'incoming-messages',
    batch: () => BATCH,
    wanted: () => true,
    hasRoom: async () => {
      const waiting = await database.kysely
        .selectFrom('jobs')
        .select('id')
        .where('lane', '=', incomingMessagesJob.name)
        .limit(MOST_WAITING)
        .execute();
      return waiting.length < MOST_WAITING;
    },
    handle: async (events) => {
      const jobs = events.flatMap(toJob);
      await addPhones(database, jobs);
      return {
        steps: jobs.map((job) =>
          queue.add(incomingMessagesJob, job, { key: `${job.sessionId}|${job.chatId}` }),
        ),
        committed: () => {
          if (jobs.length > 0) queue.wake(incomingMessagesJob);
        },
      };
    },
  };
}

/** What was written by others, now or while we were away; the history from before the link is not. */
function toJob(event: StoredEvent): IncomingMessage[] {
  if (event.name !== 'session.message') return [];
  const { message, source } = JSON.parse(event.data) as EventData<'session.message'>;
  if (message.fromMe || (source !== 'live' && source !== 'offline')) return [];
  const { id, chatId, senderJid, senderName, type, content, timestamp } = message;
  return [
    {
      eventId: eventId(event),
      sessionId: event.session_id,
      chatId,
      messageId: id,
      from: senderJid,
      phone: (senderJid && phoneOf(senderJid)) || null,
      senderName,
      isGroup: isGroupJid(chatId),
      ...{ type, content, timestamp, message },
    },
  ];
}

/** People who are addressed by LID have a phone number that may be known too. */
async function addPhones({ kysely }: Database, jobs: IncomingMessage[]): Promise<void> {
  const unknown = jobs.filter(({ from }) => from !== null && isLidJid(from));
  if (unknown.length === 0) return;
  const known = await kysely
    .selectFrom('lid_mappings')
    .selectAll()
    .where('session_id', 'in', [...new Set(unknown.map(({ sessionId }) => sessionId))])
    .where('lid', 'in', [...new Set(unknown.map(({ from }) => from ?? ''))])
    .execute();
  const phones = new Map(known.map((row) => [`${row.session_id}|${row.lid}`, phoneOf(row.pn)]));
  for (const job of unknown) job.phone = phones.get(`${job.sessionId}|${job.from}`) ?? null;
}
