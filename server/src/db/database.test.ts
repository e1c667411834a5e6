import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { databases, emptyDatabase, takeStorageAway } from '../testing/databases.js';
import { Database } from './database.js';
import { isStorageAway } from './storage-away.js';
import { WriteRefused } from './write-unit.js';

describe.each(databases)('database on %s', (name) => {
  const logger = pino({ level: 'silent' });
  let database: Database;
  let folder: string;
  let url: string | undefined;
  let drop: () => Promise<void>;

  beforeEach(async () => {
    ({ url, drop } = await emptyDatabase(name));
    folder = mkdtempSync(join(tmpdir(), 'patchbay-db-'));
    database = await Database.open({ url, storageRoot: folder, logger });
  });
  afterEach(async () => {
    await database.close();
    await drop();
    rmSync(folder, { recursive: true, force: true });
  });

  const insert = (key: string, value = 'x') => ({
    query: database.kysely.insertInto('settings').values({ key, value }),
  });
  const change = (key: string, value: string) =>
    database.kysely.updateTable('settings').set({ value }).where('key', '=', key);
  const keys = async () =>
    (await database.kysely.selectFrom('settings').select('key').orderBy('key').execute()).map(
      (row) => row.key,
    );

  it('commits a unit as a whole and tells its changes', async () => {
    expect(await database.write([insert('a'), insert('b')])).toEqual({
      applied: true,
      changes: [1, 1],
    });
    expect(await keys()).toEqual(['a', 'b']);
  });

  it('undoes all of a failing unit and none of its neighbours in the same commit', async () => {
    const outcomes = await Promise.allSettled([
      database.write([insert('a')]),
      database.write([insert('b'), insert('b')]),
      database.write([insert('c')]),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(await keys()).toEqual(['a', 'c']);
  });

  it('says that the storage is away, to all of a commit, and goes on when it is back', async () => {
    const bringBack = await takeStorageAway(database, url);
    const outcomes = await Promise.allSettled(
      ['a', 'b'].map((key) => database.write([insert(key, 'x'.repeat(20_000))])),
    );
    const away = outcomes.map((one) => one.status === 'rejected' && isStorageAway(one.reason));
    expect(away).toEqual([true, true]);
    await bringBack();
    await database.write([insert('c')]);
    expect(await keys()).toEqual(['c']);
  });

  it('keeps what was done before a stop and skips the rest', async () => {
    const result = await database.write([
      insert('a'),
      { query: change('missing', 'y'), whenUnchanged: 'stop' },
      insert('never'),
    ]);
    expect(result).toEqual({ applied: false, changes: [1, 0] });
    expect(await keys()).toEqual(['a']);
  });

  it('refuses a unit whose ground is gone', async () => {
    const unit = [insert('a'), { query: change('missing', 'y'), whenUnchanged: 'fail' as const }];
    await expect(database.write(unit)).rejects.toBeInstanceOf(WriteRefused);
    expect(await keys()).toEqual([]);
  });

  it('gives positions in the order of commits, and bytes back as they were', async () => {
    const event = (sequence: number) => ({
      query: database.kysely.insertInto('events').values({
        owner_id: 'o',
        session_id: 's',
        sequence,
        name: 'session.closed',
        data: '{}',
        at: Date.now(),
      }),
    });
    await Promise.all(Array.from({ length: 300 }, (_, index) => database.write([event(index)])));
    const rows = await database.kysely
      .selectFrom('events')
      .select(['position', 'sequence'])
      .orderBy('position')
      .execute();
    expect(rows.map((row) => row.sequence)).toEqual(Array.from({ length: 300 }, (_, i) => i));

    const value = Buffer.from([0, 1, 2, 255]);
    const row = { session_id: 's', kind: 'k', id: 'i', value };
    await database.write([{ query: database.kysely.insertInto('session_keys').values(row) }]);
    const stored = await database.kysely.selectFrom('session_keys').selectAll().execute();
    expect(Buffer.from(stored[0]?.value ?? []).equals(value)).toBe(true);
  });

  it('opens again with what it held', async () => {
    await database.write([insert('a')]);
    await database.close();
    database = await Database.open({ url, storageRoot: folder, logger });
    expect(await keys()).toEqual(['a']);
  });
});
