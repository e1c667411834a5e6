import async_hooks, { AsyncLocalStorage } from 'node:async_hooks';
import { syncBuiltinESMExports } from 'node:module';

/**
 * One real AsyncLocalStorage for the whole process on Node < 24.
 *
 * Mends: baileys `lib/Utils/auth-utils.js`, `addTransactionCapability`, which makes an
 * AsyncLocalStorage for every socket. Before Node 24 the runtime keeps each one that was ever used
 * in a list and walks the whole list for every promise, so each new socket (each reconnect too)
 * makes everything slower for ever. Here all instances share one real storage, whose value is a
 * map from instance to that instance's value; a map lives as long as the contexts that carry it.
 */
const alreadyCheap = Number(process.versions.node.split('.')[0]) >= 24;
const installed = Symbol.for('patchbay.hardening.shared-async-storage');

type Values = ReadonlyMap<object, unknown>;

function install(): void {
  const Original = AsyncLocalStorage;
  const shared = new Original<Values>();

  class SharedAsyncLocalStorage<T> extends Original<T> {
    #active = false;

    #with(store: T): Values {
      this.#active = true;
      return new Map(shared.getStore()).set(this, store);
    }

    override getStore(): T | undefined {
      return this.#active ? (shared.getStore()?.get(this) as T | undefined) : undefined;
    }

    override run<R, Args extends unknown[]>(
      store: T,
      callback: (...args: Args) => R,
      ...args: Args
    ): R {
      return shared.run(this.#with(store), callback, ...args);
    }

    override exit<R, Args extends unknown[]>(callback: (...args: Args) => R, ...args: Args): R {
      const others = new Map(shared.getStore());
      others.delete(this);
      return shared.run(others, callback, ...args);
    }

    override enterWith(store: T): void {
      shared.enterWith(this.#with(store));
    }

    override disable(): void {
      this.#active = false;
    }
  }

  async_hooks.AsyncLocalStorage = SharedAsyncLocalStorage as typeof AsyncLocalStorage;
  syncBuiltinESMExports();
}

const process_ = globalThis as { [installed]?: true };
if (!alreadyCheap && !process_[installed]) {
  process_[installed] = true;
  install();
}
