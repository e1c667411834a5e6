import { z } from 'zod';
import { Message, SendText } from './message.js';
import { SendMessage } from './send-content.js';

/*
 * What is in the jobs that programs of users meet, as BullMQ queues of the same names (docs/queues.md),
 * and how an admin sees all jobs. Payloads are only ever extended.
 */

/** In the queue `incoming-messages`: a message that somebody else wrote. */
export const IncomingMessage = z
  .object({
    eventId: z.string().describe('Of the event `session.message`: the same message, the same id'),
    sessionId: z.string(),
    chatId: z.string(),
    messageId: z.string(),
    from: z.string().nullable().describe('The jid of the person who wrote it'),
    phone: z.string().nullable().describe('Their phone number in digits, where it is known'),
    senderName: z.string().nullable(),
    isGroup: z.boolean(),
    type: z.string(),
    content: z.string().describe('The text, a caption, or a short description'),
    timestamp: z.iso.datetime(),
    message: Message,
  })
  .meta({ id: 'IncomingMessage' });
export type IncomingMessage = z.infer<typeof IncomingMessage>;

/** In the queue `whatsapp-qr-send`: the body of `send/text` or of `send`, and who sends it. */
export const OutgoingMessage = z
  .object({
    sessionId: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .describe('The account that sends; absent: the only one there is'),
    ...SendText.partial({ text: true }).shape,
    ...SendMessage.partial({ content: true }).shape,
  })
  .strict()
  .refine(
    ({ text, content }) => (text === undefined) !== (content === undefined),
    'give either text or content',
  )
  .meta({ id: 'OutgoingMessage' });
export type OutgoingMessage = z.infer<typeof OutgoingMessage>;

export const JobQueueCounts = z
  .object({
    name: z.string(),
    waiting: z.number().int().describe('Can run now'),
    active: z.number().int().describe('Under way, here or in a program that reads the queue'),
    delayed: z.number().int().describe('Waits for its time, or for its next attempt'),
    failed: z.number().int().describe('Given up'),
  })
  .meta({ id: 'JobQueueCounts' });
export type JobQueueCounts = z.infer<typeof JobQueueCounts>;

/** All queues of jobs, by name. */
export const JobOverview = z
  .object({
    runner: z.enum(['embedded', 'redis']),
    connected: z.boolean().nullable().describe('Whether Redis is there; null where none is used'),
    queues: z.array(JobQueueCounts),
  })
  .meta({ id: 'JobOverview' });
export type JobOverview = z.infer<typeof JobOverview>;

export const FailedJob = z
  .object({
    number: z.number().int(),
    jobId: z.string(),
    queue: z.string(),
    attempts: z.number().int(),
    reason: z.string().describe('Of the last attempt'),
    createdAt: z.iso.datetime(),
    failedAt: z.iso.datetime(),
  })
  .meta({ id: 'FailedJob' });
export type FailedJob = z.infer<typeof FailedJob>;

/** Newest first. */
export const FailedJobPage = z
  .object({ jobs: z.array(FailedJob), before: z.string().nullable() })
  .meta({ id: 'FailedJobPage' });
export type FailedJobPage = z.infer<typeof FailedJobPage>;

const queue = z.string().min(1).max(64).optional().describe('Of this queue; absent: of all');

export const FailedJobFilter = z.object({ queue });
/** Body of `POST /api/jobs/failed/retry`. */
export const RetryFailedJobs = z.object({ queue }).strict().meta({ id: 'RetryFailedJobs' });
export type RetryFailedJobs = z.infer<typeof RetryFailedJobs>;

export const RetriedJobs = z
  .object({ retried: z.number().int().describe('How many jobs wait to run again') })
  .meta({ id: 'RetriedJobs' });
export type RetriedJobs = z.infer<typeof RetriedJobs>;
