import type { Reader } from '../../event-log/consumer.js';
import type { JobQueue } from '../../jobs/job-queue.js';
import { deliveryJob } from './delivery-job.js';
import type { DeliveryStore } from './delivery-store.js';
import type { WebhookStore } from './webhook-store.js';

/** Deliveries that are created in one transaction, about: a larger one would hold up all writing. */
const DELIVERIES_AT_ONCE = 25;

/** Turns events into deliveries, each exactly once. */
export function webhookReader(
  webhooks: WebhookStore,
  deliveries: DeliveryStore,
  queue: JobQueue,
): Reader {
  let active = 1;
  return {
    name: 'webhooks',
    batch: () => Math.max(1, Math.floor(DELIVERIES_AT_ONCE / Math.max(1, active))),
    wanted: () => webhooks.anyActive,
    look: () => webhooks.enabled(),
    handle: async (events) => {
      // After the events were read: a webhook that is older than an event is in the list.
      const enabled = await webhooks.enabled();
      active = enabled.length;
      const { steps, webhookIds } = await deliveries.create(enabled, events, 'event');
      return {
        steps,
        committed: () => {
          for (const id of webhookIds) queue.wake(deliveryJob, id);
        },
      };
    },
  };
}
