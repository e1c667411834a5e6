import { join } from 'node:path';
import { Kysely, Migrator } from 'kysely';
import type { Logger } from 'pino';
import type { DialectName } from './dialect.js';
import { GroupCommit } from './group-commit.js';
import { migrations } from './migrations/index.js';
import { PostgresStore } from './postgres.js';
import type { Schema } from './schema.js';
import { SqliteStore } from './sqlite.js';
import { StorageLock } from './storage-lock.js';
import type { WriteResult, WriteUnit } from './write-unit.js';

export interface DatabaseOptions {
  /** PostgreSQL; absent: SQLite under `storageRoot`. */
  url?: string | undefined;
  storageRoot: string;
  logger: Logger;
}

/**
 * The database: `read` with the query builder, `write` a unit of statements. All writing goes
 * through `write`, so that concurrent units share one commit.
 */
export class Database {
  private readonly commits: GroupCommit;

  private constructor(
    readonly dialect: DialectName,
    /** For reading, and for building the statements of write units. */
    readonly kysely: Kysely<Schema>,
    private readonly store: SqliteStore | PostgresStore,
    private readonly lock: StorageLock,
  ) {
    this.commits = new GroupCommit((units) => store.commitBatch(units));
  }

  /** Opens the database and brings its tables up to date. */
  static async open({ url, storageRoot, logger }: DatabaseOptions): Promise<Database> {
    const dialect = url ? 'postgres' : 'sqlite';
    const lock = StorageLock.take(storageRoot);
    let store: SqliteStore | PostgresStore;
    if (url) {
      store = new PostgresStore(url, (error) =>
        logger.error({ err: error }, 'database connection'),
      );
    } else {
      const path = join(storageRoot, 'patchbay.db');
      store = await SqliteStore.open(path, (kysely) => migrate(kysely, dialect));
    }
    const kysely = new Kysely<Schema>({ dialect: store.dialect });
    if (url) await migrate(kysely, dialect);
    logger.info({ dialect, durability: await store.durability() }, 'database is open');
    return new Database(dialect, kysely, store, lock);
  }

  /** Resolves when the unit is durable; see write-unit.ts. */
  write(unit: WriteUnit): Promise<WriteResult> {
    return this.commits.write(unit);
  }

  /** Finishes what was handed over, then closes. */
  async close(): Promise<void> {
    await this.commits.settled();
    await this.kysely.destroy();
    await this.store.close();
    this.lock.release();
  }
}

async function migrate(kysely: Kysely<Schema>, dialect: DialectName): Promise<void> {
  const migrator = new Migrator({ db: kysely, provider: migrations(dialect) });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}
