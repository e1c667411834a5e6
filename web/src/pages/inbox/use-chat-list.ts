import type { Chat } from '@patchbay/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { inboxQuery } from '../../api/inbox.js';
import { chatKey, filterParams, type InboxFilter } from './inbox-search.js';

export const keyOf = (chat: Pick<Chat, 'sessionId' | 'id'>) =>
  chatKey({ sessionId: chat.sessionId, chatId: chat.id });

/**
 * The chats that fit the filter. While it is held (a pointer is over it) no row moves: what changes
 * its place then is counted in `moved`, and comes to its place when the list is let go.
 */
export function useChatList(filter: InboxFilter) {
  const params = filterParams(filter);
  const query = useInfiniteQuery(inboxQuery(params));
  const [hold, setHold] = useState<{ list: string; order: string[] } | null>(null);
  const list = JSON.stringify(params);
  const held = hold?.list === list ? hold.order : null;
  const fresh = useMemo(() => query.data?.pages.flatMap(({ chats }) => chats) ?? [], [query.data]);
  const chats = useMemo(() => (held ? inOrder(fresh, held) : fresh), [fresh, held]);
  return {
    query,
    chats,
    moved: held ? movedTo(fresh, held) : 0,
    hold: () => {
      if (!held) setHold({ list, order: fresh.map(keyOf) });
    },
    /** Shows the order of now, and goes on holding if it was held. */
    renew: () => setHold(held && { list, order: fresh.map(keyOf) }),
    release: () => setHold(null),
  };
}

/** As they stood; pages that came meanwhile follow, what is gone is gone. */
function inOrder(chats: Chat[], order: string[]): Chat[] {
  const byKey = new Map(chats.map((chat) => [keyOf(chat), chat]));
  const standing = order.flatMap((key) => byKey.get(key) ?? []);
  const known = new Set(order);
  const below = chats.findLastIndex((chat) => known.has(keyOf(chat)));
  return [...standing, ...chats.slice(below + 1)];
}

/** How many would stand further up now than where they are held. */
function movedTo(chats: Chat[], order: string[]): number {
  const place = new Map(order.map((key, index) => [key, index]));
  const last = chats.findLastIndex((chat) => place.has(keyOf(chat)));
  let lowest = Number.POSITIVE_INFINITY;
  let moved = 0;
  // From below: whoever stands above others that were above it has moved up.
  for (let index = last; index >= 0; index--) {
    const chat = chats[index];
    const before = chat && place.get(keyOf(chat));
    if (before === undefined || before > lowest) moved++;
    else lowest = before;
  }
  return moved;
}
