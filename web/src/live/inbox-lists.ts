import type { Chat } from '@patchbay/contract';
import type { InboxPages } from '../api/inbox.js';

/** The filter of a list, as its query says it. */
export type ListFilter = Readonly<Record<string, string>>;

/** Whether a chat belongs to a list; null when only the server can say (a search). */
export function belongs(chat: Chat, filter: ListFilter, me: string | undefined): boolean | null {
  const { account, unread, mine, unassigned, groups, status, label, q } = filter;
  if (q) return null;
  return (
    !chat.archived &&
    (!account || account.split(',').includes(chat.sessionId)) &&
    (!unread || isUnread(chat)) &&
    (!mine || chat.assigneeId === me) &&
    (!unassigned || chat.assigneeId === null) &&
    (!groups || chat.isGroup) &&
    (!status || chat.status === status) &&
    (!label || chat.teamLabels.includes(label))
  );
}

export function isUnread({ unreadCount, markedUnread }: Chat): boolean {
  return unreadCount > 0 || markedUnread;
}

export function isSameChat(a: Pick<Chat, 'id' | 'sessionId'>, b: Pick<Chat, 'id' | 'sessionId'>) {
  return a.id === b.id && a.sessionId === b.sessionId;
}

/** The list with a chat as it is now, at its place; one that belongs further down is left out. */
export function withChat(pages: InboxPages, chat: Chat): InboxPages {
  const before = pages.pages.flatMap(({ chats }) => chats).find((each) => isSameChat(each, chat));
  if (before && standsStill(before, chat)) return replaced(pages, chat);
  const without = withoutChat(pages, chat);
  const target = without.pages.findIndex(
    ({ chats, after }) => after === null || chats.some((other) => comesBefore(chat, other)),
  );
  if (target < 0) return without;
  return {
    ...without,
    pages: without.pages.map((page, index) => {
      if (index !== target) return page;
      const found = page.chats.findIndex((other) => comesBefore(chat, other));
      const place = found < 0 ? page.chats.length : found;
      return { ...page, chats: page.chats.toSpliced(place, 0, chat) };
    }),
  };
}

export function withoutChat(pages: InboxPages, chat: Pick<Chat, 'id' | 'sessionId'>): InboxPages {
  const at = pages.pages.findIndex(({ chats }) => chats.some((other) => isSameChat(other, chat)));
  if (at < 0) return pages;
  return {
    ...pages,
    pages: pages.pages.map((page, index) =>
      index === at
        ? { ...page, chats: page.chats.filter((other) => !isSameChat(other, chat)) }
        : page,
    ),
  };
}

function standsStill(before: Chat, now: Chat): boolean {
  return before.pinned === now.pinned && before.lastMessage?.id === now.lastMessage?.id;
}

function replaced(pages: InboxPages, chat: Chat): InboxPages {
  return {
    ...pages,
    pages: pages.pages.map((page) =>
      page.chats.some((each) => isSameChat(each, chat))
        ? { ...page, chats: page.chats.map((each) => (isSameChat(each, chat) ? chat : each)) }
        : page,
    ),
  };
}

/**
 * Pinned ones first, then by their last message, as the server has it. WhatsApp's times are whole
 * seconds: of two messages of one second the later one to come is the newer.
 */
function comesBefore(a: Chat, b: Chat): boolean {
  if (a.pinned !== b.pinned) return a.pinned;
  return timeOf(a) >= timeOf(b);
}

function timeOf({ lastMessage }: Chat): number {
  return lastMessage ? Date.parse(lastMessage.timestamp) : 0;
}
