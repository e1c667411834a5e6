import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { databases, emptyDatabase } from '../testing/databases.js';
import { Database } from './database.js';
import { prepared } from './prepared.js';

describe.each(databases)('a prepared statement on %s', (name) => {
  let folder: string;
  let database: Database;
  let drop: () => Promise<void>;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'patchbay-prepared-'));
    const { url, drop: dropIt } = await emptyDatabase(name);
    drop = dropIt;
    database = await Database.open({ url, storageRoot: folder, logger: pino({ level: 'silent' }) });
  });
  afterEach(async () => {
    await database.close();
    await drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is built once and takes other values each time', async () => {
    let built = 0;
    const insert = prepared<{ key: string; value: string }>((value) => {
      built += 1;
      return database.kysely
        .insertInto('settings')
        .values({ key: value('key'), value: value('value') })
        .onConflict((c) => c.column('key').doUpdateSet({ value: value('value') }));
    });
    await database.write([{ query: insert({ key: 'a', value: '1' }) }]);
    await database.write([
      { query: insert({ key: 'b', value: '2' }) },
      { query: insert({ key: 'a', value: '3' }) },
    ]);
    const rows = await database.kysely
      .selectFrom('settings')
      .select(['key', 'value'])
      .orderBy('key')
      .execute();
    expect(rows).toEqual([
      { key: 'a', value: '3' },
      { key: 'b', value: '2' },
    ]);
    expect(built).toBe(1);
  });

  it('reads, also when columns were added since it was built', async () => {
    await database.write([
      { query: database.kysely.insertInto('settings').values({ key: 'a', value: '1' }) },
    ]);
    const read = prepared<{ key: string }, object>((value) =>
      database.kysely.selectFrom('settings').selectAll().where('key', '=', value('key')),
    );
    const rows = async (key: string) =>
      (await database.kysely.executeQuery(read({ key }))).rows.map((row) => ({ ...row }));
    expect(await rows('a')).toEqual([{ key: 'a', value: '1' }]);
    expect(await rows('b')).toEqual([]);
    const alter = sql`alter table settings add column note text`;
    await database.write([{ query: { compile: () => alter.compile(database.kysely) } }]);
    expect(await rows('a')).toMatchObject([{ key: 'a', value: '1' }]);
    expect(await rows('b')).toEqual([]);
  });
});
