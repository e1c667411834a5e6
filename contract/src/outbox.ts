import { z } from 'zod';
import { Message } from './message.js';
import { PacingSettings } from './session-settings.js';

/** Why a message is still in the outbox. */
export const WaitingFor = z
  .enum([
    /** Its `sendAt`. */
    'schedule',
    /** The session to be connected. */
    'connection',
    /** The limit per minute, or the random gap between two messages. */
    'pace',
    /** The next day: the limit per day is reached. */
    'day',
    /** The next day: no more new chats today. */
    'new-chats',
    /** The end of the quiet hours. */
    'quiet-hours',
    /** Its next try, after one that certainly sent nothing. */
    'retry',
    /** An earlier message of its chat, or its turn. */
    'turn',
    /** WhatsApp's acknowledgement: it was handed over. */
    'ack',
  ])
  .meta({ id: 'WaitingFor' });
export type WaitingFor = z.infer<typeof WaitingFor>;

export const OutboxEntry = z
  .object({
    message: Message,
    waitingFor: WaitingFor,
    /** When it is expected to be sent, by schedule and pacing. */
    dueAt: z.iso.datetime(),
    /** How often it was handed over. */
    attempts: z.number().int(),
    expiresAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'OutboxEntry' });
export type OutboxEntry = z.infer<typeof OutboxEntry>;

/** Limits, and what of them is used up. */
export const PacingState = z
  .object({
    settings: PacingSettings,
    lastMinute: z.number().int(),
    today: z.number().int(),
    newChatsToday: z.number().int(),
    /** When pacing lets the next message go; null: at once. */
    nextAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'PacingState' });
export type PacingState = z.infer<typeof PacingState>;

/** What waits to be sent, in order; `after` continues the list, null at its end. */
export const OutboxPage = z
  .object({
    waiting: z.array(OutboxEntry),
    after: z.string().nullable(),
    pacing: PacingState,
  })
  .meta({ id: 'OutboxPage' });
export type OutboxPage = z.infer<typeof OutboxPage>;
