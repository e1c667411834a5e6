import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
import { migrate } from '../db/database.js';
import { PostgresConnections } from '../db/postgres-connections.js';
import type { Schema } from '../db/schema.js';
import { StartError } from '../start-error.js';
import { MoveProgress } from './progress.js';

/** Any number but those of the server's locks: one move at a time fills a database. */
const MOVE_LOCK = 0x6d6f7665;

/** The PostgreSQL database that is moved to. */
export class MoveTarget {
  private constructor(
    private readonly pool: pg.Pool,
    readonly client: pg.PoolClient,
    /** Host, port and name, without user and password. */
    readonly place: string,
  ) {}

  static async open(url: string): Promise<MoveTarget> {
    const place = placeOf(url);
    const pool = new PostgresConnections(url, () => undefined).pool(2);
    try {
      const client = await pool.connect();
      const { rows } = await client.query('select pg_try_advisory_lock($1) as free', [MOVE_LOCK]);
      if (!rows[0].free) throw new StartError(`Another migrate-to is filling ${place} just now.`);
      const { rows: settings } = await client.query('show server_encoding');
      if (settings[0].server_encoding !== 'UTF8') {
        throw new StartError(
          `The database ${place} cannot hold all texts: createdb --encoding UTF8.`,
        );
      }
      return new MoveTarget(pool, client, place);
    } catch (error) {
      await pool.end().catch(() => undefined);
      if (error instanceof StartError) throw error;
      const detail = error instanceof Error ? error.message || error.name : String(error);
      throw new StartError(`The database ${place} cannot be opened: ${detail}`);
    }
  }

  /**
   * Takes up a move where it was, or begins it in a database that must be empty.
   * @param begin told before anything is written there for the first time
   */
  async take(move: string, begin: () => Promise<void>): Promise<MoveProgress> {
    const known = await MoveProgress.read(this.client);
    if (known && known.move !== move) {
      throw new StartError(
        `The database ${this.place} has a part of another move, or of one that was taken back. ` +
          'Empty it, or name a new one: createdb <name>.',
      );
    }
    if (!known) await this.refuseForeignTables();
    await this.migrate();
    if (known) return known.progress;
    await this.refuseRows();
    await begin();
    return await MoveProgress.begin(this.client, move);
  }

  async close(): Promise<void> {
    this.client.release();
    await this.pool.end();
  }

  private async migrate(): Promise<void> {
    // Kysely ends what it was given; the pool is still needed.
    const pool = { connect: () => this.pool.connect(), end: async () => undefined };
    const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
    await migrate(kysely, 'postgres');
  }

  private async tables(): Promise<string[]> {
    const { rows } = await this.client.query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = current_schema() order by 1`,
    );
    return rows.map(({ name }) => name);
  }

  /** Of another program: its names could be ours. */
  private async refuseForeignTables(): Promise<void> {
    const tables = await this.tables();
    if (tables.length === 0 || tables.includes('kysely_migration')) return;
    throw new StartError(
      `The database ${this.place} belongs to something else: it has the tables ` +
        `${tables.slice(0, 5).join(', ')}${tables.length > 5 ? ' …' : ''}. Name an empty one. ` +
        'Nothing was changed.',
    );
  }

  /** Of a server that was started there: two instances cannot become one. */
  private async refuseRows(): Promise<void> {
    const filled: string[] = [];
    for (const table of await this.tables()) {
      if (table.startsWith('kysely_')) continue;
      const { rows } = await this.client.query(`select 1 from "${table}" limit 1`);
      if (rows.length > 0) filled.push(table);
    }
    if (filled.length === 0) return;
    throw new StartError(
      `The database ${this.place} is not empty: there are rows in ${filled.join(', ')}. A server ` +
        'must not have been started on it before. Name an empty one. Nothing was changed.',
    );
  }
}

function placeOf(url: string): string {
  try {
    const { hostname, port, pathname } = new URL(url);
    return `${hostname || 'localhost'}:${port || 5432}${pathname}`;
  } catch {
    throw new StartError(
      'This is no address of a database: postgres://user:password@host:5432/name',
    );
  }
}
