import { z } from 'zod';

const text = z.string().min(1).optional().catch(undefined);

/** What the inbox shows, as its address says it. */
export const InboxSearch = z.object({
  /** A session: only its chats. */
  account: text,
  show: z.enum(['unread', 'mine', 'unassigned', 'groups']).optional().catch(undefined),
  status: z.enum(['open', 'pending', 'resolved']).optional().catch(undefined),
  q: text,
  /** The chat that is open, as `<session>/<chat>`. */
  chat: z
    .string()
    .regex(/^[^/]+\/.+$/)
    .optional()
    .catch(undefined),
  /** The message to show in it. */
  message: text,
  /** On narrow screens: the details lie above the conversation. */
  details: z
    .union([z.literal(true), z.literal('true').transform(() => true as const)])
    .optional()
    .catch(undefined),
});
export type InboxSearch = z.infer<typeof InboxSearch>;

export interface ChatRef {
  sessionId: string;
  chatId: string;
}

export function chatRefOf(chat: string | undefined): ChatRef | null {
  if (!chat) return null;
  const slash = chat.indexOf('/');
  return { sessionId: chat.slice(0, slash), chatId: chat.slice(slash + 1) };
}

/** How a chat is named in an address; also its key in lists. */
export function chatKey({ sessionId, chatId }: ChatRef): string {
  return `${sessionId}/${chatId}`;
}

export type InboxFilter = Pick<InboxSearch, 'account' | 'show' | 'status' | 'q'>;

/** As query of `GET /api/chats`. */
export function filterParams({ account, show, status, q }: InboxFilter): Record<string, string> {
  return {
    ...(account && { account }),
    ...(show && { [show]: 'true' }),
    ...(status && { status }),
    // Whoever searches wants to find it, wherever it is.
    ...(q && { q, archived: 'all' }),
  };
}
