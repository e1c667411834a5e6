import type { PostgresPoolClient } from 'kysely';
import { PostgresDialect } from 'kysely';
import type pg from 'pg';
import type { UnitOutcome } from './group-commit.js';
import { PostgresBatch } from './postgres-batch.js';
import { PostgresConnections } from './postgres-connections.js';
import { isPrepared } from './prepared.js';
import type { WriteUnit } from './write-unit.js';

/** Any number, the same in every process: writers of events queue behind it. */
const WRITER_LOCK = 0x70617463;

/**
 * A process that is stopped or cut off between two messages of its transaction would keep all others
 * from writing: after so long (ms) PostgreSQL takes the transaction and its lock away.
 */
const IDLE_IN_TRANSACTION = 3000;

const OPENING = [
  { name: 'begin', text: 'begin', values: [] },
  { name: 'lock', text: `select pg_advisory_xact_lock(${WRITER_LOCK})`, values: [] },
];

/** Statements that are sent at once: what is sent, and may have to be sent again, stays small. */
const MAX_STEPS = 1000;

/** "cached plan must not change result type", and little else, has this code (not supported). */
const CHANGED_COLUMNS = '0A000';

/** Statements that get a name; the product has about a hundred. */
const MAX_STATEMENTS = 300;

/** PostgreSQL: a pool for reads, one connection for the group commits. */
export class PostgresStore {
  readonly dialect: PostgresDialect;
  /** For what must not wait behind other reads and writes. */
  readonly controlDialect: PostgresDialect;
  readonly connections: PostgresConnections;
  private readonly pool: pg.Pool;
  private readonly writer: pg.Pool;
  private readonly names = new Map<string, string>();

  constructor(url: string, onError: (error: Error) => void) {
    this.connections = new PostgresConnections(url, onError);
    this.pool = this.connections.pool(9);
    // One, and always the same: it knows the statements, and reads do not keep it waiting.
    this.writer = this.connections.pool(1, {
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION,
    });
    this.controlDialect = new PostgresDialect({ pool: this.connections.controlPool() });
    this.dialect = new PostgresDialect({
      pool: { connect: () => this.connectReader(), end: () => this.pool.end() },
    });
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

  async close(): Promise<void> {
    await this.connections.close();
  }

  /**
   * The lock makes positions of the event log appear in the order in which they commit, also with
   * many processes: a reader that saw position n will never be shown a smaller one later.
   */
  async commitBatch(units: readonly WriteUnit[]): Promise<UnitOutcome[]> {
    const outcomes: UnitOutcome[] = [];
    for (const part of parts(units)) {
      try {
        outcomes.push(...(await this.commitPart(part)));
      } catch (error) {
        // What was committed before stays; nothing is written past what could not be.
        return units.map((_, index) => outcomes[index] ?? { error });
      }
    }
    return outcomes;
  }

  /** A connection as kysely uses one: statements made once by `prepared` are parsed once as well. */
  private async connectReader(): Promise<PostgresPoolClient> {
    const client = await this.pool.connect();
    const query = async (text: string, values: unknown[]) => {
      if (!isPrepared(text)) return await client.query(text, values);
      try {
        return await client.query({ name: this.nameOf(text), text, values });
      } catch (error) {
        // Columns were added meanwhile, which the connection's copy of the statement does not know.
        if ((error as { code?: unknown }).code !== CHANGED_COLUMNS) throw error;
        return await client.query(text, values);
      }
    };
    return { query: query as never, release: () => client.release() };
  }

  private async commitPart(units: readonly WriteUnit[]): Promise<UnitOutcome[]> {
    const client = await this.writer.connect();
    let broken: Error | undefined;
    try {
      const batch = new PostgresBatch(client, OPENING, units, (text) => this.nameOf(text));
      const outcomes = await batch.run();
      const { command } = await client.query('commit');
      if (command !== 'COMMIT') throw new Error(`commit was answered with ${command}`);
      return outcomes;
    } catch (error) {
      // Whatever it was, the transaction ends with its connection.
      broken = error as Error;
      throw error;
    } finally {
      client.release(broken);
    }
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

/** The units in the order given, in parts that are sent and committed at once. */
function* parts(units: readonly WriteUnit[]): Generator<WriteUnit[]> {
  let part: WriteUnit[] = [];
  let steps = 0;
  for (const unit of units) {
    if (part.length > 0 && steps + unit.length > MAX_STEPS) {
      yield part;
      part = [];
      steps = 0;
    }
    part.push(unit);
    steps += unit.length;
  }
  if (part.length > 0) yield part;
}
