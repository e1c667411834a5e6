import type { LogEvent } from '@patchbay/contract';
import type { QueryClient } from '@tanstack/react-query';
import { knowledgeKeys } from '../api/knowledge-keys.js';

/** What an event approves is found a moment after it (ms); a busy server takes longer. */
const AFTER = [300, 1200];

let waiting: ReturnType<typeof setTimeout>[] = [];

/** Asks again for what is shown of groups, routes and approved messages, where an event may change it. */
export function refreshKnowledge(cache: QueryClient, { name }: LogEvent): void {
  switch (name) {
    case 'group.updated':
    case 'group.participants':
    case 'session.deleted':
      void cache.invalidateQueries({ queryKey: knowledgeKeys.groups });
      void cache.invalidateQueries({ queryKey: knowledgeKeys.routes });
      return;
    case 'message.reaction':
    case 'message.edited':
    case 'message.deleted':
      for (const timer of waiting) clearTimeout(timer);
      waiting = AFTER.map((time) => setTimeout(() => findAgain(cache), time));
  }
}

function findAgain(cache: QueryClient): void {
  for (const queryKey of [knowledgeKeys.search, knowledgeKeys.tags, knowledgeKeys.forwards]) {
    void cache.invalidateQueries({ queryKey });
  }
}
