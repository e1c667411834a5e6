import './index.js';
import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { addTransactionCapability, type SignalKeyStore } from 'baileys';
import pino from 'pino';
import { describe, expect, it } from 'vitest';

const logger = pino({ level: 'silent' });
const options = { maxCommitRetries: 1, delayBetweenTriesMs: 1 };
const empty: SignalKeyStore = { get: async () => ({}), set: async () => undefined };

/** Before Node 24 each AsyncLocalStorage in use leaves one symbol on every async resource. */
const storagesInUse = () => Object.getOwnPropertySymbols(new AsyncResource('probe')).length;

describe('shared AsyncLocalStorage', () => {
  it('adds nothing to the runtime however many key stores are made', async () => {
    const use = async () => {
      const keys = addTransactionCapability(empty, logger, options);
      await keys.transaction(async () => {
        expect(keys.isInTransaction()).toBe(true);
        await Promise.resolve();
        expect(keys.isInTransaction()).toBe(true);
      }, 'one');
      expect(keys.isInTransaction()).toBe(false);
    };
    await use();
    const before = storagesInUse();
    for (let n = 0; n < 200; n++) await use();
    expect(storagesInUse()).toBe(before);
  });

  it('keeps instances apart, nested and side by side', async () => {
    const a = new AsyncLocalStorage<string>();
    const b = new AsyncLocalStorage<number>();
    const seen = await Promise.all(
      ['x', 'y'].map((name, n) =>
        a.run(name, () =>
          b.run(n, async () => {
            await new Promise((done) => setImmediate(done));
            return [a.getStore(), b.getStore(), b.exit(() => b.getStore()), a.getStore()];
          }),
        ),
      ),
    );
    expect(seen).toEqual([
      ['x', 0, undefined, 'x'],
      ['y', 1, undefined, 'y'],
    ]);
    expect([a.getStore(), b.getStore()]).toEqual([undefined, undefined]);
  });

  it('has the rest of the interface', async () => {
    const a = new AsyncLocalStorage<string>();
    expect(a).toBeInstanceOf(AsyncLocalStorage);
    const bound = a.run('bound', () => AsyncLocalStorage.bind(() => a.getStore()));
    const snapshot = a.run('snapshot', () => AsyncLocalStorage.snapshot());
    expect(bound()).toBe('bound');
    expect(snapshot(() => a.getStore())).toBe('snapshot');
    await a.run('outer', async () => {
      a.enterWith('entered');
      await Promise.resolve();
      expect(a.getStore()).toBe('entered');
      a.disable();
      expect(a.getStore()).toBeUndefined();
    });
    expect(a.run('args', (x: number, y: number) => `${a.getStore()}${x}${y}`, 1, 2)).toBe('args12');
  });
});
