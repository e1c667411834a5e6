import type { PassingEvent } from '@patchbay/contract';
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { teamKeys } from '../api/team.js';
import { applyToTeam } from './apply-team.js';

test('labels and canned replies that somebody has changed are asked for again, each on its own', async () => {
  const cache = new QueryClient();
  const asked = { labels: 0, replies: 0 };
  const watch = (queryKey: readonly string[], what: keyof typeof asked) => {
    const queryFn = () => {
      asked[what] += 1;
      return asked[what];
    };
    return new QueryObserver(cache, { queryKey, queryFn }).subscribe(() => undefined);
  };
  const stop = [watch(teamKeys.labels, 'labels'), watch(teamKeys.cannedReplies, 'replies')];
  await expect.poll(() => asked).toEqual({ labels: 1, replies: 1 });
  const told = (what: 'labels' | 'canned-replies') =>
    applyToTeam(cache, { name: 'team.updated', sessionId: null, at: '', data: { what } });
  told('labels');
  await expect.poll(() => asked).toEqual({ labels: 2, replies: 1 });
  told('canned-replies');
  await expect.poll(() => asked).toEqual({ labels: 2, replies: 2 });
  applyToTeam(cache, { name: 'typing' } as PassingEvent);
  await expect.poll(() => cache.isFetching()).toBe(0);
  expect(asked).toEqual({ labels: 2, replies: 2 });
  for (const end of stop) end();
  cache.clear();
});
