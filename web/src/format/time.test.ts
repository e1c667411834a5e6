import { expect, test } from 'vitest';
import { formatCountdown, formatDay, formatWhen } from './time.js';

const now = new Date(2026, 2, 4, 14, 32).getTime();
const ago = (minutes: number) => new Date(now - minutes * 60_000);

test('times are relative under a day and dates after', () => {
  expect(formatWhen(ago(0.5), now, 'en')).toBe('now');
  expect(formatWhen(ago(5), now, 'en')).toBe('5 min. ago');
  expect(formatWhen(ago(23 * 60 + 59), now, 'en')).toBe('23 hr. ago');
  expect(formatWhen(ago(24 * 60), now, 'en')).toBe('Mar 3');
  expect(formatWhen(ago(366 * 24 * 60), now, 'en')).toBe('Mar 3, 2025');
});

test('a clock that runs ahead of ours is now', () => {
  expect(formatWhen(ago(-3), now, 'en')).toBe('now');
});

test('days are named as people name them', () => {
  expect(formatDay(ago(1), now, 'en')).toBe('Today');
  expect(formatDay(ago(15 * 60), now, 'en')).toBe('Yesterday');
  expect(formatDay(ago(3 * 24 * 60), now, 'en')).toBe('Sunday');
  expect(formatDay(ago(30 * 24 * 60), now, 'en')).toBe('February 2, 2026');
});

test('a countdown never shows less than nothing', () => {
  expect(formatCountdown(7_400)).toBe('0:08');
  expect(formatCountdown(205_000)).toBe('3:25');
  expect(formatCountdown(-1)).toBe('0:00');
});
