import { z } from 'zod';
import { Message, MessageStatus } from './message.js';
import { SessionState } from './session.js';

/**
 * The event catalogue: what the log holds and every stream carries.
 * A QR or pairing code is a secret, so its event says only that there is one and until when; who may
 * see it asks for it.
 */
const EVENT_DATA = {
  'session.created': z.object({ displayName: z.string().nullable() }),
  'session.qr': z.object({ kind: z.enum(['qr', 'pairing-code']), expiresAt: z.iso.datetime() }),
  'session.status': z.object({
    /** The socket in three words. */
    connection: z.enum(['connecting', 'open', 'close']),
    state: SessionState,
    phone: z.string().nullable(),
    displayName: z.string().nullable(),
  }),
  'session.message': z.object({
    source: z.enum(['live', 'offline', 'history', 'api', 'phone']),
    message: Message,
  }),
  'message.status': z.object({
    chatId: z.string(),
    messageId: z.string(),
    status: MessageStatus,
    error: z.string().nullable(),
  }),
  'session.closed': z.object({}),
  'session.removed': z.object({}),
  'session.deleted': z.object({}),
} as const;

export type EventName = keyof typeof EVENT_DATA;
export type EventData<Name extends EventName> = z.infer<(typeof EVENT_DATA)[Name]>;

function event<Name extends EventName>(name: Name) {
  return z.object({
    /** Global position in the log; grows, never reused: the cursor of every reader. */
    position: z.number().int(),
    sessionId: z.string(),
    /** Counts 1, 2, 3 ... within the session. */
    sequence: z.number().int(),
    at: z.iso.datetime(),
    name: z.literal(name),
    data: EVENT_DATA[name],
  });
}

export const LogEvent = z
  .discriminatedUnion('name', [
    event('session.created'),
    event('session.qr'),
    event('session.status'),
    event('session.message'),
    event('message.status'),
    event('session.closed'),
    event('session.removed'),
    event('session.deleted'),
  ])
  .meta({ id: 'Event' });
export type LogEvent = z.infer<typeof LogEvent>;

export const EventPage = z
  .object({ events: z.array(LogEvent), after: z.number().int() })
  .meta({ id: 'EventPage' });
export type EventPage = z.infer<typeof EventPage>;
