import type { SqliteDatabase, SqliteStatement } from 'kysely';
import { SqliteDialect } from 'kysely';
import Libsql from 'libsql';
import type { UnitOutcome } from './group-commit.js';
import type { WriteResult, WriteUnit } from './write-unit.js';
import { verdict } from './write-unit.js';

type Statement = ReturnType<InstanceType<typeof Libsql>['prepare']>;

/** Prepared statements kept; the product has about a hundred different ones. */
const MAX_STATEMENTS = 500;

/** Pages held in memory: the inner ones of all indexes, so that a write seldom waits for a read. */
const CACHE_KB = 16_384;

/** SQLite in this process: one connection, WAL, every commit synced to disk. */
export class SqliteStore {
  readonly dialect: SqliteDialect;
  private readonly database: InstanceType<typeof Libsql>;
  private readonly statements = new Map<string, Statement>();

  constructor(path: string) {
    this.database = new Libsql(path, { timeout: 5000 });
    this.database.exec('pragma journal_mode = wal');
    this.database.exec('pragma synchronous = full');
    this.database.exec(`pragma cache_size = -${CACHE_KB}`);
    this.dialect = new SqliteDialect({ database: this.asKyselyDatabase() });
  }

  /** What the settings of this connection promise about a commit, as SQLite itself tells them. */
  async durability(): Promise<Record<string, string>> {
    const pragma = (name: string) =>
      Object.values(this.database.prepare(`pragma ${name}`).get([]) as object)[0];
    return {
      journal_mode: String(pragma('journal_mode')),
      synchronous: ['off', 'normal', 'full', 'extra'][Number(pragma('synchronous'))] ?? 'unknown',
    };
  }

  async commitBatch(units: readonly WriteUnit[]): Promise<UnitOutcome[]> {
    try {
      return this.inTransaction(() => units.map((unit) => ({ result: this.runSteps(unit) })));
    } catch (error) {
      if (units.length === 1) return [{ error }];
    }
    // One of them failed, which is rare: once more, each by itself, so that the others go through.
    return this.inTransaction(() => units.map((unit) => this.runAlone(unit)));
  }

  private inTransaction<T>(work: () => T): T {
    this.run('begin immediate');
    try {
      const result = work();
      this.run('commit');
      return result;
    } catch (error) {
      // A full disk has SQLite roll back by itself, and what went wrong is the first error.
      if (this.database.inTransaction) this.run('rollback');
      throw error;
    }
  }

  private runAlone(unit: WriteUnit): UnitOutcome {
    this.run('savepoint unit');
    try {
      const result = this.runSteps(unit);
      this.run('release unit');
      return { result };
    } catch (error) {
      if (!this.database.inTransaction) throw error;
      this.run('rollback to unit');
      this.run('release unit');
      return { error };
    }
  }

  private runSteps(unit: WriteUnit): WriteResult {
    const changes: number[] = [];
    for (const step of unit) {
      const { sql, parameters } = step.query.compile();
      const changed = this.prepare(sql).run(parameters as unknown[]).changes;
      changes.push(changed);
      if (verdict(step, changed) === 'stop') return { applied: false, changes };
    }
    return { applied: true, changes };
  }

  private run(sql: string): void {
    this.prepare(sql).run([]);
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

  private forKysely(statement: Statement): SqliteStatement {
    return {
      reader: statement.reader,
      run: (parameters) => statement.run([...parameters]),
      all: (parameters) => statement.all([...parameters]).map(withBuffers),
      iterate: (parameters) => statement.iterate([...parameters]) as IterableIterator<unknown>,
    };
  }

  private asKyselyDatabase(): SqliteDatabase {
    return {
      close: () => this.database.close(),
      prepare: (sql) => this.forKysely(this.prepare(sql)),
    };
  }
}

/** libsql gives blobs of `all` as ArrayBuffer; everyone else expects a Buffer. */
function withBuffers(row: unknown): unknown {
  const columns = row as Record<string, unknown>;
  for (const name in columns) {
    const value = columns[name];
    if (value instanceof ArrayBuffer) columns[name] = Buffer.from(value);
  }
  return columns;
}
