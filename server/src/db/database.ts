import { join } from 'node:path';
import { Kysely, Migrator } from 'kysely';
import type { Logger } from 'pino';
import type { DialectName } from './dialect.js';
import { GroupCommit } from './group-commit.js';
import { migrations } from './migrations/index.js';
import { refuseMoved } from './moved.js';
import { PostgresStore } from './postgres.js';
import { PostgresNotices } from './postgres-notices.js';
import type { Schema } from './schema.js';
import { SqliteStore } from './sqlite.js';
import { StorageLock } from './storage-lock.js';
import type { WriteResult, WriteUnit } from './write-unit.js';

export interface DatabaseOptions {
  /** PostgreSQL; absent: SQLite under `storageRoot`. */
  url?: string | undefined;
  storageRoot: string;
  logger: Logger;
  /** To move its rows, or to take them back: nothing else may open a database that was moved. */
  evenIfMoved?: boolean;
}

/** What processes that share a database need to know of each other in time. */
export interface Control {
  /** For single short statements: waits neither behind writes nor for a server that is away. */
  kysely: Kysely<Schema>;
  /** `application_name` of all connections of this process. */
  connections: string;
  /** Ends all connections of this process; what waits on them fails. */
  drop(): void;
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
    /** What processes on this database tell each other; undefined where there is only this one. */
    readonly notices: PostgresNotices | undefined,
    /** With PostgreSQL, which other processes may work on as well. */
    readonly control: Control | undefined,
  ) {
    this.commits = new GroupCommit((units) => store.commitBatch(units));
  }

  /** Opens the database and brings its tables up to date. */
  static async open(options: DatabaseOptions): Promise<Database> {
    const { url, storageRoot, logger, evenIfMoved } = options;
    const dialect = url ? 'postgres' : 'sqlite';
    const prepare = async (kysely: Kysely<Schema>) => {
      if (!evenIfMoved) await refuseMoved(kysely, dialect);
      await migrate(kysely, dialect);
    };
    const lock = url ? StorageLock.takeAny(storageRoot) : StorageLock.take(storageRoot);
    let store: SqliteStore | PostgresStore | undefined;
    try {
      if (url) {
        store = new PostgresStore(url, (error) =>
          logger.error({ err: error }, 'database connection'),
        );
      } else {
        store = await SqliteStore.open(join(storageRoot, 'patchbay.db'), prepare);
      }
      const kysely = new Kysely<Schema>({ dialect: store.dialect });
      if (url) await prepare(kysely);
      logger.info({ dialect, durability: await store.durability() }, 'database is open');
      const notices = url ? new PostgresNotices(url, logger) : undefined;
      return new Database(dialect, kysely, store, lock, notices, controlOf(store));
    } catch (error) {
      await store?.close();
      lock.release();
      throw error;
    }
  }

  /** A folder of this process alone: of those that work on the same storage, and of all that ever did. */
  get ownFolder(): string {
    return this.lock.folder;
  }

  /** Resolves when the unit is durable; see write-unit.ts. */
  write(unit: WriteUnit): Promise<WriteResult> {
    return this.commits.write(unit);
  }

  /** Finishes what was handed over, then closes. */
  async close(): Promise<void> {
    await this.commits.settled();
    await this.notices?.close();
    await this.kysely.destroy();
    await this.control?.kysely.destroy();
    await this.store.close();
    this.lock.release();
  }
}

function controlOf(store: SqliteStore | PostgresStore): Control | undefined {
  if (!(store instanceof PostgresStore)) return undefined;
  const { connections } = store;
  return {
    kysely: new Kysely<Schema>({ dialect: store.controlDialect }),
    connections: connections.name,
    drop: () => connections.drop(),
  };
}

/** Brings the tables of a database up to date. */
export async function migrate(kysely: Kysely<Schema>, dialect: DialectName): Promise<void> {
  const migrator = new Migrator({ db: kysely, provider: migrations(dialect) });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}
