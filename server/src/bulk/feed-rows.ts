import type { MediaContent, MessageContent } from '@patchbay/contract';
import type { Clock } from '../clock.js';
import type { Database } from '../db/database.js';
import type { WriteStep } from '../db/write-unit.js';
import { WriteRefused } from '../db/write-unit.js';
import type { Wakeup } from '../event-log/wakeup.js';
import type { JobHandler, JobOutcome } from '../jobs/job.js';
import { Postponed } from '../jobs/job.js';
import type { MediaRecords } from '../media/media-records.js';
import type { Outbox, SendingSession } from '../outbox/outbox.js';
import { isSameUser, pnJidOf } from '../whatsapp/jid.js';
import type { BulkRowRow, BulkSendRow, BulkStore } from './bulk-store.js';
import type { BulkTurns } from './bulk-turns.js';

/** One attempt goes on for so long (ms), then makes room for others. */
const SLICE = 20_000;
/** A message that leaves does so within this; longer it is not waited for in an attempt (ms). */
const LEAVES_WITHIN = 2000;
/** What is paced or not connected is looked at again then (ms), if nothing is heard of it before. */
const LOOK_AGAIN = 5000;
/** The last acks come soon as a rule (ms). */
const LAST_ACKS = 500;

interface Tools {
  database: Database;
  store: BulkStore;
  turns: BulkTurns;
  outbox: Pick<Outbox, 'accept'>;
  media: Pick<MediaRecords, 'note'>;
  wakeup: Wakeup;
  clock: Clock;
  /** Aborted when the server stops: what is under way goes on after the next start. */
  stopping: AbortSignal;
  /** In whose name is sent; undefined: the session is gone or not linked. */
  senderOf(sessionId: string): Promise<SendingSession | undefined>;
}

/**
 * Gives the outbox one row after another: the next when the last was handed over, so that a pause
 * takes effect within one message. The row says in the unit that accepts its message which one it is:
 * whatever dies when, each row is sent once.
 */
export function feedRows(tools: Tools): JobHandler<{ bulkId: string }> {
  return {
    run: async ({ bulkId }, { signal }) => {
      const until = performance.now() + SLICE;
      while (performance.now() < until && !signal.aborted && !tools.stopping.aborted) {
        const over = await next(tools, bulkId);
        if (over) return over;
      }
      throw new Postponed(tools.clock.now());
    },
  };
}

/** Sends one row, or waits; tells how the job ends when there is nothing more to do. */
async function next(tools: Tools, bulkId: string): Promise<JobOutcome | undefined> {
  const { store, turns, clock } = tools;
  const bulk = await store.byId(bulkId);
  if (!bulk) return {};
  if (bulk.state === 'scheduled') {
    await begin(tools, bulk);
    return undefined;
  }
  // Who resumes it at this moment finds the job still there: the refusal lets it run again.
  if (bulk.state !== 'running') return { steps: [notRunning(store, bulkId)] };
  const [waiting] = await store.waitingInOutbox(bulkId);
  if (waiting) {
    await leaving(tools, waiting);
    return undefined;
  }
  const [row] = await store.rows(bulkId, { state: 'pending', limit: 1 });
  if (!row) return await finish(tools, bulk);
  const sender = await tools.senderOf(bulk.session_id);
  if (!sender) throw new Postponed(clock.now() + LOOK_AGAIN);
  if (isOfAnother(bulk, sender)) {
    const because = { paused_because: 'number_changed' as const };
    const paused = turns.become(bulk, ['running'], 'paused', because);
    await unlessRefused(tools.database.write(paused));
  } else {
    await accept(tools, bulk, row, sender);
  }
  return undefined;
}

async function begin({ database, turns, clock }: Tools, bulk: BulkSendRow): Promise<void> {
  const now = clock.now();
  if (bulk.send_at !== null && bulk.send_at > now) throw new Postponed(bulk.send_at);
  const begun = turns.become(bulk, ['scheduled'], 'running', { started_at: now });
  await unlessRefused(database.write(begun));
}

function notRunning(store: BulkStore, id: string): WriteStep {
  return store.mustBe(id, ['paused', 'done', 'cancelled']);
}

/** Nothing goes out in the name of a number that nobody has chosen. */
function isOfAnother({ jid }: BulkSendRow, sender: SendingSession): boolean {
  return jid !== null && sender.jid !== null && !isSameUser(jid, sender.jid);
}

/** When every message has left or failed, it is over. */
async function finish(tools: Tools, bulk: BulkSendRow): Promise<JobOutcome> {
  const { database, store, turns, clock } = tools;
  const missed = await store.untold(bulk.id);
  if (missed.length > 0) await database.write(missed);
  const [open] = await store.rows(bulk.id, { state: 'queued', limit: 1 });
  if (open) throw new Postponed(clock.now() + LAST_ACKS);
  return { steps: turns.become(bulk, ['running'], 'done', { finished_at: clock.now() }) };
}

async function accept(
  { outbox, store, media }: Tools,
  bulk: BulkSendRow,
  row: BulkRowRow,
  sender: SendingSession,
): Promise<void> {
  const also = (messageId: string): WriteStep[] => [
    store.mustBe(bulk.id, ['running']),
    store.rowAccepted(row, messageId, Date.now()),
    ...(bulk.media === null
      ? []
      : [
          media.note(sender.id, messageId, {
            ...{ state: 'stored', hash: bulk.media_hash, thumbnail: bulk.media_thumbnail },
          }),
        ]),
  ];
  await unlessRefused(outbox.accept(sender, pnJidOf(row.phone), contentOf(bulk, row), { also }));
}

function contentOf({ media }: BulkSendRow, { text }: BulkRowRow): MessageContent {
  const said = text ?? '';
  if (media === null) return { type: 'text', text: said };
  return { ...(JSON.parse(media) as MediaContent), ...(said !== '' && { caption: said }) };
}

/** It was paused, cancelled or fed by another process at this moment: look again. */
async function unlessRefused(writing: Promise<unknown>): Promise<void> {
  try {
    await writing;
  } catch (error) {
    if (!(error instanceof WriteRefused)) throw error;
  }
}

/** Waits a moment for a message to leave; for one that is paced or not connected the job comes back. */
async function leaving(
  { wakeup, store, clock, stopping }: Tools,
  { bulk_id, session_id, message_id }: BulkRowRow,
): Promise<void> {
  let left = false;
  await new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer);
      unsubscribe();
      stopping.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, LEAVES_WITHIN);
    const unsubscribe = wakeup.on(`message:${session_id}/${message_id}`, () => {
      left = true;
      end();
    });
    stopping.addEventListener('abort', end);
    // It may have left before anybody listened.
    void store.waitingInOutbox(bulk_id).then((rows) => {
      if (rows.some((row) => row.message_id === message_id)) return;
      left = true;
      end();
    }, end);
  });
  if (!left && !stopping.aborted) throw new Postponed(clock.now() + LOOK_AGAIN);
}
