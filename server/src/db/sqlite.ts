import type { CompiledQuery, DatabaseConnection, Dialect, Driver } from 'kysely';
import {
  Kysely,
  SqliteAdapter,
  SqliteDialect,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import Libsql from 'libsql';
import type { UnitOutcome } from './group-commit.js';
import type { Schema } from './schema.js';
import type { PlainOutcome, PlainStep } from './sqlite-orders.js';
import { fromPlainError } from './sqlite-orders.js';
import { SqliteWorker } from './sqlite-worker.js';
import type { WriteStep, WriteUnit } from './write-unit.js';

/** The inner pages of all indexes, so that a write seldom waits for a read. */
const WRITER_CACHE_KB = 16_384;
/** Every commit of the writer empties it. */
const READER_CACHE_KB = 2048;
/** Two, so that a search does not hold up the short reads that messages need. */
const READERS = 2;

/** SQLite in threads of this process: one writes, the others read; see sqlite-thread.ts. */
export class SqliteStore {
  readonly dialect: Dialect;

  private constructor(
    private readonly writer: SqliteWorker,
    private readonly readers: SqliteWorker[],
  ) {
    this.dialect = {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new ReadingDriver(readers),
      createIntrospector: (kysely) => new SqliteIntrospector(kysely),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    };
  }

  /** @param migrate brings the tables up to date, before any thread reads them */
  static async open(
    path: string,
    migrate: (kysely: Kysely<Schema>) => Promise<void>,
  ): Promise<SqliteStore> {
    const kysely = new Kysely<Schema>({
      dialect: new SqliteDialect({ database: new Libsql(path, { timeout: 5000 }) }),
    });
    await migrate(kysely).finally(() => kysely.destroy());
    const reading = { path, cacheKb: READER_CACHE_KB, writes: false };
    // The first alone: of several that switch a new file to WAL at once, some would find it busy.
    const writer = await SqliteWorker.start({ path, cacheKb: WRITER_CACHE_KB, writes: true });
    const readers = await Promise.all(
      Array.from({ length: READERS }, () => SqliteWorker.start(reading)),
    );
    return new SqliteStore(writer, readers);
  }

  /** What the settings of the connection that writes promise about a commit, as SQLite tells them. */
  async durability(): Promise<Record<string, string>> {
    const pragma = async (name: string) => {
      const [row] = await this.writer.read({ sql: `pragma ${name}`, parameters: [] });
      return Object.values(row as object)[0];
    };
    const levels = ['off', 'normal', 'full', 'extra'];
    return {
      journal_mode: String(await pragma('journal_mode')),
      synchronous: levels[Number(await pragma('synchronous'))] ?? 'unknown',
    };
  }

  async commitBatch(units: readonly WriteUnit[]): Promise<UnitOutcome[]> {
    const plain = units.map(toPlainUnit);
    const sent = plain.flatMap((unit) => ('error' in unit ? [] : [unit.steps]));
    const outcomes = (await this.writer.commit<PlainOutcome[]>(sent)).values();
    return plain.map((unit) => {
      if ('error' in unit) return unit;
      const outcome = outcomes.next().value as PlainOutcome;
      return 'error' in outcome ? { error: fromPlainError(outcome.error) } : outcome;
    });
  }

  async close(): Promise<void> {
    // The writer last: whoever closes last folds the write-ahead log into the file.
    await Promise.all(this.readers.map((reader) => reader.close()));
    await this.writer.close();
  }
}

/** For Kysely: each query goes to the thread that has least to do. */
class ReadingDriver implements Driver {
  private readonly connection: DatabaseConnection;

  constructor(readers: SqliteWorker[]) {
    this.connection = {
      async executeQuery<Row>({ sql, parameters }: CompiledQuery) {
        const reader = readers.reduce((least, one) => (one.busy < least.busy ? one : least));
        const rows = await reader.read({ sql, parameters: parameters.map(portable) });
        for (const row of rows) giveBuffers(row as Record<string, unknown>);
        return { rows: rows as Row[] };
      },
      // biome-ignore lint/correctness/useYield: nothing of ours streams from the database
      async *streamQuery() {
        throw new Error('rows are not streamed: read a page after a page');
      },
    };
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.connection;
  }

  beginTransaction = refuseTransaction;
  commitTransaction = refuseTransaction;
  rollbackTransaction = refuseTransaction;

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {}
}

async function refuseTransaction(): Promise<void> {
  throw new Error('what belongs together is one write unit: Database.write');
}

/** One that cannot be built fails alone, like one that cannot be run. */
function toPlainUnit(unit: WriteUnit): { steps: PlainStep[] } | { error: unknown } {
  try {
    return { steps: unit.map(toPlain) };
  } catch (error) {
    return { error };
  }
}

function toPlain({ query, whenUnchanged }: WriteStep): PlainStep {
  const { sql, parameters } = query.compile();
  return { sql, parameters: parameters.map(portable), ...(whenUnchanged && { whenUnchanged }) };
}

/** A small Buffer is a view of a pool of 8 KB, and cloning a view clones what lies behind it. */
function portable(value: unknown): unknown {
  return value instanceof Uint8Array && value.byteLength < value.buffer.byteLength
    ? new Uint8Array(value)
    : value;
}

/** SQLite gives blobs as ArrayBuffer; everyone else expects a Buffer. */
function giveBuffers(row: Record<string, unknown>): void {
  for (const name in row) {
    const value = row[name];
    if (value instanceof ArrayBuffer) row[name] = Buffer.from(value);
  }
}
