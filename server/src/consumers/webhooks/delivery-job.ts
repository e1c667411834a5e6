import { z } from 'zod';
import type { Job } from '../../jobs/job.js';
import { backoff } from '../../jobs/job.js';

const HOUR = 3_600_000;

/** One event to one webhook. Lane: the webhook, so that none waits for another; key: the chat. */
export const deliveryJob: Job<{ deliveryId: string }> = {
  name: 'webhook-delivery',
  payload: z.object({ deliveryId: z.string() }),
  retry: backoff({ first: 2000, longest: HOUR / 4, giveUpAfter: 24 * HOUR }),
  concurrency: 16,
  timeout: 30_000,
  failedElsewhere: true,
};
