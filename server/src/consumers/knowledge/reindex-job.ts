import { z } from 'zod';
import type { Job } from '../../jobs/job.js';
import { backoff } from '../../jobs/job.js';

const HOUR = 3_600_000;

/** The next portion of making the search index anew. One at a time. */
export const reindexJob: Job<Record<string, never>> = {
  name: 'knowledge-reindex',
  payload: z.object({}).strict(),
  retry: backoff({ first: 1000, longest: HOUR / 4, giveUpAfter: 7 * 24 * HOUR }),
  concurrency: 1,
  timeout: 10 * 60_000,
};
