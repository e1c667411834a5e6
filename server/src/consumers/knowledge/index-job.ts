import { z } from 'zod';
import type { Job } from '../../jobs/job.js';
import { backoff } from '../../jobs/job.js';

const HOUR = 3_600_000;

const IndexMessage = z.object({ ownerId: z.string(), groupId: z.string(), messageId: z.string() });
export type IndexMessage = z.infer<typeof IndexMessage>;

/** Puts a message into the search, or takes it out. Key: the message. */
export const indexJob: Job<IndexMessage> = {
  name: 'index',
  payload: IndexMessage,
  retry: backoff({ first: 1000, longest: HOUR / 4, giveUpAfter: 7 * 24 * HOUR }),
  concurrency: 4,
  timeout: 30_000,
};
