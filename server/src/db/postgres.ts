import { PostgresDialect } from 'kysely';
import pg from 'pg';
import type { UnitOutcome } from './group-commit.js';
import type { WriteResult, WriteUnit } from './write-unit.js';
import { verdict } from './write-unit.js';

/** Counts, times and positions all fit a double; pg would give bigints as text. */
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** Any number, the same in every process: writers of events queue behind it. */
const WRITER_LOCK = 0x70617463;

/** Statements that get a name; the product has about a hundred that write. */
const MAX_STATEMENTS = 300;

/** PostgreSQL: a pool for reads, one connection for the group commits. */
export class PostgresStore {
  readonly dialect: PostgresDialect;
  private readonly pool: pg.Pool;
  private readonly names = new Map<string, string>();

  constructor(url: string, onError: (error: Error) => void) {
    this.pool = new pg.Pool({
      connectionString: url,
      max: 10,
      connectionTimeoutMillis: 5000,
      options: '-c synchronous_commit=on',
    });
    // An idle connection that breaks (server restart) must not end the process.
    this.pool.on('error', onError);
    // Nor must one that breaks in use, of which its queries tell.
    this.pool.on('connect', (client) => client.on('error', () => undefined));
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
      return await this.commitOn(client, units);
    } catch (error) {
      broken = error as Error;
      throw error;
    } finally {
      client.release(broken);
    }
  }

  private async commitOn(
    client: pg.PoolClient,
    units: readonly WriteUnit[],
  ): Promise<UnitOutcome[]> {
    const begin = `begin; select pg_advisory_xact_lock(${WRITER_LOCK})`;
    const outcomes: UnitOutcome[] = [];
    await client.query(begin);
    try {
      for (const unit of units) outcomes.push({ result: await this.runSteps(client, unit) });
      await client.query('commit');
      return outcomes;
    } catch (error) {
      await client.query('rollback');
      if (units.length === 1) return [{ error }];
    }
    // One of them failed, which is rare: once more, each by itself, so that the others go through.
    outcomes.length = 0;
    await client.query(begin);
    for (const unit of units) outcomes.push(await this.runAlone(client, unit));
    await client.query('commit');
    return outcomes;
  }

  private async runAlone(client: pg.PoolClient, unit: WriteUnit): Promise<UnitOutcome> {
    await client.query('savepoint unit');
    try {
      const result = await this.runSteps(client, unit);
      await client.query('release unit');
      return { result };
    } catch (error) {
      await client.query('rollback to unit; release unit');
      return { error };
    }
  }

  private async runSteps(client: pg.PoolClient, unit: WriteUnit): Promise<WriteResult> {
    const changes: number[] = [];
    for (const step of unit) {
      const { sql, parameters } = step.query.compile();
      const values = parameters as unknown[];
      const { rowCount } = await client.query({ name: this.nameOf(sql), text: sql, values });
      changes.push(rowCount ?? 0);
      if (verdict(step, rowCount ?? 0) === 'stop') return { applied: false, changes };
    }
    return { applied: true, changes };
  }

  /** A name lets the server parse and plan a statement once per connection; rare ones go without. */
  private nameOf(sql: string): string | undefined {
    let name = this.names.get(sql);
    if (!name && this.names.size < MAX_STATEMENTS) {
      name = `w${this.names.size}`;
      this.names.set(sql, name);
    }
    return name;
  }
}
