import './index.js';
import { addTransactionCapability, type SignalDataSet } from 'baileys';
import pino from 'pino';
import { expect, it } from 'vitest';

it('keeps what is set after a transaction by work that was begun in it', async () => {
  const stored: SignalDataSet[] = [];
  const keys = addTransactionCapability(
    { get: async () => ({}), set: async (data) => void stored.push(structuredClone(data)) },
    pino({ level: 'silent' }),
    { maxCommitRetries: 1, delayBetweenTriesMs: 1 },
  );
  const tokenOf = (n: number) => ({ tctoken: { someone: { token: Buffer.from([n]) } } });
  let answer: () => void = () => undefined;
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  let later: unknown;
  await keys.transaction(async () => {
    await keys.set({ 'lid-mapping': { a: 'b' } });
    later = answered.then(async () => {
      expect(keys.isInTransaction()).toBe(false);
      await keys.set(tokenOf(1));
      await keys.transaction(async () => keys.set(tokenOf(2)), 'another');
    });
    expect(keys.isInTransaction()).toBe(true);
  }, 'one');
  answer();
  await later;
  expect(stored.map((data) => Object.keys(data)[0])).toEqual(['lid-mapping', 'tctoken', 'tctoken']);
});
