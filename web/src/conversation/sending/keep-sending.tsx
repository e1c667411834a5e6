import type { Message, MessagePage } from '@patchbay/contract';
import { type InfiniteData, type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { keys } from '../../api/queries.js';
import { useLiveStatus } from '../../live/live.js';
import { withMessage } from '../../live/reduce.js';
import { unsent } from './unsent.js';

/** Sends what this user has left unsent, and tries again at once when the server is back. */
export function KeepSending({ userId }: { userId: string }): null {
  const cache = useQueryClient();
  const live = useLiveStatus();
  useEffect(() => {
    void unsent.begin(userId, (sessionId, message) => showAccepted(cache, sessionId, message));
    window.addEventListener('online', unsent.wake);
    return () => window.removeEventListener('online', unsent.wake);
  }, [cache, userId]);
  useEffect(() => {
    if (live === 'live') unsent.wake();
  }, [live]);
  return null;
}

/** What the server took is shown under its own id at once; its event may come later. */
function showAccepted(cache: QueryClient, sessionId: string, message: Message): void {
  for (const chatId of [null, message.chatId]) {
    cache.setQueriesData<InfiniteData<MessagePage, unknown>>(
      { queryKey: keys.chatMessages(sessionId, chatId) },
      (data) => data && { ...data, pages: withNew(data.pages, message) },
    );
  }
}

/** The stream may have brought the message already, and further than this. */
function withNew(pages: MessagePage[], message: Message): MessagePage[] {
  const known = pages.some((page) =>
    page.messages.some((other) => other.id === message.id && other.chatId === message.chatId),
  );
  return known ? pages : withMessage(pages, message);
}
