import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { databases, emptyDatabase } from '../testing/databases.js';
import { Database } from './database.js';
import type { WriteUnit } from './write-unit.js';
import { WriteRefused, WriteStale } from './write-unit.js';

describe.each(databases)('units that share a commit on %s', (name) => {
  const logger = pino({ level: 'silent' });
  let database: Database;
  let folder: string;
  let drop: () => Promise<void>;

  beforeEach(async () => {
    const empty = await emptyDatabase(name);
    drop = empty.drop;
    folder = mkdtempSync(join(tmpdir(), 'patchbay-batch-'));
    database = await Database.open({ url: empty.url, storageRoot: folder, logger });
  });
  afterEach(async () => {
    await database.close();
    await drop();
    rmSync(folder, { recursive: true, force: true });
  });

  const insert = (key: string, value = 'x') => ({
    query: database.kysely.insertInto('settings').values({ key, value }),
  });
  /** Changes nothing where the key is not there. */
  const touch = (key: string, whenUnchanged: 'stop' | 'fail' | 'again') => ({
    query: database.kysely.updateTable('settings').set({ value: 'seen' }).where('key', '=', key),
    whenUnchanged,
  });
  const event = (sequence: number) => ({
    query: database.kysely.insertInto('events').values({
      owner_id: 'o',
      session_id: 's',
      sequence,
      name: 'session.closed',
      data: '{}',
      at: 1,
    }),
  });
  const rows = async () => {
    const all = await database.kysely.selectFrom('settings').selectAll().orderBy('key').execute();
    return Object.fromEntries(all.map(({ key, value }) => [key, value]));
  };
  const sequences = async () => {
    const all = await database.kysely
      .selectFrom('events')
      .select('sequence')
      .orderBy('position')
      .execute();
    return all.map((row) => row.sequence);
  };
  const writeAll = (units: WriteUnit[]) =>
    Promise.allSettled(units.map((unit) => database.write(unit)));
  const applied = (changes: number[]) => ({
    status: 'fulfilled',
    value: { applied: true, changes },
  });
  const stopped = (changes: number[]) => ({
    status: 'fulfilled',
    value: { applied: false, changes },
  });
  const refused = (kind: new () => Error) => ({
    status: 'rejected',
    reason: expect.any(kind),
  });

  it('what is behind a stop has not happened, nor what the next unit would have made of it', async () => {
    const outcomes = await writeAll([
      [insert('a'), touch('missing', 'stop'), insert('tail')],
      [touch('tail', 'stop'), insert('never')],
      [insert('tail', 'of the third')],
      [touch('a', 'stop'), insert('d')],
    ]);
    expect(outcomes).toEqual([stopped([1, 0]), stopped([0]), applied([1]), applied([1, 1])]);
    expect(await rows()).toEqual({ a: 'seen', d: 'x', tail: 'of the third' });
  });

  it('a stop at the end of a unit stops nothing', async () => {
    expect(await writeAll([[insert('a'), touch('missing', 'stop')], [insert('b')]])).toEqual([
      stopped([1, 0]),
      applied([1]),
    ]);
    expect(await rows()).toEqual({ a: 'x', b: 'x' });
  });

  it('what would fail behind a stop is never run', async () => {
    expect(
      await writeAll([[insert('a'), touch('missing', 'stop'), insert('a')], [insert('b')]]),
    ).toEqual([stopped([1, 0]), applied([1])]);
    expect(await rows()).toEqual({ a: 'x', b: 'x' });
  });

  it('refused and stale units leave nothing behind for those after them', async () => {
    const outcomes = await writeAll([
      [insert('a'), touch('missing', 'fail'), insert('b')],
      [touch('a', 'stop'), insert('never')],
      [insert('c'), touch('b', 'again')],
      [insert('a', 'of the fourth'), insert('b')],
      [insert('d'), touch('a', 'fail')],
    ]);
    expect(outcomes).toEqual([
      refused(WriteRefused),
      stopped([0]),
      refused(WriteStale),
      applied([1, 1]),
      applied([1, 1]),
    ]);
    expect(await rows()).toEqual({ a: 'seen', b: 'x', d: 'x' });
  });

  it('units that each hang on the one before come out as if each had waited', async () => {
    const links = Array.from({ length: 12 }, (_, index) => index);
    const outcomes = await writeAll([
      [touch('missing', 'stop'), insert('0')],
      ...links.map(
        (link): WriteUnit =>
          link % 2 === 0
            ? [touch(`${link}`, 'stop'), insert(`${link + 1}`)]
            : [insert(`try ${link}`), touch(`${link}`, 'fail'), insert(`${link + 1}`)],
      ),
      [insert('last')],
    ]);
    expect(outcomes).toEqual([
      stopped([0]),
      ...links.map((link) => (link % 2 === 0 ? stopped([0]) : refused(WriteRefused))),
      applied([1]),
    ]);
    expect(await rows()).toEqual({ last: 'x' });
  });

  it('hundreds at once keep their order, and bad ones among them harm no other', async () => {
    const bad = [40, 41, 180];
    const units = Array.from(
      { length: 600 },
      (_, index): WriteUnit =>
        bad.includes(index) ? [event(index), insert('a'), insert('a')] : [event(index)],
    );
    const outcomes = await writeAll(units);
    expect(outcomes.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))).toEqual(
      bad,
    );
    const good = units.map((_, index) => index).filter((index) => !bad.includes(index));
    expect(await sequences()).toEqual(good);
    expect(await rows()).toEqual({});
  });

  it('many failing units among good ones are each told their own error', async () => {
    await database.write([insert('taken')]);
    const units = Array.from(
      { length: 30 },
      (_, index): WriteUnit => [event(index), insert(index % 2 ? 'taken' : `k${index}`)],
    );
    const outcomes = await writeAll(units);
    for (const [index, outcome] of outcomes.entries()) {
      expect(outcome.status).toBe(index % 2 ? 'rejected' : 'fulfilled');
    }
    expect(await sequences()).toEqual(units.map((_, index) => index).filter((n) => n % 2 === 0));
  });

  it('a statement that cannot be built or sent fails its unit alone', async () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    const cannot = {
      compile: () => {
        throw new Error('cannot be built');
      },
    };
    const outcomes = await writeAll([
      [insert('a')],
      [insert('b'), insert('c', circle as never)],
      [insert('d'), { query: cannot }],
      [insert('e')],
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
      'fulfilled',
    ]);
    expect(await rows()).toEqual({ a: 'x', e: 'x' });
  });

  it('gives every kind of value back as it was', async () => {
    const bytes = new Uint8Array([9, 0, 255, 128, 9]).subarray(1, 4);
    await writeAll([
      [
        {
          query: database.kysely
            .insertInto('session_keys')
            .values({ session_id: 's', kind: 'k', id: 'i', value: bytes }),
        },
      ],
      [insert('text', 'Grüße 👋 "\'\\ $1')],
      [insert('empty', '')],
      [event(2 ** 40)],
    ]);
    const keys = await database.kysely.selectFrom('session_keys').selectAll().execute();
    expect(keys.map(({ value }) => [...value])).toEqual([[0, 255, 128]]);
    expect(await rows()).toEqual({ text: 'Grüße 👋 "\'\\ $1', empty: '' });
    expect(await sequences()).toEqual([2 ** 40]);
  });

  if (name === 'sqlite') return;

  it('a connection that is killed in the middle keeps nothing', async () => {
    const suicide = sql`select pg_terminate_backend(pg_backend_pid())`;
    const killing = { query: { compile: () => suicide.compile(database.kysely) } };
    await database.write([insert('before')]);
    const outcomes = await writeAll([
      [insert('a'), event(1)],
      [insert('b'), killing, insert('c')],
      [insert('d')],
    ]);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: '57P01' } });
    }
    expect(await writeAll([[insert('a'), event(2)], [insert('e')]])).toEqual([
      applied([1, 1]),
      applied([1]),
    ]);
    expect(await rows()).toEqual({ a: 'x', before: 'x', e: 'x' });
    expect(await sequences()).toEqual([2]);
  });

  it('a statement that failed is known or not, and runs again', async () => {
    const query = (value: string) => ({
      query: { compile: () => sql`select ${value}::integer`.compile(database.kysely) },
    });
    for (const value of ['no number', '1', 'no number', '2']) {
      const unit = [insert(`for ${value}`), query(value), insert(`after ${value}`)];
      const [outcome] = await writeAll([unit]);
      expect(outcome?.status).toBe(value === 'no number' ? 'rejected' : 'fulfilled');
    }
    expect(Object.keys(await rows())).toEqual(['after 1', 'after 2', 'for 1', 'for 2']);
  });
});
