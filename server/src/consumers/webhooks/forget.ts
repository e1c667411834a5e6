import type { JobHandler } from '../../jobs/job.js';
import type { DeliveryStore } from './delivery-store.js';

const AT_ONCE = 500;

/** Deletes what is left of a webhook. */
export function forget(deliveries: DeliveryStore): JobHandler<{ webhookId: string }> {
  return {
    run: async ({ webhookId }, { signal }) => {
      while ((await deliveries.deleteOf(webhookId, AT_ONCE)) > 0) signal.throwIfAborted();
      return {};
    },
  };
}
