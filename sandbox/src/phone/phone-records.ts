import type { PhoneStore } from '../protocol/seam.js';
import type { SignalRecords } from './signal-state.js';

/**
 * A phone's store with the writes of the current step held back: Signal's ciphers write in the middle
 * of asynchronous work, but ratchet, message and stanza must become durable together or not at all.
 */
export class PhoneRecords implements SignalRecords {
  private readonly pending = new Map<string, Uint8Array | null>();

  constructor(private readonly store: PhoneStore) {}

  get(key: string): Uint8Array | undefined {
    const pending = this.pending.get(key);
    return pending === undefined ? this.store.get(key) : (pending ?? undefined);
  }

  set(key: string, value: Uint8Array | null): void {
    this.pending.set(key, value);
  }

  /** Committed entries only, in key order. */
  list(prefix: string): { key: string; value: Buffer }[] {
    return this.store.list(prefix);
  }

  getJson<T>(key: string): T | undefined {
    const bytes = this.get(key);
    return bytes && (JSON.parse(Buffer.from(bytes).toString()) as T);
  }

  setJson(key: string, value: unknown): void {
    this.set(key, Buffer.from(JSON.stringify(value)));
  }

  /** Hands the step's writes to the store, which makes them durable with the stanzas sent in the same turn. */
  flush(): void {
    for (const [key, value] of this.pending) {
      if (value === null) this.store.delete(key);
      else this.store.set(key, value);
    }
    this.pending.clear();
  }

  discard(): void {
    this.pending.clear();
  }
}
