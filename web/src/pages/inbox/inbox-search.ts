import { flag, oneOf, type SaidSearch, text } from '../../search-in-address.js';

const SHOW = ['unread', 'mine', 'unassigned', 'groups'] as const;
const STATUS = ['open', 'pending', 'resolved'] as const;

/** What the inbox shows, as its address says it. */
export interface InboxSearch {
  /** A session: only its chats. */
  account?: string | undefined;
  show?: (typeof SHOW)[number] | undefined;
  status?: (typeof STATUS)[number] | undefined;
  /** A label of the team: only chats that have it. */
  label?: string | undefined;
  q?: string | undefined;
  /** The chat that is open, as `<session>/<chat>`. */
  chat?: string | undefined;
  /** The message to show in it. */
  message?: string | undefined;
  /** On narrow screens: the details lie above the conversation. */
  details?: true | undefined;
}

/** What of an address the inbox understands. */
export function inboxSearch(said: SaidSearch): InboxSearch {
  const chat = text(said.chat);
  return {
    account: text(said.account),
    show: oneOf(said.show, SHOW),
    status: oneOf(said.status, STATUS),
    label: text(said.label),
    q: text(said.q),
    chat: chat && /^[^/]+\/.+$/.test(chat) ? chat : undefined,
    message: text(said.message),
    details: flag(said.details),
  };
}

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

export type InboxFilter = Pick<InboxSearch, 'account' | 'show' | 'status' | 'label' | 'q'>;

/** As query of `GET /api/chats`. */
export function filterParams(filter: InboxFilter): Record<string, string> {
  const { account, show, status, label, q } = filter;
  return {
    ...(account && { account }),
    ...(show && { [show]: 'true' }),
    ...(status && { status }),
    ...(label && { label }),
    // Whoever searches wants to find it, wherever it is.
    ...(q && { q, archived: 'all' }),
  };
}
