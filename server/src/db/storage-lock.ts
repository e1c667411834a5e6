import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Libsql from 'libsql';
import { StartError } from '../start-error.js';

/**
 * Holds a storage folder for this process; two servers on one folder would take each other's
 * sessions away. The lock is the operating system's, so it ends with the process however that dies.
 */
export class StorageLock {
  private constructor(private readonly database: InstanceType<typeof Libsql>) {}

  static take(storageRoot: string): StorageLock {
    try {
      mkdirSync(storageRoot, { recursive: true });
    } catch (error) {
      throw notWritable(storageRoot, error);
    }
    let database: InstanceType<typeof Libsql> | undefined;
    try {
      database = new Libsql(join(storageRoot, 'lock.db'));
      database.exec('begin exclusive');
      return new StorageLock(database);
    } catch (error) {
      database?.close();
      if (error instanceof Error && /locked|busy/i.test(error.message)) {
        throw new StartError(
          `Another Patchbay is running on the storage folder ${storageRoot}. Stop it first, or choose ` +
            'another folder with --data or STORAGE_ROOT.',
        );
      }
      throw notWritable(storageRoot, error);
    }
  }

  release(): void {
    this.database.exec('rollback');
    this.database.close();
  }
}

function notWritable(storageRoot: string, error: unknown): StartError {
  const detail = error instanceof Error ? error.message : String(error);
  return new StartError(
    `The storage folder ${storageRoot} cannot be written (${detail}). Check its owner and ` +
      'permissions, or choose another folder with --data or STORAGE_ROOT.',
  );
}
