import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import pg from 'pg';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../db/database.js';
import { databases, emptyDatabase } from '../testing/databases.js';
import { migrateTo, takeBack } from './migrate-to.js';
import { staysBehind } from './tables.js';
import { moveStory, migrateTo as runMigrateTo } from './testing/move-story.js';

const logger = pino({ level: 'silent' });

let storageRoot: string;
beforeEach(() => {
  storageRoot = mkdtempSync(join(tmpdir(), 'patchbay-move-'));
});
afterEach(() => rmSync(storageRoot, { recursive: true, force: true }));

const open = () => Database.open({ storageRoot, logger });

/** Moves, and resolves with what was printed. */
async function move(url: string): Promise<string> {
  const lines: string[] = [];
  await migrateTo({ storageRoot, url, logger, print: (line) => lines.push(line) });
  return lines.join('\n');
}

describe('a storage folder', () => {
  it('without a database is not moved, nor made', async () => {
    await expect(move('postgres://127.0.0.1:1/none')).rejects.toThrow('no database to move');
  });

  it('stays as it is when a server runs on it, or the other database cannot be reached', async () => {
    const database = await open();
    await expect(move('postgres://127.0.0.1:1/none')).rejects.toThrow(
      'Another Patchbay is running',
    );
    await database.close();
    await expect(move('postgres://127.0.0.1:1/none')).rejects.toThrow('127.0.0.1:1/none cannot be');
    await (await open()).close();
  });
});

if (databases.includes('postgres')) {
  describe('moving to PostgreSQL', () => {
    let url: string;
    let drop: () => Promise<void>;
    beforeEach(async () => {
      const made = await emptyDatabase('postgres');
      url = made.url as string;
      drop = made.drop;
    });
    afterEach(() => drop());

    async function ask<Row>(text: string): Promise<Row[]> {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      return (await client.query(text).finally(() => client.end())).rows;
    }

    it('takes a row of every table there is, and leaves one database to start on', async () => {
      const tables = await fillEveryTable();
      const printed = await move(url);
      for (const table of tables) {
        const rows = await ask<{ count: number }>(`select count(*) as count from "${table}"`);
        expect({ table, ...rows[0] }).toEqual({ table, count: 1 });
      }
      expect(printed).toContain(
        `All ${tables.length} rows of ${tables.length} tables are the same`,
      );
      const next = `insert into events (owner_id, session_id, sequence, name, data, at)
        values ('a', 'b', 8, 'c', '{}', 1) returning position`;
      expect(await ask(next)).toEqual([{ position: 8 }]);
      const [message] = await ask<{ words: string }>('select words from messages');
      expect(message?.words).toMatch(/^'s:[0-9a-f]{16}' 'words':1$/);

      await expect(open()).rejects.toThrow('was moved to');
      await expect(move(url)).rejects.toThrow('already');
      expect((await takeBack(storageRoot, logger))?.finishedAt).toBeGreaterThan(0);
      await (await open()).close();
    });

    it('is refused into a database that has something, of ours or of others', async () => {
      await fillEveryTable();
      await ask('create table customers (id text)');
      await expect(move(url)).rejects.toThrow('has the tables customers');
      await ask('drop table customers');
      const other = mkdtempSync(join(tmpdir(), 'patchbay-move-'));
      const server = await Database.open({ url, storageRoot: other, logger });
      const setting = { key: 'a', value: 'b' };
      await server.write([{ query: server.kysely.insertInto('settings').values(setting) }]);
      await server.close();
      rmSync(other, { recursive: true });
      await expect(move(url)).rejects.toThrow('there are rows in settings');
      await (await open()).close();
    });

    it('tells what differs, and goes on with no other move', async () => {
      await fillEveryTable();
      const killed = await runMigrateTo(storageRoot, url, {
        PATCHBAY_CRASH_AT: 'after-batch-moved:4',
      });
      expect(killed.signal, killed.output).toBe('SIGKILL');
      await ask(`update answers set answer = 'meddled with'`);
      await expect(move(url)).rejects.toThrow('differs from what is here: answers at ["words"');
      await expect(open()).rejects.toThrow('is being moved to');
      const other = mkdtempSync(join(tmpdir(), 'patchbay-move-'));
      const server = Database.open({ url, storageRoot: other, logger });
      await expect(server).rejects.toThrow('only a part of what is being moved');
      rmSync(other, { recursive: true });
      await takeBack(storageRoot, logger);
      await expect(move(url)).rejects.toThrow('has a part of another move');
    });

    it('goes on after SIGKILL, and numbers talk on without a scan', async () => {
      await moveStory({
        sessions: 2,
        messages: 5000,
        kills: ['before-batch-moved:4', 'after-batch-moved:6'],
      });
    });

    /** Resolves with the names of the tables; each has one row then. */
    async function fillEveryTable(): Promise<string[]> {
      const database = await open();
      const { rows } = await sql<{ name: string }>`
        select name from sqlite_master where type = 'table'`.execute(database.kysely);
      const tables = rows.map(({ name }) => name).filter((name) => !staysBehind(name));
      for (const table of tables) {
        const columns = await sql<{ name: string; type: string }>`
          select name, type from pragma_table_info(${table})`.execute(database.kysely);
        const values = columns.rows.map(({ type }) => exampleOf(type));
        const statement = sql`insert into ${sql.table(table)}
          (${sql.join(columns.rows.map(({ name }) => sql.ref(name)))}) values (${sql.join(values)})`;
        await database.write([{ query: { compile: () => statement.compile(database.kysely) } }]);
      }
      await database.close();
      return tables;
    }
  });
}

function exampleOf(type: string) {
  if (type.toLowerCase() === 'integer') return 7;
  return type.toLowerCase() === 'blob' ? Buffer.from([0, 1, 255]) : 'words';
}
