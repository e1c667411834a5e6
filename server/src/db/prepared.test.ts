import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Database } from './database.js';
import { prepared } from './prepared.js';

describe('a prepared statement', () => {
  let folder: string;
  let database: Database;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'patchbay-prepared-'));
    database = await Database.open({ storageRoot: folder, logger: pino({ level: 'silent' }) });
  });
  afterEach(async () => {
    await database.close();
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
});
