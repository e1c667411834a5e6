import type { LogEvent } from '@patchbay/contract';
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, expect, test } from 'vitest';
import { inboxKeys } from '../api/inbox.js';
import { keys } from '../api/queries.js';
import { askedAgain } from './asked-again.js';

const event = { sessionId: 's1' } as LogEvent;
const cache = new QueryClient({ defaultOptions: { queries: { retry: false } } });
const ends: (() => void)[] = [];

afterEach(() => {
  for (const end of ends.splice(0)) end();
  cache.clear();
});

/** A query that is looked at, and whoever answers it. */
function watched(queryKey: readonly unknown[]) {
  const answers: ((answer: string) => void)[] = [];
  const observer = new QueryObserver<string>(cache, {
    queryKey,
    queryFn: () => new Promise((answer) => answers.push(answer)),
  });
  ends.push(observer.subscribe(() => undefined));
  return { answers, shown: () => cache.getQueryData(queryKey) };
}

test('what was under way when an event came is asked for once more, and only that', async () => {
  const again = askedAgain(cache);
  ends.push(again.stop);
  const messages = watched(keys.chatMessages('s1', 'c1'));
  const elsewhere = watched(keys.chatMessages('s2', 'c1'));
  again.behind(event);
  again.behind(event);
  messages.answers[0]?.('before');
  elsewhere.answers[0]?.('of another session');
  await expect.poll(() => messages.answers.length).toBe(2);
  messages.answers[1]?.('after');
  await expect.poll(messages.shown).toBe('after');
  await expect.poll(() => cache.isFetching()).toBe(0);
  expect([messages.answers.length, elsewhere.answers.length]).toEqual([2, 1]);
});

test('what an event writes meanwhile is no answer', async () => {
  const again = askedAgain(cache);
  ends.push(again.stop);
  const list = watched([...inboxKeys.lists, {}]);
  list.answers[0]?.('first');
  await expect.poll(list.shown).toBe('first');
  void cache.invalidateQueries({ queryKey: inboxKeys.lists });
  again.behind(event);
  cache.setQueryData([...inboxKeys.lists, {}], 'by the event');
  expect(list.answers.length).toBe(2);
  list.answers[1]?.('first');
  await expect.poll(() => list.answers.length).toBe(3);
  list.answers[2]?.('by the event');
  await expect.poll(list.shown).toBe('by the event');
  expect(list.answers.length).toBe(3);
});

test('an event that comes while nothing is asked asks for nothing', async () => {
  const again = askedAgain(cache);
  ends.push(again.stop);
  const list = watched([...inboxKeys.lists, {}]);
  list.answers[0]?.('first');
  await expect.poll(list.shown).toBe('first');
  again.behind(event);
  expect(cache.isFetching()).toBe(0);
  expect(list.answers.length).toBe(1);
});
