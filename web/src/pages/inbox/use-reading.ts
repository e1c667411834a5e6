import type { Chat, Session } from '@patchbay/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { changeChat } from '../../api/inbox.js';
import { putIntoChat } from '../../live/apply-inbox.js';
import { isUnread } from '../../live/inbox-lists.js';

/**
 * Whoever has a chat before the eyes reads it: it is marked as read, here and on the phone. What
 * somebody marked as unread stays so until a message comes or the chat is opened again.
 */
export function useReading(chat: Chat, session: Session | undefined) {
  const cache = useQueryClient();
  const { sessionId, id } = chat;
  const seen = useSyncExternalStore(subscribeVisibility, () => !document.hidden);
  const connected = session?.state.status === 'connected';
  const unread = isUnread(chat);
  const last = chat.lastMessage?.id ?? '';
  /** The newest message at the last try, or when it was left unread on purpose. */
  const done = useRef<string | null>(null);
  useEffect(() => {
    if (!seen || !connected || !unread || done.current === last) return;
    done.current = last;
    // A refusal is no news to a person; the next message tries again.
    changeChat(sessionId, id, { unread: false }).then(
      ({ unreadCount, markedUnread }) =>
        putIntoChat(cache, { sessionId, id }, { unreadCount, markedUnread }),
      () => undefined,
    );
  }, [seen, connected, unread, last, sessionId, id, cache]);
  return {
    leaveUnread: () => {
      done.current = last;
    },
  };
}

function subscribeVisibility(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener);
  return () => document.removeEventListener('visibilitychange', listener);
}
