import pg from 'pg';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Wakeup } from '../event-log/wakeup.js';
import { databases, emptyDatabase, takeStorageAway } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { PostgresNotices } from './postgres-notices.js';

const logger = pino({ level: 'silent' });

describe.each(databases.filter((name) => name === 'postgres'))('notices on %s', (name) => {
  let database: Awaited<ReturnType<typeof emptyDatabase>>;
  let url: string;
  const open: PostgresNotices[] = [];

  beforeAll(async () => {
    database = await emptyDatabase(name);
    url = database.url as string;
  });
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });
  afterAll(() => database.drop());

  /** A process that listens. */
  async function listening() {
    const notices = new PostgresNotices(url, logger);
    open.push(notices);
    const heard: string[] = [];
    const missed: number[] = [];
    notices.onMissed(() => missed.push(heard.length));
    notices.hear((notice) => heard.push(notice));
    await eventually('it listens', () => missed.length > 0 || undefined);
    return { notices, heard, missed };
  }

  it('reach every other process, once and in order, and not the one that tells', async () => {
    const [one, two, three] = [await listening(), await listening(), await listening()];
    const told = Array.from({ length: 500 }, (_, n) => `number ${n} ${'é"\n'.repeat(20)}`);
    for (const notice of told) one.notices.tell(notice);
    for (const { heard } of [two, three]) {
      await eventually('all are there', () => heard.length >= told.length || undefined);
      expect(heard).toEqual(told);
    }
    expect(one.heard).toEqual([]);
  });

  it('what is told in one turn is told once; what is too long is left out', async () => {
    const [one, two] = [await listening(), await listening()];
    for (const notice of ['same', 'x'.repeat(8000), 'same', 'last']) one.notices.tell(notice);
    await eventually('the last is there', () => two.heard.includes('last') || undefined);
    expect(two.heard).toEqual(['same', 'last']);
  });

  it('what somebody else tells on the same channel is nothing to us', async () => {
    const [one, two] = [await listening(), await listening()];
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    for (const foreign of ['', 'no JSON', '{"a":1}', 'null', '7', '["somebody", 7]', '"text"']) {
      await client.query('select pg_notify($1, $2)', ['patchbay', foreign]);
    }
    await client.end();
    one.notices.tell('ours');
    await eventually('ours is there', () => two.heard.includes('ours') || undefined);
    expect(two.heard).toEqual(['ours']);
  });

  it('after a broken connection the listeners look for themselves, and hear again', async () => {
    const [one, two] = [await listening(), await listening()];
    const hints: string[] = [];
    const wakeup = new Wakeup(two.notices);
    wakeup.on('events', () => hints.push('events'));
    wakeup.onElsewhere('settings', (id) => hints.push(`settings of ${id ?? 'all'}`));
    const times = { one: one.missed.length, two: two.missed.length };
    const back = await takeStorageAway(undefined as never, url);
    // Told by who is back first, nobody may hear it: who listens again looks at everything.
    one.notices.tell('hint settings:s1');
    await back();
    await eventually('it listens again', () => two.missed.length > times.two || undefined);
    expect(hints).toEqual(expect.arrayContaining(['events', 'settings of all']));
    await eventually('the other one does', () => one.missed.length > times.one || undefined);
    one.notices.tell('hint events');
    const count = hints.length;
    await eventually('what is told now', () => hints.length > count || undefined);
  });
});
