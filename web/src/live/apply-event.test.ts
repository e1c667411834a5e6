import type { LogEvent, Session, SessionList } from '@patchbay/contract';
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { keys } from '../api/queries.js';
import { applyEvent } from './apply-event.js';

const state = (status: 'starting' | 'reconnecting') =>
  ({ status, reason: 'none', since: '2026-03-04T09:00:00.000Z' }) as Session['state'];

const listWith = (status: 'starting' | 'reconnecting') =>
  ({ sessions: [{ id: 's1', status, state: state(status) }] }) as unknown as SessionList;

test('an answer that was under way does not undo what an event told since', async () => {
  const cache = new QueryClient();
  const asked: ((list: SessionList) => void)[] = [];
  const observer = new QueryObserver<SessionList>(cache, {
    queryKey: keys.sessions,
    queryFn: () => new Promise((answer) => asked.push(answer)),
  });
  const shown: unknown[] = [];
  const stop = observer.subscribe(({ data }) => shown.push(data?.sessions[0]?.status));
  asked[0]?.(listWith('starting'));
  await expect.poll(() => shown.at(-1)).toBe('starting');

  void observer.refetch();
  const answerOfBefore = asked[1];
  applyEvent(cache, {
    name: 'session.status',
    sessionId: 's1',
    data: { state: state('reconnecting') },
  } as LogEvent);
  answerOfBefore?.(listWith('starting'));
  await expect.poll(() => asked.length).toBe(3);
  asked[2]?.(listWith('reconnecting'));
  await expect.poll(() => cache.isFetching()).toBe(0);
  expect(shown.slice(shown.indexOf('reconnecting'))).not.toContain('starting');
  expect(shown.at(-1)).toBe('reconnecting');
  stop();
  cache.clear();
});
