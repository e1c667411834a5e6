import { z } from 'zod';
import type { Job } from '../../jobs/job.js';
import { backoff } from '../../jobs/job.js';

/** Deletes the deliveries of a deleted webhook, a small batch at a time. */
export const forgetJob: Job<{ webhookId: string }> = {
  name: 'webhook-forget',
  payload: z.object({ webhookId: z.string() }),
  retry: backoff({ first: 1000, longest: 3_600_000, giveUpAfter: 7 * 24 * 3_600_000 }),
  concurrency: 1,
  timeout: 10 * 60_000,
};
