import { describe, expect, it } from 'vitest';
import { EventChain } from './event-chain.js';

describe('event chain', () => {
  it('keeps the order and says when too much waits', async () => {
    const crowded: boolean[] = [];
    const chain = new EventChain(
      4,
      (state) => crowded.push(state),
      () => expect.unreachable(),
    );
    const done: number[] = [];
    for (let n = 0; n < 10; n++) {
      chain.add(async () => {
        await new Promise((turn) => setImmediate(turn));
        done.push(n);
      });
    }
    expect(crowded).toEqual([true]);
    await chain.drained();
    expect(done).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(crowded).toEqual([true, false]);
  });

  it('ends at the first failure', async () => {
    const failures: unknown[] = [];
    const chain = new EventChain(
      10,
      () => {},
      (error) => failures.push(error),
    );
    const done: string[] = [];
    chain.add(async () => void done.push('before'));
    chain.add(async () => Promise.reject(new Error('full')));
    chain.add(async () => void done.push('after'));
    await chain.drained();
    expect(done).toEqual(['before']);
    expect(failures).toEqual([new Error('full')]);
  });
});
