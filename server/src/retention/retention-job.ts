import { z } from 'zod';
import type { Job } from '../jobs/job.js';
import { backoff } from '../jobs/job.js';

/** Deletes what is older than it is to be kept; adds itself again for the next time. */
export const retentionJob: Job<Record<string, never>> = {
  name: 'retention',
  payload: z.object({}).strict(),
  retry: backoff({ first: 60_000, longest: 3_600_000, giveUpAfter: Number.MAX_SAFE_INTEGER }),
  concurrency: 1,
  timeout: 30 * 60_000,
};
