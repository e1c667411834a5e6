import { SessionStatus, StatusAction, StatusReason } from '@patchbay/contract';
import { expect, test } from 'vitest';
import { attemptWords, describeState, needsPerson } from './status-words.js';

test('every status, reason and action of the contract has words', () => {
  for (const status of SessionStatus.options) {
    for (const reason of StatusReason.options) {
      for (const action of StatusAction.options) {
        const words = describeState({ status, reason, action });
        expect(words.label, `${status} ${reason}`).toBeTruthy();
        if (reason !== 'none') expect(words.cause, reason).toMatch(/\.$/);
        if (action !== 'none' && status !== 'connected') expect(words.advice).toMatch(/\.$/);
      }
    }
  }
});

test('a banned number is Restricted, and its advice is not to reconnect', () => {
  const words = describeState({ status: 'failed', reason: 'banned', action: 'restart' });
  expect(words.label).toBe('Restricted');
  expect(words.advice).not.toMatch(/reconnect/i);
});

test('a connected account asks for nothing', () => {
  const state = { status: 'connected', reason: 'none', action: 'none' } as const;
  expect(describeState(state).advice).toBeNull();
  expect(needsPerson(state)).toBe(false);
  expect(needsPerson({ status: 'qr' })).toBe(true);
});

test('attempts are told as far as they are known', () => {
  expect(attemptWords(3, '0:12')).toBe('attempt 3, next in 0:12');
  expect(attemptWords(1, null)).toBe('attempt 1');
  expect(attemptWords(0, null)).toBe('');
});
