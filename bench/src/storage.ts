import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** A fresh PostgreSQL database for a run; `server` is the URL of one whose user may create them. */
export async function emptyDatabase(
  server: string,
): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `patchbay_bench_${randomBytes(6).toString('hex')}`;
  await asAdmin(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => asAdmin(server, `drop database ${name} with (force)`) };
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
