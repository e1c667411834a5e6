import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../db/database.js';
import { WriteRefused } from '../db/write-unit.js';
import { databases, emptyDatabase } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { Cluster } from './cluster.js';

const logger = pino({ level: 'silent' });
const TIMES = { ttl: 1500, renewEvery: 300, margin: 300 };

/** A process of its own as far as the database can tell. */
class Member {
  private constructor(
    readonly database: Database,
    readonly cluster: Cluster,
  ) {}

  static async join(url: string | undefined, folder: string, times = TIMES): Promise<Member> {
    const database = await Database.open({ url, storageRoot: folder, logger });
    const cluster = new Cluster({ database, role: 'all', sessions: () => 0, logger, times });
    await cluster.start('http://127.0.0.1:1');
    return new Member(database, cluster);
  }

  get leases() {
    return this.cluster.leases;
  }

  /** What a unit under the lease would do. */
  async write(key: string): Promise<void> {
    const query = this.database.kysely.insertInto('settings').values({ key, value: '' });
    await this.database.write([...this.leases.guard('work'), { query }]);
  }

  async leave(): Promise<void> {
    await this.cluster.stop();
    await this.database.close();
  }
}

let folder: string;
const members: Member[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-leases-'));
});

afterEach(async () => {
  for (const member of members.splice(0)) await member.leave();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(databases.filter((name) => name === 'postgres'))('two processes on %s', (name) => {
  let database: Awaited<ReturnType<typeof emptyDatabase>>;

  beforeAll(async () => {
    database = await emptyDatabase(name);
  });

  afterAll(() => database.drop());

  async function join(times = TIMES): Promise<Member> {
    const member = await Member.join(database.url, folder, times);
    members.push(member);
    return member;
  }

  it('a name is held by one of them, and by the other once it was given back', async () => {
    const [one, two] = [await join(), await join()];
    expect(await one.leases.take('work')).toBe(true);
    expect(await two.leases.take('work')).toBe(false);
    await one.write('while it is held');
    await expect(two.write('never held')).rejects.toThrow(WriteRefused);
    await one.leases.release('work');
    expect(one.leases.mine('work')).toBe(false);
    expect(await two.leases.take('work')).toBe(true);
    await expect(one.write('after it was given back')).rejects.toThrow(WriteRefused);
    await two.write('after it was taken over');
  });

  it('who wants a name gets it as soon as its holder has left', async () => {
    const [one, two] = [await join(), await join()];
    const told: string[] = [];
    for (const [who, member] of Object.entries({ one, two })) {
      await member.leases.contend('work', {
        gained: () => void told.push(`${who} gained`),
        lost: () => void told.push(`${who} lost`),
      });
    }
    expect(told).toEqual(['one gained']);
    members.splice(members.indexOf(one), 1);
    await one.leave();
    await eventually('the other has it', () => told[1]);
    expect(told).toEqual(['one gained', 'two gained']);
  });

  it('one that cannot renew lets go before the other gets the name, and is refused from then on', async () => {
    // The first renews too seldom, as a process does that was stopped.
    const one = await join({ ...TIMES, renewEvery: 60_000 });
    const two = await join();
    const at: Record<string, number> = {};
    const note = (what: string) => {
      at[what] ??= performance.now();
    };
    await one.leases.contend('work', {
      gained: () => undefined,
      lost: () => {
        note('lost');
        // Else it may well be the first to get it again.
        void one.leases.release('work');
      },
    });
    await two.leases.contend('work', {
      gained: () => note('gained'),
      lost: () => undefined,
    });
    const before = one.cluster.workerId;
    await eventually('the other has it', () => at.gained);
    expect(at.lost).toBeLessThan(at.gained as number);
    expect(one.leases.mine('work')).toBe(false);
    await expect(one.write('too late')).rejects.toThrow(WriteRefused);
    await two.write('its successor');
    // It is back as somebody else.
    await eventually('it joined again', () => one.cluster.workerId);
    expect(one.cluster.workerId).not.toBe(before);
  });

  it('a unit is refused by the database as soon as the term is over there, whatever its holder believes', async () => {
    const one = await join();
    await one.leases.take('work');
    const id = one.cluster.workerId;
    await sql`update workers set expires_at = 0 where id = ${id}`.execute(
      one.database.control?.kysely as never,
    );
    await expect(one.write('expired')).rejects.toThrow(WriteRefused);
  });

  it('who starts on the folder of a process that died has its place at once', async () => {
    const dead = await join({ ...TIMES, ttl: 600_000 });
    await dead.leases.take('work');
    members.splice(members.indexOf(dead), 1);
    // What a killed process leaves: its row; its lock went with it.
    await dead.database.close();
    const next = await join();
    expect(await next.leases.take('work')).toBe(true);
  });
});

describe('one process on SQLite', () => {
  it('holds everything, with no rows', async () => {
    const member = await Member.join(undefined, join(folder, 'alone'));
    members.push(member);
    expect(member.cluster.isShared).toBe(false);
    expect(await member.leases.take('work')).toBe(true);
    expect(member.leases.mine('work')).toBe(true);
    expect(member.leases.guard('work')).toEqual([]);
    await member.write('alone');
    const rows = await member.database.kysely.selectFrom('leases').selectAll().execute();
    expect(rows).toEqual([]);
  });
});
