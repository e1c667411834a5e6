import { OutgoingMessage } from '@patchbay/contract';
import type { Job } from '../jobs/job.js';
import { backoff } from '../jobs/job.js';

/** Sends a message that a program wants sent. Nothing is lost while its account is not linked. */
export const sendMessageJob: Job<OutgoingMessage> = {
  name: 'whatsapp-qr-send',
  payload: OutgoingMessage,
  retry: backoff({ first: 2000, longest: 60_000, giveUpAfter: 15 * 60_000 }),
  concurrency: 8,
  timeout: 60_000,
  open: true,
};
