import { z } from 'zod';
import type { Job } from '../../jobs/job.js';
import { backoff } from '../../jobs/job.js';

const MINUTE = 60_000;

/**
 * What a contact asked is to be answered. Lane: the chatbot, so that a slow model holds up nobody
 * else; key: the conversation.
 */
export const answerJob: Job<{ chatbotId: string; conversationId: string }> = {
  name: 'chatbot-answer',
  payload: z.object({ chatbotId: z.string(), conversationId: z.string() }),
  retry: backoff({ first: 2000, longest: MINUTE, giveUpAfter: 10 * MINUTE }),
  concurrency: 8,
  timeout: 3 * MINUTE,
};
