import type { EventData } from '@patchbay/contract';
import type { WriteStep } from '../db/write-unit.js';
import type { Reader } from '../event-log/consumer.js';
import type { StoredEvent } from '../event-log/event-log.js';
import type { JobQueue } from '../jobs/job-queue.js';
import { bulkJob } from './bulk-job.js';
import type { BulkStore } from './bulk-store.js';

interface Tools {
  store: BulkStore;
  queue: JobQueue;
  wanted(): boolean;
  look(): Promise<void>;
}

interface Told {
  sessionId: string;
  messageId: string;
  status: EventData<'message.status'>['status'];
  error: string | null;
  at: number;
}

/**
 * How far the messages of rows have come, as the log tells it. Each event lets a row climb and is told
 * only once by its state, so reading the log again leaves the same rows.
 */
export function bulkReader({ store, queue, wanted, look }: Tools): Reader {
  return {
    name: 'bulk',
    batch: () => 200,
    wanted,
    look,
    handle: async (events) => {
      const told = events.flatMap(toldBy);
      const bulkOf = await bulksOf(store, told);
      const steps: WriteStep[] = [];
      const moved = new Set<string>();
      for (const one of told) {
        const bulkId = bulkOf.get(`${one.sessionId}/${one.messageId}`);
        const state = stateFor(one.status);
        if (bulkId === undefined || state === undefined) continue;
        const message = { session_id: one.sessionId, message_id: one.messageId };
        steps.push(store.reached(message, state, one.error, one.at));
        moved.add(bulkId);
      }
      return {
        steps: [...steps, ...[...moved].map((id) => queue.hurry(bulkJob, id))],
        committed: () => {
          for (const id of moved) queue.wake(bulkJob, id);
        },
      };
    },
  };
}

function toldBy({ name, session_id, data, at }: StoredEvent): Told[] {
  if (name !== 'message.status') return [];
  const { messageId, status, error } = JSON.parse(data) as EventData<'message.status'>;
  return [{ sessionId: session_id, messageId, status, error: error ?? null, at }];
}

async function bulksOf(store: BulkStore, told: readonly Told[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const sessionId of new Set(told.map((one) => one.sessionId))) {
    const ids = told.filter((one) => one.sessionId === sessionId).map(({ messageId }) => messageId);
    for (const { message_id, bulk_id } of await store.among(sessionId, [...new Set(ids)])) {
      found.set(`${sessionId}/${message_id}`, bulk_id);
    }
  }
  return found;
}

/** A message that somebody took back in the outbox is not sent by the bulk send either. */
function stateFor(status: Told['status']) {
  switch (status) {
    case 'sent':
    case 'delivered':
    case 'read':
    case 'failed':
    case 'cancelled':
      return status;
    case 'played':
      return 'read' as const;
    case 'expired':
      return 'cancelled' as const;
    default:
      return undefined;
  }
}
