import type { LogEvent } from '@patchbay/contract';
import type { QueryClient } from '@tanstack/react-query';
import { inboxKeys } from '../api/inbox.js';
import { keys } from '../api/queries.js';

/** In a busy time what is under way is asked again at most this often (ms). */
const ASK_EVERY = 1_000;

/**
 * An answer that was under way when an event came may tell how things were before it, and would undo
 * it: what it is about is asked for once more when it has come.
 */
export function askedAgain(cache: QueryClient) {
  const queries = cache.getQueryCache();
  const behind = new Set<string>();
  const timers = new Set<ReturnType<typeof setTimeout>>();
  let askedAt = 0;
  const ask = (queryKey: readonly unknown[]) => {
    const now = Date.now();
    const wait = Math.max(0, askedAt + ASK_EVERY - now);
    askedAt = now + wait;
    const timer = setTimeout(() => {
      timers.delete(timer);
      void cache.invalidateQueries({ queryKey, exact: true });
    }, wait);
    timers.add(timer);
  };
  const stopWatching = queries.subscribe(({ type, query }) => {
    if (type !== 'updated' || query.state.fetchStatus !== 'idle') return;
    if (behind.delete(query.queryHash)) ask(query.queryKey);
  });
  return {
    /** Answers under way that may not know of this event. */
    behind({ sessionId }: Pick<LogEvent, 'sessionId'>) {
      for (const queryKey of aboutChats(sessionId)) {
        const underWay = queries.findAll({ queryKey, fetchStatus: 'fetching' });
        for (const { queryHash } of underWay) behind.add(queryHash);
      }
    },
    stop() {
      stopWatching();
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

const aboutChats = (sessionId: string) => [
  inboxKeys.lists,
  inboxKeys.chats(sessionId),
  keys.messages(sessionId),
];
