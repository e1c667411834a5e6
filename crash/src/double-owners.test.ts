import { describe, expect, it } from 'vitest';
import { doubleOwners, type Heard, type Testimony, takeovers } from './double-owners.js';
import { failoversOf } from './failovers.js';

const DEVICE = '99910000001:1';

/** Worker `one` (process w1.1) had the session from 1000, and was there until 6000; then `two` (w2.1). */
function world(...said: Partial<Testimony>[]): Heard {
  const testimonies = said.map(
    (each): Testimony => ({
      ...{ what: 'stanza', device: DEVICE, connection: 1, by: 'w1.1', at: 0 },
      since: (each.at ?? 0) - 100,
      ...each,
    }),
  );
  return {
    testimonies: [testimonies],
    ownership: {
      owners: [
        { at: 1000, session_id: 's1', worker_id: 'one' },
        { at: 6500, session_id: 's1', worker_id: 'two' },
      ],
      workers: [
        { id: 'one', until: 6000 },
        { id: 'two', until: 99_000 },
      ],
      strangers: [],
    },
    workersOf: new Map([
      ['w1.1', ['one']],
      ['w2.1', ['two']],
    ]),
    sessions: new Map([['99910000001', 's1']]),
  };
}

const found = (heard: Heard) => doubleOwners(heard).map(({ who, where }) => [who, where]);
const BY_CLOCK = 'sandbox, by the database’s clock';
const BY_ORDER = 'sandbox, by the order of logins';

describe('double owners', () => {
  it('lets owners speak, one after the other', () => {
    const first: Partial<Testimony>[] = [{ what: 'login', at: 1200 }, { at: 5900 }];
    const second = { connection: 2, by: 'w2.1' };
    const then: Partial<Testimony>[] = [
      { what: 'closed', reason: 'replaced', at: 6600 },
      { what: 'login', at: 6600, ...second },
      { at: 7000, ...second },
    ];
    const heard = world(...first, ...then);
    expect(found(heard)).toEqual([]);
    expect(takeovers(heard)).toBe(1);
  });

  it('hears who speaks or logs in after its time, before, and without ever having been asked', () => {
    expect(found(world({ at: 6200 }))).toEqual([['w1.1', BY_CLOCK]]);
    expect(found(world({ what: 'login', at: 6200 }))).toEqual([['w1.1', BY_CLOCK]]);
    expect(found(world({ at: 6300, by: 'w2.1' }))).toEqual([['w2.1', BY_CLOCK]]);
    expect(found(world({ at: 3000, by: 'w3.1' }))).toEqual([['w3.1', BY_CLOCK]]);
  });

  it('does not take a busy sandbox, which hears late, for a late speaker', () => {
    expect(found(world({ at: 6200, since: 5990 }))).toEqual([]);
    // Of its end nobody can say more than that it was noticed.
    expect(found(world({ what: 'closed', at: 9000 }))).toEqual([]);
  });

  it('hears who speaks on after another has logged in, whatever the clocks say', () => {
    const login: Partial<Testimony> = { what: 'login', connection: 2, by: 'w2.1', at: 6600 };
    expect(found(world(login, { at: 6700, since: 5000 }))).toEqual([['w1.1', BY_ORDER]]);
    // Its own former connection is no other owner.
    const again: Partial<Testimony> = { what: 'login', connection: 2, at: 3000 };
    expect(found(world(again, { at: 3001 }))).toEqual([]);
  });

  it('sees rows written by others than the owner', () => {
    const heard = world();
    const row = { at: 7000, about: 'session_keys', session_id: 's1', late: null };
    heard.ownership.strangers.push(
      { ...row, writer: 'one', owner: 'two' },
      { ...row, writer: 'one', owner: null },
      // In its own transaction, which kept the session locked over the end of its time.
      { ...row, writer: 'one', owner: 'one', late: 20 },
      { ...row, writer: 'one', owner: 'one', late: 9000 },
    );
    expect(found(heard)).toEqual([
      ['one', 'database'],
      ['one', 'database'],
      ['one', 'database'],
    ]);
  });
});

describe('failovers', () => {
  it('counts from the blow until another process has logged in', () => {
    const { testimonies } = world(
      { what: 'login', at: 1200 },
      { what: 'login', at: 2000, device: '99910000002:1' },
      { what: 'login', at: 6600, by: 'w2.1' },
    );
    const blows = [{ kind: 'SIGKILL', label: 'w1.1', at: 3000 }];
    expect(failoversOf(blows, testimonies).get('SIGKILL')).toEqual({
      times: [3600],
      hindered: 0,
      never: 1,
    });
    // Nothing was there any more.
    expect(failoversOf([{ ...blows[0]!, at: 7000 }], testimonies).get('SIGKILL')).toEqual({
      times: [],
      hindered: 0,
      never: 1,
    });
  });

  it('does not count the time in which WhatsApp itself was away', () => {
    const before = world({ what: 'login', at: 1200 });
    const after = world({ what: 'login', at: 9000, by: 'w2.1' });
    const lives = [...before.testimonies, ...after.testimonies];
    const blows = [{ kind: 'SIGKILL', label: 'w1.1', at: 3000 }];
    const found = failoversOf(blows, lives).get('SIGKILL');
    expect(found).toEqual({ times: [], hindered: 1, never: 0 });
  });
});
