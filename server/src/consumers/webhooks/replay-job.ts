import { z } from 'zod';
import type { Job } from '../../jobs/job.js';
import { backoff } from '../../jobs/job.js';

const payload = z.object({
  webhookId: z.string(),
  /** What is delivered again: events of a time span (ms), or what was given up until a moment. */
  what: z.union([
    z.object({ from: z.number(), to: z.number(), until: z.number() }),
    z.object({ deadBefore: z.number() }),
  ]),
  /** Position in the log, or number of a delivery: what comes after it is still to be done. */
  after: z.number(),
});

export type Replay = z.infer<typeof payload>;

/** Delivers again, a part at a time; each part adds the job of the next one. */
export const replayJob: Job<Replay> = {
  name: 'webhook-replay',
  payload,
  retry: backoff({ first: 1000, longest: 60_000, giveUpAfter: 24 * 3_600_000 }),
  concurrency: 1,
  timeout: 60_000,
};
