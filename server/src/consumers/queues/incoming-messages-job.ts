import { IncomingMessage } from '@patchbay/contract';
import type { OfferedJob } from '../../jobs/job.js';
import { attempts } from '../../jobs/job.js';

const tries = { attempts: 3, firstPause: 2000 };

/**
 * A message that came in, for a program that reads the queue. Key: the chat, so that two messages of
 * one chat are never worked on at the same time.
 */
export const incomingMessagesJob: OfferedJob<IncomingMessage> = {
  name: 'incoming-messages',
  payload: IncomingMessage,
  retry: attempts(tries.attempts, tries.firstPause),
  outside: tries,
  concurrency: 500,
  timeout: 5 * 60_000,
};
