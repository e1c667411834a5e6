import type { Login } from './talk.js';

/** What the page keeps over its life: who it is, and its keys. */
export interface Kept {
  keys: { noise: string; identity: string; advSecret: string };
  login?: Login;
}

const STORE = 'login';
const KEY = 'kept';

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('stand-in', 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function inStore<T>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const database = await open();
  return await new Promise((resolve, reject) => {
    // Strict: on disk before anybody is told, or a killed browser would have lost its login.
    const transaction = database.transaction(STORE, mode, { durability: 'strict' });
    const request = work(transaction.objectStore(STORE));
    transaction.oncomplete = () => {
      database.close();
      resolve(request.result);
    };
    transaction.onabort = () => reject(transaction.error);
  });
}

const newKey = (): string =>
  btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))));

/** What was kept, or new keys. */
export async function readKept(): Promise<Kept> {
  const kept = (await inStore('readonly', (store) => store.get(KEY))) as Kept | undefined;
  if (kept) return kept;
  const fresh: Kept = {
    keys: { noise: newKey(), identity: newKey(), advSecret: newKey() },
  };
  await keep(fresh);
  return fresh;
}

export async function keep(kept: Kept): Promise<void> {
  await inStore('readwrite', (store) => store.put(kept, KEY));
}

/** Login and keys are gone. */
export async function forgetKept(): Promise<void> {
  await inStore('readwrite', (store) => store.delete(KEY));
}
