import type { MessageContent } from '@patchbay/contract';
import { isMedia } from '@patchbay/contract';
import type { SendableContent } from '../../chats/sendable-content.js';
import { crashPoint } from '../../crash-point.js';
import type { Database } from '../../db/database.js';
import type { WriteStep } from '../../db/write-unit.js';
import { WriteRefused } from '../../db/write-unit.js';
import { ApiError } from '../../http/api-error.js';
import type { JobHandler } from '../../jobs/job.js';
import { Hopeless } from '../../jobs/job.js';
import type { MediaInbox } from '../../media/media-inbox.js';
import type { MediaRecords } from '../../media/media-records.js';
import type { Outbox, SendingSession } from '../../outbox/outbox.js';
import type { ForwardOne } from './forward-job.js';
import type { ForwardRow, ForwardStore } from './forward-store.js';

interface Tools {
  database: Database;
  forwards: ForwardStore;
  outbox: Outbox;
  content: SendableContent;
  media: MediaInbox;
  records: MediaRecords;
}

/** Something to send, and the steps that belong to it. */
interface Parcel {
  content: MessageContent;
  also: (messageId: string) => WriteStep[];
}

/** A file that another account has to hand over is waited for so long (ms). */
const FILE_WITHIN = 60_000;

/**
 * Hands one approved message to the outbox. That it was, stands in the unit that accepts it: a death
 * before it repeats the work, a death after it finds it done.
 */
export function forward(tools: Tools): JobHandler<ForwardOne> {
  const { database, forwards, outbox } = tools;
  return {
    run: async ({ forwardId }) => {
      const fact = await forwards.find(forwardId);
      // One that was given up may be tried again.
      if (!fact || fact.state === 'accepted') return {};
      const session = await sender(database, fact.session_id);
      const { content, also } = await parcel(tools, fact);
      crashPoint('before-forward-accepted');
      try {
        await outbox.accept(session, fact.target_jid, content, {
          also: (id) => [forwards.accepted(forwardId, id), ...also(id)],
        });
      } catch (error) {
        // Refused: another attempt was first, or the account is gone.
        const isDone = (await forwards.find(forwardId))?.state === 'accepted';
        if (!(error instanceof WriteRefused) || !isDone) throw error;
      }
      return {};
    },
    failed: ({ forwardId }, { error, nextAttemptAt }) => {
      const text = (error instanceof Error ? error.message : String(error)).slice(0, 300);
      return [
        nextAttemptAt === null
          ? forwards.failed(forwardId, text)
          : forwards.trouble(forwardId, text),
      ];
    },
  };
}

async function sender({ kysely }: Database, sessionId: string): Promise<SendingSession> {
  const row = await kysely
    .selectFrom('sessions')
    .select(['id', 'owner_id', 'jid', 'linked'])
    .where('id', '=', sessionId)
    .executeTakeFirst();
  if (!row) throw new Hopeless('The account that forwards was deleted');
  if (row.linked !== 1) throw new Error('No number is linked to the account that forwards');
  return { id: row.id, ownerId: row.owner_id, jid: row.jid };
}

/** The message as the forwarding account passes it on, or says it anew when only another one has it. */
async function parcel(tools: Tools, fact: ForwardRow): Promise<Parcel> {
  const { content } = tools;
  try {
    const own = await content.forwarded(fact.session_id, fact.message_id);
    return { content: own, also: () => [] };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code !== 'message_not_found') throw new Hopeless(error.message);
  }
  try {
    const theirs = await content.forwarded(fact.source_session_id, fact.message_id);
    return await saidAnew(tools, fact, theirs);
  } catch (error) {
    if (error instanceof ApiError) throw new Hopeless(error.message);
    throw error;
  }
}

async function saidAnew(
  { media, records }: Tools,
  fact: ForwardRow,
  theirs: MessageContent,
): Promise<Parcel> {
  const { forwardOf: _, ...content } = theirs as MessageContent & { forwardOf?: string };
  if (!isMedia(content)) return { content, also: () => [] };
  const file = await media.obtain(fact.source_session_id, fact.message_id, FILE_WITHIN);
  if (!file?.hash) {
    if (file?.reason === 'gone') throw new Hopeless('WhatsApp no longer has the file');
    throw new Error('The file could not be fetched yet');
  }
  const { hash, thumbnail } = file;
  const note = { state: 'stored' as const, hash, thumbnail };
  return {
    content: { ...content, sha256: hash },
    also: (id) => [records.note(fact.session_id, id, note)],
  };
}
