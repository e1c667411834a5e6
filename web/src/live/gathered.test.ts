import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { gathered } from './gathered.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('the first is given on at once, what follows together and in order', () => {
  const given: number[][] = [];
  const events = gathered<number>(100, (items) => given.push(items));
  events.add(1);
  expect(given).toEqual([[1]]);
  events.add(2);
  events.add(3);
  expect(given).toEqual([[1]]);
  vi.advanceTimersByTime(100);
  expect(given).toEqual([[1], [2, 3]]);
  vi.advanceTimersByTime(100);
  events.add(4);
  expect(given).toEqual([[1], [2, 3], [4]]);
});

test('what waits is forgotten when it is stopped', () => {
  const given: number[][] = [];
  const events = gathered<number>(100, (items) => given.push(items));
  events.add(1);
  events.add(2);
  events.stop();
  vi.advanceTimersByTime(1_000);
  expect(given).toEqual([[1]]);
});
