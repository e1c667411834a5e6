import Libsql from 'libsql';
import type { PlainStatement } from './sqlite-orders.js';

type Statement = ReturnType<InstanceType<typeof Libsql>['prepare']>;

/** Prepared statements kept; the product has about a hundred different ones. */
const MAX_STATEMENTS = 500;

/** One connection to the file: WAL, every commit synced to disk. */
export class SqliteConnection {
  private readonly database: InstanceType<typeof Libsql>;
  private readonly statements = new Map<string, Statement>();

  /** @param cacheKb pages that the connection holds in memory */
  constructor(path: string, cacheKb: number) {
    this.database = new Libsql(path, { timeout: 5000 });
    this.database.exec('pragma journal_mode = wal');
    this.database.exec('pragma synchronous = full');
    this.database.exec(`pragma cache_size = -${cacheKb}`);
  }

  /** From now on nothing can be written here by mistake. */
  onlyRead(): void {
    this.database.exec('pragma query_only = on');
  }

  /** Rows changed. */
  run({ sql, parameters }: PlainStatement): number {
    return this.prepare(sql).run(parameters as unknown[]).changes;
  }

  /** Rows, their blobs as ArrayBuffer. */
  all({ sql, parameters }: PlainStatement): unknown[] {
    return this.prepare(sql).all(parameters as unknown[]);
  }

  /** What `work` does is kept as a whole or not at all. */
  transaction<T>(work: () => T): T {
    this.run(BEGIN);
    try {
      const result = work();
      this.run(COMMIT);
      return result;
    } catch (error) {
      // A full disk has SQLite roll back by itself, and what went wrong is the first error.
      if (this.inTransaction) this.run(ROLLBACK);
      throw error;
    }
  }

  get inTransaction(): boolean {
    return this.database.inTransaction;
  }

  close(): void {
    this.database.close();
  }

  private prepare(sql: string): Statement {
    let statement = this.statements.get(sql);
    if (!statement) {
      statement = this.database.prepare(sql);
      if (this.statements.size >= MAX_STATEMENTS) this.statements.clear();
      this.statements.set(sql, statement);
    }
    return statement;
  }
}

const plain = (sql: string): PlainStatement => ({ sql, parameters: [] });
const BEGIN = plain('begin immediate');
const COMMIT = plain('commit');
const ROLLBACK = plain('rollback');
