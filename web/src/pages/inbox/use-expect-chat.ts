import type { Chat } from '@patchbay/contract';
import { useQueryClient } from '@tanstack/react-query';
import { type PointerEvent, useRef } from 'react';
import { messagesQuery } from '../../api/queries.js';

/** A pointer that rests so long on a row may press it (ms). */
const RESTS = 60;

/**
 * Asks for the newest messages of a chat when somebody is about to open it: the pointer rests on its
 * row, or a finger comes down.
 */
export function useExpectChat({ sessionId, id, unreadCount }: Chat) {
  const cache = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const expect = () => {
    clearTimeout(timer.current);
    void cache.prefetchInfiniteQuery(messagesQuery(sessionId, id, { unread: unreadCount }));
  };
  return {
    onPointerEnter: ({ pointerType }: PointerEvent) => {
      clearTimeout(timer.current);
      if (pointerType === 'mouse') timer.current = setTimeout(expect, RESTS);
    },
    onPointerLeave: () => clearTimeout(timer.current),
    onPointerDown: expect,
  };
}
