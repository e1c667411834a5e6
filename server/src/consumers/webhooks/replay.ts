import type { SessionAccess } from '../../auth/session-access.js';
import type { WriteStep } from '../../db/write-unit.js';
import type { EventLog } from '../../event-log/event-log.js';
import type { JobHandler } from '../../jobs/job.js';
import type { JobQueue } from '../../jobs/job-queue.js';
import { deliveryJob } from './delivery-job.js';
import type { DeliveryStore } from './delivery-store.js';
import type { Replay } from './replay-job.js';
import { replayJob } from './replay-job.js';
import type { WebhookRow, WebhookStore } from './webhook-store.js';

const AT_ONCE = 200;

interface Tools {
  webhooks: WebhookStore;
  deliveries: DeliveryStore;
  log: EventLog;
  queue: JobQueue;
  access: SessionAccess;
}

/** One part of a redelivery: new deliveries from the log, or dead ones made to wait again. */
export function replay(tools: Tools): JobHandler<Replay> {
  const { webhooks, deliveries, log, queue, access } = tools;

  async function part(
    webhook: WebhookRow,
    { what, after }: Replay,
  ): Promise<{ steps: WriteStep[]; after: number | null }> {
    if ('deadBefore' in what) {
      const rows = await deliveries.deadBefore(webhook.id, what.deadBefore, after, AT_ONCE);
      const last = rows.length === AT_ONCE ? (rows.at(-1)?.number ?? null) : null;
      return { steps: rows.flatMap((row) => deliveries.again(row)), after: last };
    }
    const rows = await log.storedAfter(after, {
      scope: access.reachOfMaker(webhook.owner_id),
      limit: AT_ONCE,
    });
    const wanted = rows.filter(
      ({ at, position }) => at >= what.from && at < what.to && position <= what.until,
    );
    const { steps } = await deliveries.create([webhook], wanted, 'redelivery');
    const last = rows.at(-1)?.position ?? what.until;
    return { steps, after: last < what.until && rows.length === AT_ONCE ? last : null };
  }

  return {
    run: async (payload) => {
      const webhook = await webhooks.byId(payload.webhookId);
      if (!webhook) return {};
      const { steps, after } = await part(webhook, payload);
      const next =
        after === null ? [] : [queue.add(replayJob, { ...payload, after }, laneOf(payload))];
      return {
        steps: [...steps, ...next],
        committed: () => queue.wake(deliveryJob, webhook.id),
      };
    },
  };
}

/** Redeliveries of one webhook are done one after another. */
export function laneOf({ webhookId }: Pick<Replay, 'webhookId'>): { lane: string } {
  return { lane: webhookId };
}
