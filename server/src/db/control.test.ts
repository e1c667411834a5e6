import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { databases, emptyDatabase } from '../testing/databases.js';
import { Database } from './database.js';
import { isStorageAway } from './storage-away.js';

it.each(databases.filter((name) => name === 'postgres'))(
  'what %s does not answer in time counts as a database that is away',
  async (name) => {
    const { url, drop } = await emptyDatabase(name);
    const storageRoot = mkdtempSync(join(tmpdir(), 'patchbay-control-'));
    const database = await Database.open({ url, storageRoot, logger: pino({ level: 'silent' }) });
    const slow = sql`select pg_sleep(30)`.execute(database.control!.kysely);
    const error = await slow.catch((thrown: unknown) => thrown);
    expect(isStorageAway(error)).toBe(true);
    // The next question gets its own answer.
    const { rows } = await sql<{ one: number }>`select 1 as one`.execute(database.control!.kysely);
    expect(rows).toEqual([{ one: 1 }]);
    await database.close();
    await drop();
    rmSync(storageRoot, { recursive: true, force: true });
  },
);
