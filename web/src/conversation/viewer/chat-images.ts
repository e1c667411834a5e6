import type { Message, MessagePage } from '@patchbay/contract';
import { type InfiniteData, type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { keys } from '../../api/queries.js';
import { ask } from '../../api/request.js';

const PER_PAGE = 100;
/** So many pages without a picture, and the search for older ones ends. */
const MOST_PAGES = 5;

/** Pictures that a person can look at, of what the page holds of a chat; oldest first. */
function imagesHeld(cache: QueryClient, sessionId: string, chatId: string): Message[] {
  const held = cache.getQueriesData<InfiniteData<MessagePage>>({
    queryKey: keys.messages(sessionId),
  });
  const byId = new Map<string, Message>();
  for (const [, data] of held) {
    for (const message of (data?.pages ?? []).flatMap((page) => page.messages)) {
      if (message.chatId === chatId && isViewable(message)) byId.set(message.id, message);
    }
  }
  return [...byId.values()].sort(byTime);
}

function isViewable({ type, mediaUrl, deleted }: Message): boolean {
  return type === 'image' && Boolean(mediaUrl) && !deleted;
}

function byTime(a: Message, b: Message): number {
  return a.timestamp < b.timestamp ? -1 : 1;
}

/** The pictures of a chat around one, with more of them the further back somebody goes. */
export function useChatImages(sessionId: string, shown: Message) {
  const cache = useQueryClient();
  const [images, setImages] = useState(() => {
    const held = imagesHeld(cache, sessionId, shown.chatId);
    return held.some(({ id }) => id === shown.id) ? held : [...held, shown].sort(byTime);
  });
  const [id, setId] = useState(shown.id);
  const at = images.findIndex((each) => each.id === id);
  const image = images[at] ?? shown;
  const isFirst = at <= 0;
  useEffect(() => {
    if (!isFirst) return;
    const stop = new AbortController();
    olderImages(sessionId, image, stop.signal).then(
      (older) => setImages((known) => [...older, ...known]),
      () => undefined,
    );
    return () => stop.abort();
  }, [sessionId, image, isFirst]);
  return {
    image,
    previous: images[at - 1],
    next: images[at + 1],
    show: (message: Message) => setId(message.id),
  };
}

async function olderImages(
  sessionId: string,
  { id, chatId }: Message,
  signal: AbortSignal,
): Promise<Message[]> {
  const path = `/sessions/${encodeURIComponent(sessionId)}/chats/${encodeURIComponent(chatId)}/messages`;
  let query: Record<string, string> = { around: id };
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const params = new URLSearchParams({ ...query, limit: String(PER_PAGE) });
    const { messages, before } = await ask<MessagePage>(`${path}?${params}`, { signal });
    const end = messages.findIndex((message) => message.id === id);
    const older = messages.slice(0, end < 0 ? messages.length : end).filter(isViewable);
    if (older.length > 0 || !before) return older;
    query = { before };
  }
  return [];
}
