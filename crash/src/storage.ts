import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';

export type DatabaseName = 'sqlite' | 'postgres';

/** An empty database of a run. */
export interface Storage {
  /** For the server; undefined: SQLite in its folder. */
  url: string | undefined;
  /** For looking into it from outside. */
  where: { file: string } | { url: string };
  drop(): Promise<void>;
}

/** @throws when there is no PostgreSQL to make it in */
export async function emptyStorage(name: DatabaseName, folder: string): Promise<Storage> {
  if (name === 'sqlite') {
    const where = { file: join(folder, 'server', 'patchbay.db') };
    return { url: undefined, where, drop: async () => undefined };
  }
  const server = process.env.TEST_DATABASE_URL;
  if (!server) {
    throw new Error('--database postgres needs TEST_DATABASE_URL, whose user may create databases');
  }
  const database = `patchbay_crash_${randomBytes(6).toString('hex')}`;
  await asAdmin(server, `create database ${database}`);
  const url = new URL(server);
  url.pathname = `/${database}`;
  return {
    url: url.href,
    where: { url: url.href },
    drop: () => asAdmin(server, `drop database ${database} with (force)`),
  };
}

async function asAdmin(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
