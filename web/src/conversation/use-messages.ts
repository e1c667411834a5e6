import type { Message, Note } from '@patchbay/contract';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import { type MessageWindow, messagesQuery } from '../api/queries.js';

/** Pages that are held at once: what is further away is dropped, and asked for again when it is needed. */
const PAGES_HELD = 16;

/** One direction in which there may be more. */
export interface Further {
  exists: boolean;
  loading: boolean;
  /** The last try failed: the next one is for somebody to ask for. */
  failed: boolean;
  load: () => void;
}

/**
 * The part of a chat that is held, oldest message first: it grows at the end that somebody scrolls
 * to and is cut off at the other one, so that the longest chat needs no more memory than a short one.
 * @param chatId null for the messages of all chats, of which nothing is cut off
 * @param begin at this message instead of at the newest one, or with so many that are unread
 */
export function useMessages(
  sessionId: string,
  chatId: string | null,
  begin: { around: string | undefined; unread: number },
) {
  const cache = useQueryClient();
  const options = messagesQuery(sessionId, chatId, begin);
  const query = useInfiniteQuery(options);
  const { data, isFetchingNextPage, isFetchingPreviousPage } = query;
  const loaded = useRef<'older' | 'newer'>('older');
  if (isFetchingNextPage) loaded.current = 'older';
  if (isFetchingPreviousPage) loaded.current = 'newer';

  const pages = data?.pages;
  const tooMany = chatId !== null && (pages?.length ?? 0) > PAGES_HELD;
  const busy = isFetchingNextPage || isFetchingPreviousPage;
  // In a step of its own: the thread can follow a change at one end of its list, not at both.
  useEffect(() => {
    if (!tooMany || busy) return;
    cache.setQueryData<MessageWindow>(options.queryKey, (window) =>
      window ? cutOff(window, loaded.current) : window,
    );
  }, [tooMany, busy, cache, options.queryKey]);

  const messages = useMemo(
    () => (pages ?? []).toReversed().flatMap((page): Message[] => page.messages),
    [pages],
  );
  const notes = useMemo(
    () => (pages ?? []).toReversed().flatMap((page): Note[] => page.notes ?? []),
    [pages],
  );
  const older: Further = {
    exists: query.hasNextPage,
    loading: isFetchingNextPage,
    failed: query.isFetchNextPageError,
    load: query.fetchNextPage,
  };
  const newer: Further = {
    exists: query.hasPreviousPage,
    loading: isFetchingPreviousPage,
    failed: query.isFetchPreviousPageError,
    load: query.fetchPreviousPage,
  };
  /** Leaves what is held and begins at the newest message again. */
  const toNewest = () => cache.resetQueries({ queryKey: options.queryKey, exact: true });
  return { query, messages, notes, older, newer, toNewest };
}

/** Without the pages that are furthest from the end that grew last. */
function cutOff({ pages, pageParams }: MessageWindow, grew: 'older' | 'newer'): MessageWindow {
  const range: [number, number?] = grew === 'older' ? [-PAGES_HELD] : [0, PAGES_HELD];
  return { pages: pages.slice(...range), pageParams: pageParams.slice(...range) };
}
