import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import pg from 'pg';
import type { Database } from '../db/database.js';

export type DatabaseName = 'sqlite' | 'postgres';

const server = process.env.TEST_DATABASE_URL;

/** The databases that this run tests: SQLite always, PostgreSQL where TEST_DATABASE_URL names one. */
export const databases: DatabaseName[] = server ? ['sqlite', 'postgres'] : ['sqlite'];

const everything = process.env.TEST_LONG !== undefined || databases.length === 1;

/**
 * The databases of a suite that takes long, most of all those that start and kill servers: one of
 * them, so that all such suites together take minutes; both with TEST_LONG (`npm run test:long`).
 */
export function longOn(name: DatabaseName): DatabaseName[] {
  return everything ? databases : [name];
}

/** Where such a suite kills on a database: some places here, some there; all with TEST_LONG. */
export function longAt<Place>(
  name: DatabaseName,
  places: Record<DatabaseName, readonly Place[]>,
): readonly Place[] {
  return everything ? [...places.sqlite, ...places.postgres] : places[name];
}

/** An empty database for one test server; `url` is undefined for SQLite. */
export async function emptyDatabase(
  name: DatabaseName,
): Promise<{ url: string | undefined; drop(): Promise<void> }> {
  if (name === 'sqlite' || !server) return { url: undefined, drop: async () => undefined };
  const database = `patchbay_test_${randomBytes(6).toString('hex')}`;
  await asAdmin(`create database ${database}`);
  const url = new URL(server);
  url.pathname = `/${database}`;
  return { url: url.href, drop: () => asAdmin(`drop database ${database} with (force)`) };
}

/** The disk of SQLite is full, or PostgreSQL cannot be reached; returns how to bring it back. */
export async function takeStorageAway(
  database: Database,
  url: string | undefined,
): Promise<() => Promise<void>> {
  if (url) return await interrupt(url);
  const limit = async (pages: number) => {
    const pragma = sql.raw(`pragma max_page_count = ${pages}`);
    await database.write([{ query: { compile: () => pragma.compile(database.kysely) } }]);
  };
  await limit(1);
  return () => limit(2 ** 31);
}

/** Makes a PostgreSQL database unreachable; returns how to bring it back. */
async function interrupt(url: string): Promise<() => Promise<void>> {
  const database = new URL(url).pathname.slice(1);
  await asAdmin(`alter database ${database} allow_connections false`);
  await asAdmin(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}'`,
  );
  return () => asAdmin(`alter database ${database} allow_connections true`);
}

async function asAdmin(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
