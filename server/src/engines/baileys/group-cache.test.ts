import { describe, expect, it } from 'vitest';
import type { GroupMetadata } from './baileys.js';
import { GroupCache } from './group-cache.js';

const group = (id: string): GroupMetadata => ({
  id,
  subject: id,
  owner: undefined,
  participants: [],
});

describe('group cache', () => {
  it('asks once, until something changed', async () => {
    let asked = 0;
    const cache = new GroupCache(async (jid) => {
      asked++;
      return group(jid);
    });
    await Promise.all([cache.get('a'), cache.get('a')]);
    expect(asked).toBe(1);
    cache.learn({ id: 'a', announce: true });
    expect((await cache.get('a')).subject).toBe('a');
    expect(asked).toBe(2);
    cache.learn({ ...group('a'), subject: 'renamed' });
    expect((await cache.get('a')).subject).toBe('renamed');
    expect(asked).toBe(2);
  });

  it('asks again after a failure, and forgets the oldest', async () => {
    let failing = true;
    const cache = new GroupCache(async (jid) => {
      if (failing) throw new Error('no answer');
      return group(jid);
    });
    await expect(cache.get('a')).rejects.toThrow('no answer');
    failing = false;
    await cache.get('a');
    for (let n = 0; n < 500; n++) await cache.get(`g${n}`);
    expect([cache.has('a'), cache.has('g499')]).toEqual([false, true]);
  });
});
