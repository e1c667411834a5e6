import { z } from 'zod';
import { SessionId } from './session.js';

const ChatId = z.string().min(1).max(128);
const Cursor = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/**
 * What a program says on the WebSocket. Subscribing without `sessionId` means all sessions. `after` is the
 * cursor of the last frame that was seen; without it the subscription begins now.
 */
export const ClientFrame = z
  .discriminatedUnion('type', [
    z
      .object({
        type: z.literal('subscribe'),
        sessionId: SessionId.optional(),
        after: Cursor.optional(),
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

/** Why a WebSocket was closed, as its close code. */
export const CLOSE_CODES = {
  /** The server stops; come again. */
  stopping: 1012,
  /** A fault of ours; come again. */
  fault: 1011,
  /** The API key or cookie is missing or wrong. */
  unauthorized: 4001,
  /** The reader took nothing for too long; the close reason names the cursor to resume after. */
  tooSlow: 4008,
} as const;
