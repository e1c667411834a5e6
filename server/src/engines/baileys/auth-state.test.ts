import { describe, expect, it } from 'vitest';
import { MemoryAuthStore } from '../testing/engine-contract-host.js';
import { loadAuth } from './auth-state.js';
import { proto } from './baileys.js';

const open = (store: MemoryAuthStore, failures: unknown[] = [], mappings: unknown[] = []) =>
  loadAuth(
    store,
    (error) => failures.push(error),
    (learnt) => mappings.push(...learnt),
  );

/** Whether a promise is still pending after everything due has run. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  let pending = true;
  promise.finally(() => {
    pending = false;
  });
  for (let turn = 0; turn < 5; turn++) await new Promise((done) => setImmediate(done));
  return pending;
}

describe('credentials over a key store', () => {
  it('come back as they were, bytes as bytes, a row per key', async () => {
    const store = new MemoryAuthStore();
    const first = await open(store);
    Object.assign(first.state.creds, { me: { id: '1:2@s.whatsapp.net' }, account: {} });
    await first.saveCreds();
    const keyPair = first.state.creds.noiseKey;
    const sync = proto.Message.AppStateSyncKeyData.create({ keyData: Buffer.of(1, 2) });
    await first.state.keys.set({
      'pre-key': { 1: keyPair, 2: keyPair },
      'app-state-sync-key': { k: sync },
      'sender-key-memory': { '1@g.us': { '2@lid': true } },
    });
    await first.state.keys.set({ 'pre-key': { 2: null } });
    expect([...store.rows.keys()].sort()).toEqual([
      'app-state-sync-key/k',
      'creds/creds',
      'pre-key/1',
      'sender-key-memory/1@g.us',
    ]);

    const { state } = await open(store);
    expect(state.creds).toEqual(first.state.creds);
    expect(await state.keys.get('pre-key', ['1', '2'])).toEqual({ 1: keyPair });
    const { k } = await state.keys.get('app-state-sync-key', ['k']);
    expect(k).toBeInstanceOf(proto.Message.AppStateSyncKeyData);
    expect(Buffer.from(k?.keyData ?? [])).toEqual(Buffer.of(1, 2));
  });

  it('of an unfinished pairing are thrown away, with their keys', async () => {
    const store = new MemoryAuthStore();
    const first = await open(store);
    first.state.creds.me = { id: '1@s.whatsapp.net', name: '~' };
    await first.saveCreds();
    await first.state.keys.set({ 'lid-mapping': { 1: '2' } });
    const second = await open(store);
    expect(second.state.creds.me).toBeUndefined();
    expect(second.state.creds.registrationId).toBeDefined();
    expect(store.rows.size).toBe(0);
  });

  it('stay pending when the store fails, and tell it', async () => {
    const store = new MemoryAuthStore();
    const failures: unknown[] = [];
    const { keys } = (await open(store, failures)).state;
    store.failing = true;
    expect(await isPending(Promise.resolve(keys.get('session', ['a'])))).toBe(true);
    expect(await isPending(Promise.resolve(keys.set({ session: { a: Buffer.of(1) } })))).toBe(true);
    expect(failures).toHaveLength(2);
  });

  it('tell which persons they learnt of', async () => {
    const mappings: unknown[] = [];
    const { keys } = (await open(new MemoryAuthStore(), [], mappings)).state;
    await keys.set({ 'lid-mapping': { 49: '7', '7_reverse': '49' } });
    expect(mappings).toEqual([{ pn: '49', lid: '7' }]);
  });
});
