import { z } from 'zod';
import type { Job } from '../../jobs/job.js';
import { backoff } from '../../jobs/job.js';

const ForgetAccount = z.object({ ownerId: z.string(), sessionId: z.string() });
export type ForgetAccount = z.infer<typeof ForgetAccount>;

/** Forgets what only a deleted account had, a small batch at a time. */
export const forgetJob: Job<ForgetAccount> = {
  name: 'knowledge-forget',
  payload: ForgetAccount,
  retry: backoff({ first: 1000, longest: 3_600_000, giveUpAfter: 7 * 24 * 3_600_000 }),
  concurrency: 1,
  timeout: 10 * 60_000,
};
