import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Libsql from 'libsql';
import { StartError } from '../start-error.js';

/** Processes of one machine that may work on one storage folder. */
const MOST_PROCESSES = 256;
/** What a process keeps in its folder while it runs: nothing that another one needs, and secrets. */
const OF_THE_LIVING = ['temp', 'browsers'];

/**
 * Holds a folder for this process. The lock is the operating system's, so it ends with the process
 * however that dies, and whoever gets it knows that its predecessor is gone.
 */
export class StorageLock {
  private constructor(
    /** Of this process alone. */
    readonly folder: string,
    private readonly database: InstanceType<typeof Libsql>,
  ) {}

  /**
   * The storage folder as a whole: two servers on one SQLite database would take each other's
   * sessions away.
   */
  static take(storageRoot: string): StorageLock {
    const lock = tryToTake(storageRoot);
    if (lock) return new StorageLock(storageRoot, lock);
    throw new StartError(
      `Another Patchbay is running on the storage folder ${storageRoot}. Stop it first, or choose ` +
        'another folder with --data or STORAGE_ROOT.',
    );
  }

  /** A folder below it that no other process has now. Clears what killed processes left in theirs. */
  static takeAny(storageRoot: string): StorageLock {
    let own: StorageLock | undefined;
    for (let number = 1; number <= MOST_PROCESSES; number += 1) {
      const folder = join(storageRoot, 'processes', String(number));
      if (own && !existsSync(folder)) continue;
      const lock = tryToTake(folder);
      if (!lock) continue;
      const taken = new StorageLock(folder, lock);
      if (!own) own = taken;
      else taken.clearAndRelease();
    }
    if (own) return own;
    throw new StartError(`${MOST_PROCESSES} processes are running on the folder ${storageRoot}`);
  }

  private clearAndRelease(): void {
    for (const name of OF_THE_LIVING) {
      rmSync(join(this.folder, name), { recursive: true, force: true });
    }
    this.release();
  }

  release(): void {
    this.database.exec('rollback');
    this.database.close();
  }
}

/** undefined: another process holds it. */
function tryToTake(folder: string): InstanceType<typeof Libsql> | undefined {
  let database: InstanceType<typeof Libsql> | undefined;
  try {
    mkdirSync(folder, { recursive: true });
    database = new Libsql(join(folder, 'lock.db'));
    database.exec('begin exclusive');
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof Error && /locked|busy/i.test(error.message)) return undefined;
    throw notWritable(folder, error);
  }
}

function notWritable(folder: string, error: unknown): StartError {
  const detail = error instanceof Error ? error.message : String(error);
  return new StartError(
    `The storage folder ${folder} cannot be written (${detail}). Check its owner and ` +
      'permissions, or choose another folder with --data or STORAGE_ROOT.',
  );
}
