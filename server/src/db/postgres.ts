import { PostgresDialect } from 'kysely';
import pg from 'pg';
import type { UnitOutcome } from './group-commit.js';
import type { WriteUnit } from './write-unit.js';
import { verdict } from './write-unit.js';

/** Counts, times and positions all fit a double; pg would give bigints as text. */
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** Any number, the same in every process: writers of events queue behind it. */
const WRITER_LOCK = 0x70617463;

/** PostgreSQL: a pool for reads, one connection for the group commits. */
export class PostgresStore {
  readonly dialect: PostgresDialect;
  private readonly pool: pg.Pool;

  constructor(url: string, onError: (error: Error) => void) {
    this.pool = new pg.Pool({
      connectionString: url,
      max: 10,
      connectionTimeoutMillis: 5000,
      options: '-c synchronous_commit=on',
    });
    // An idle connection that breaks (server restart) must not end the process.
    this.pool.on('error', onError);
    this.dialect = new PostgresDialect({ pool: this.pool });
  }

  /** What the settings of our connections promise about a commit, as the server itself tells them. */
  async durability(): Promise<Record<string, string>> {
    const names = ['synchronous_commit', 'fsync', 'full_page_writes'];
    const { rows } = await this.pool.query(
      'select name, setting from pg_settings where name = any($1)',
      [names],
    );
    return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
  }

  /**
   * The lock makes positions of the event log appear in the order in which they commit, also with
   * many processes: a reader that saw position n will never be shown a smaller one later.
   */
  async commitBatch(units: readonly WriteUnit[]): Promise<UnitOutcome[]> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      await client.query(`begin; select pg_advisory_xact_lock(${WRITER_LOCK})`);
      const outcomes: UnitOutcome[] = [];
      for (const unit of units) outcomes.push(await runUnit(client, unit));
      await client.query('commit');
      return outcomes;
    } catch (error) {
      broken = error as Error;
      throw error;
    } finally {
      client.release(broken);
    }
  }
}

async function runUnit(client: pg.PoolClient, unit: WriteUnit): Promise<UnitOutcome> {
  await client.query('savepoint unit');
  try {
    const changes: number[] = [];
    let applied = true;
    for (const step of unit) {
      const { sql, parameters } = step.query.compile();
      const { rowCount } = await client.query(sql, parameters as unknown[]);
      changes.push(rowCount ?? 0);
      if (verdict(step, rowCount ?? 0) === 'stop') {
        applied = false;
        break;
      }
    }
    await client.query('release unit');
    return { result: { applied, changes } };
  } catch (error) {
    await client.query('rollback to unit; release unit');
    return { error };
  }
}
