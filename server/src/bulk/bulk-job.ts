import { z } from 'zod';
import type { Job } from '../jobs/job.js';

const MINUTE = 60_000;

/**
 * Rows of a bulk send become messages, one at a time, as the session takes them. Lane: the bulk send,
 * so that none waits for another. It ends when there is nothing to do and is added again when there is.
 */
export const bulkJob: Job<{ bulkId: string }> = {
  name: 'bulk-send',
  payload: z.object({ bulkId: z.string() }),
  // It is no attempt at anything: what failed is tried again until the bulk send is over.
  retry: (attempt) => Math.min(1000 * 2 ** Math.min(attempt, 10), MINUTE),
  concurrency: 1,
  timeout: 2 * MINUTE,
};
