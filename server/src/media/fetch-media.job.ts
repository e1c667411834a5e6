import { z } from 'zod';
import type { Job } from '../jobs/job.js';
import { backoff } from '../jobs/job.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

export interface FetchMediaPayload {
  sessionId: string;
  messageId: string;
}

/** Brings the file of a received message here. A lane for each session. */
export const fetchMedia: Job<FetchMediaPayload> = {
  name: 'media.fetch',
  payload: z.object({ sessionId: z.string(), messageId: z.string() }),
  retry: backoff({ first: 2 * SECOND, longest: 10 * MINUTE, giveUpAfter: 24 * 60 * MINUTE }),
  concurrency: 2,
  timeout: 30 * MINUTE,
  ofSession: true,
  failedElsewhere: true,
};
