import { z } from 'zod';
import type { Job } from '../../jobs/job.js';
import { backoff } from '../../jobs/job.js';

const HOUR = 3_600_000;

const ForwardOne = z.object({ forwardId: z.string() });
export type ForwardOne = z.infer<typeof ForwardOne>;

/** Gives one approved message to the outbox for one target. Lane: the account that forwards. */
export const forwardJob: Job<ForwardOne> = {
  name: 'forward',
  payload: ForwardOne,
  retry: backoff({ first: 2000, longest: HOUR / 4, giveUpAfter: 24 * HOUR }),
  concurrency: 4,
  timeout: 120_000,
};
