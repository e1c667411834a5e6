import async_hooks, { AsyncLocalStorage } from 'node:async_hooks';
import { syncBuiltinESMExports } from 'node:module';

/**
 * A transaction of the key store ends when its work is done.
 *
 * Mends: baileys `lib/Utils/auth-utils.js`, `addTransactionCapability`. What was begun in a transaction
 * and goes on after it (`lib/Socket/messages-send.js`, relayMessage: tokens of trusted contacts) still
 * finds its context, and writes into changes that were committed long ago: they are lost. So no token
 * is ever noted as issued, and every message to a person asks WhatsApp to issue it again.
 */
const installed = Symbol.for('patchbay.hardening.ended-transactions');
const ended = new WeakSet<object>();

/** The context that rc14 keeps for a transaction. */
function isTransaction(store: unknown): store is object {
  return typeof store === 'object' && store !== null && 'mutations' in store && 'cache' in store;
}

function install(): void {
  class EndingAsyncLocalStorage<T> extends AsyncLocalStorage<T> {
    override getStore(): T | undefined {
      const store = super.getStore();
      return isTransaction(store) && ended.has(store) ? undefined : store;
    }

    override run<R, Args extends unknown[]>(
      store: T,
      callback: (...args: Args) => R,
      ...args: Args
    ): R {
      const result = super.run(store, callback, ...args);
      if (isTransaction(store) && result instanceof Promise) {
        const end = () => void ended.add(store);
        result.then(end, end);
      }
      return result;
    }
  }
  async_hooks.AsyncLocalStorage = EndingAsyncLocalStorage as typeof AsyncLocalStorage;
  syncBuiltinESMExports();
}

const process_ = globalThis as { [installed]?: true };
if (!process_[installed]) {
  process_[installed] = true;
  install();
}
