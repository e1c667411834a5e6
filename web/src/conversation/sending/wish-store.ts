import type { Wish } from './wish.js';

const NAME = 'patchbay-unsent';
const TABLE = 'wishes';

/**
 * What is on its way to the server, files included, kept by the browser: a reload, a crash of the
 * page or a server that is away loses nothing. Where the browser keeps nothing (private windows of
 * some), it lasts as long as the page.
 */
export class WishStore {
  private readonly opened: Promise<IDBDatabase | null> = open();

  /** @returns whether the browser keeps it */
  async put(wish: Wish): Promise<boolean> {
    return (await this.run('readwrite', (table) => table.put(wish))) !== undefined;
  }

  async remove(key: string): Promise<void> {
    await this.run('readwrite', (table) => table.delete(key));
  }

  /** Of one user, in the order in which they were sent. */
  async all(userId: string): Promise<Wish[]> {
    const wishes = (await this.run<Wish[]>('readonly', (table) => table.getAll())) ?? [];
    const own = wishes.filter((wish) => wish.userId === userId);
    return own.sort((a, b) => (a.at < b.at ? -1 : 1));
  }

  /** Whether it is still to be sent: another tab may have sent or discarded it. */
  async has(key: string): Promise<boolean> {
    return (await this.run('readonly', (table) => table.count(key))) !== 0;
  }

  private async run<Result>(
    mode: IDBTransactionMode,
    ask: (table: IDBObjectStore) => IDBRequest<Result>,
  ): Promise<Result | undefined> {
    const database = await this.opened;
    if (!database) return undefined;
    return await new Promise((resolve) => {
      try {
        const transaction = database.transaction(TABLE, mode, { durability: 'strict' });
        const request = ask(transaction.objectStore(TABLE));
        transaction.oncomplete = () => resolve(request.result);
        transaction.onabort = () => resolve(undefined);
      } catch {
        resolve(undefined);
      }
    });
  }
}

function open(): Promise<IDBDatabase | null> {
  return new Promise((resolve) => {
    try {
      const request = indexedDB.open(NAME, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(TABLE, { keyPath: 'key' });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => resolve(null);
    } catch {
      resolve(null);
    }
  });
}
