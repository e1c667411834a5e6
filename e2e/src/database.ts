import { randomBytes } from 'node:crypto';
import pg from 'pg';

const SERVER = process.env.E2E_DATABASE_URL;

interface ProductDatabase {
  /** What the product has in its environment for it. */
  settings: NodeJS.ProcessEnv;
  drop(): Promise<void>;
}

/** A database of a product's own where E2E_DATABASE_URL names a PostgreSQL; else the embedded one. */
export async function databaseOfItsOwn(): Promise<ProductDatabase> {
  if (!SERVER) return { settings: {}, drop: async () => undefined };
  const name = `patchbay_e2e_${randomBytes(6).toString('hex')}`;
  await asAdmin(`create database ${name}`);
  const url = new URL(SERVER);
  url.pathname = `/${name}`;
  const drop = () => asAdmin(`drop database ${name} with (force)`);
  return { settings: { DATABASE_URL: url.href }, drop };
}

async function asAdmin(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: SERVER });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
