import { z } from 'zod';
import { EventName, PassingName } from './event.js';
import { NotificationEventName } from './notification-events.js';
import { SessionId } from './session.js';

/** What a stream can be asked for: events of the log under either name, and passing states. */
export const AskedEventName = z
  .enum([...EventName.options, ...NotificationEventName.options, ...PassingName.options])
  .meta({ id: 'AskedEventName' });
export type AskedEventName = z.infer<typeof AskedEventName>;

const ChatId = z.string().min(1).max(128);
const Cursor = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/**
 * What a program says on the WebSocket. Subscribing without `sessionId` means all sessions. `after` is the
 * cursor of the last frame that was seen; without it the subscription begins now. `events`: only these,
 * under the names that they are asked for.
 */
export const ClientFrame = z
  .discriminatedUnion('type', [
    z
      .object({
        type: z.literal('subscribe'),
        sessionId: SessionId.optional(),
        after: Cursor.optional(),
        events: z.array(AskedEventName).min(1).max(200).optional(),
      })
      .strict(),
    z.object({ type: z.literal('unsubscribe'), sessionId: SessionId.optional() }).strict(),
    z.object({ type: z.literal('ping') }).strict(),
    /** Somebody has this chat open on this connection now, and no other. */
    z.object({ type: z.literal('viewing'), sessionId: SessionId, chatId: ChatId }).strict(),
    /** The same, and writes; over after 6 s unless it is said again, or by `viewing`. */
    z.object({ type: z.literal('typing'), sessionId: SessionId, chatId: ChatId }).strict(),
    /** No chat is open on this connection any more; its end says the same. */
    z.object({ type: z.literal('leaving') }).strict(),
  ])
  .meta({ id: 'ClientFrame' });
export type ClientFrame = z.infer<typeof ClientFrame>;
