import { describe, expect, it } from 'vitest';
import type { EngineEvent, EngineGroup } from '../engine-events.js';
import type { GroupMetadata } from './baileys.js';
import { groupFromBaileys } from './from-baileys/groups.js';
import { GroupCache } from './group-cache.js';

const member = (n: number) => ({ id: `${n}@lid`, phoneNumber: `51${n}@s.whatsapp.net` });

function group(id: string, members = 2): GroupMetadata {
  const participants = Array.from({ length: members }, (_, n) => ({ ...member(n), admin: null }));
  return { id, subject: `Group ${id}`, owner: undefined, participants };
}

/** Sources that remember what they were asked for. */
function sources(stored: GroupMetadata[] = [], members = 2) {
  const asked: string[] = [];
  const told: EngineGroup[] = [];
  const cache = new GroupCache({
    stored: async (jid) => {
      asked.push(`stored ${jid}`);
      const found = stored.find(({ id }) => id === jid);
      return found && groupFromBaileys(found);
    },
    fetch: async (jid) => {
      asked.push(`fetch ${jid}`);
      return group(jid, members);
    },
    fetched: (one) => told.push(one),
  });
  return { cache, asked, told };
}

describe('members of groups', () => {
  it('come from the store, and from WhatsApp only when it has nothing; both once', async () => {
    const { cache, asked, told } = sources([group('1@g.us')]);
    await Promise.all([cache.get('1@g.us'), cache.get('1@g.us'), cache.get('2@g.us')]);
    const known = await cache.get('1@g.us');
    expect(known.participants).toEqual(group('1@g.us').participants);
    expect(asked).toEqual(['stored 1@g.us', 'stored 2@g.us', 'fetch 2@g.us']);
    expect(told.map(({ jid }) => jid)).toEqual(['2@g.us']);
  });

  it('are read again after a change, and fetched when we come in', async () => {
    const { cache, asked } = sources([group('1@g.us')]);
    await cache.get('1@g.us');
    cache.told({ type: 'group-changed', jid: '1@g.us', change: { subject: 'New' } });
    await cache.get('1@g.us');
    const joined: EngineEvent = {
      type: 'group-participants',
      jid: '1@g.us',
      action: 'add',
      participants: [],
      includesMe: true,
    };
    cache.told(joined);
    await cache.get('1@g.us');
    expect(asked).toEqual(['stored 1@g.us', 'stored 1@g.us', 'fetch 1@g.us']);
  });

  it('are not held without bound', async () => {
    const { cache, asked } = sources([], 9_000);
    for (const jid of ['1@g.us', '2@g.us', '3@g.us', '1@g.us', '3@g.us']) await cache.get(jid);
    expect(asked.filter((one) => one.startsWith('fetch'))).toEqual([
      'fetch 1@g.us',
      'fetch 2@g.us',
      'fetch 3@g.us',
      'fetch 1@g.us',
    ]);
  });

  it('are asked for again after a failure', async () => {
    let fails = true;
    const cache = new GroupCache({
      stored: async () => undefined,
      fetch: async (jid) => {
        if (fails) throw new Error('away');
        return group(jid);
      },
      fetched: () => undefined,
    });
    await expect(cache.get('1@g.us')).rejects.toThrow('away');
    fails = false;
    expect((await cache.get('1@g.us')).subject).toBe('Group 1@g.us');
  });
});
