import { z } from 'zod';
import type { Job } from '../../jobs/job.js';

/** Which message, and what is known of it from the log. */
const Ingest = z.object({
  ownerId: z.string(),
  sessionId: z.string(),
  groupId: z.string(),
  messageId: z.string(),
  /** Written by somebody on the list of admins. */
  byAdmin: z.boolean(),
  /** `flagged` by a tag or its sender; `star`: given or taken back; `changed`: edited or deleted. */
  cause: z.enum(['flagged', 'star', 'changed']),
});
export type Ingest = z.infer<typeof Ingest>;

const FIRST_PAUSE = 1000;
const ATTEMPTS = 3;

/**
 * Brings what is kept of a message up to date. Key: the message, so that what happened to it is
 * taken in in its order.
 */
export const ingestJob: Job<Ingest> = {
  name: 'ingest',
  payload: Ingest,
  retry: (attempt) => (attempt < ATTEMPTS ? FIRST_PAUSE * 2 ** (attempt - 1) : null),
  concurrency: 8,
  timeout: 30_000,
};
