import { AsyncLocalStorage } from 'node:async_hooks';
import type { AuthStore, KeyEntry, OpenedCiphertext } from '../../engine.js';
import type { SignalDataSet, SignalDataTypeMap } from '../baileys.js';
import { decodeKey, encodeKey, type KeyKind } from './key-codec.js';

/** Kinds that every message reads; the others are read from the store each time. */
const CACHED = new Set<string>(['session', 'sender-key', 'identity-key', 'lid-mapping', 'tctoken']);
const MAX_CACHED = 300;

/** Key changes of one piece of work, not on their way to the store yet. */
interface Held {
  entries: KeyEntry[];
  open: boolean;
}

/**
 * Baileys' Signal keys over our store, a row per key.
 *
 * What is set can be read at once, though it becomes durable later. Our store writes in the order in
 * which it is asked, so the order of steps in memory is the order in which they survive.
 *
 * Nothing here rejects, since rc14 takes a failing key for an unreadable message and has it
 * acknowledged away (`lib/Socket/messages-recv.js`, handleMessage): when the store fails, the call
 * stays pending for ever and `onFailure` is told, which must close the socket.
 */
export class KeyStore {
  /** Set and not durable yet, with the entry that will make it so; null: deleted. */
  readonly #pending = new Map<string, { value: unknown; entry: KeyEntry }>();
  /** Durable values, decoded, the least recently used first; null: the store has none. */
  readonly #cache = new Map<string, unknown>();
  readonly #holder = new AsyncLocalStorage<Held>();
  #written: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: AuthStore,
    private readonly onFailure: (error: unknown) => void,
    /** Told of each PN and LID (both without server) that Baileys learns. */
    private readonly onLidMapping: (mappings: { pn: string; lid: string }[]) => void,
  ) {}

  get = <Kind extends KeyKind>(
    kind: Kind,
    ids: string[],
  ): Promise<{ [id: string]: SignalDataTypeMap[Kind] }> => this.#orNever(this.#read(kind, ids));

  set = (data: SignalDataSet): Promise<void> => {
    const entries = this.#remember(data);
    const mappings = mappingsOf(data);
    if (mappings.length > 0) this.onLidMapping(mappings);
    const held = this.#holder.getStore();
    if (held?.open) {
      held.entries.push(...entries);
      return Promise.resolve();
    }
    return this.#write(entries);
  };

  /**
   * Runs `work` and stores all that it sets as one, with the ciphertext that it opened.
   * @returns its result at once, and a promise for the moment when the step is durable
   */
  async step<T>(
    work: () => Promise<T>,
    opened?: (result: T) => OpenedCiphertext,
  ): Promise<{ result: T; durable: Promise<void> }> {
    const held: Held = { entries: [], open: true };
    try {
      const result = await this.#holder.run(held, work);
      return { result, durable: this.#write(held.entries, opened?.(result)) };
    } catch (error) {
      this.#settle(held.entries, () => {});
      throw error;
    } finally {
      // What the work does behind its own back is stored by itself.
      held.open = false;
    }
  }

  /** Resolves when everything set so far is durable. */
  written(): Promise<void> {
    return this.#written;
  }

  #write(set: KeyEntry[], opened?: OpenedCiphertext): Promise<void> {
    // A key that was set twice on the way is written as it is now.
    const entries = set.filter(
      (entry) => this.#pending.get(`${entry.kind} ${entry.id}`)?.entry === entry,
    );
    const durable = this.#orNever(
      this.store.write(entries, opened).then(() =>
        this.#settle(entries, (name, kind, value) => {
          if (CACHED.has(kind)) this.#keep(name, value);
        }),
      ),
    );
    this.#written = Promise.all([this.#written, durable]).then(() => {});
    return durable;
  }

  /** Ends the pending state of entries that no later one has replaced. */
  #settle(
    entries: readonly KeyEntry[],
    settled: (name: string, kind: string, value: unknown) => void,
  ): void {
    for (const entry of entries) {
      const name = `${entry.kind} ${entry.id}`;
      const pending = this.#pending.get(name);
      if (pending?.entry !== entry) continue;
      this.#pending.delete(name);
      settled(name, entry.kind, pending.value);
    }
  }

  async #read<Kind extends KeyKind>(kind: Kind, ids: string[]) {
    const found: { [id: string]: SignalDataTypeMap[Kind] } = {};
    const missing: string[] = [];
    for (const id of ids) {
      const value = this.#known(`${kind} ${id}`);
      if (value === undefined) missing.push(id);
      else if (value !== null) found[id] = value as SignalDataTypeMap[Kind];
    }
    if (missing.length === 0) return found;
    const rows = await this.store.read(kind, missing);
    for (const id of missing) {
      const name = `${kind} ${id}`;
      const row = rows.get(id);
      // What was set while it was being read is newer than the row.
      const newer = this.#known(name);
      const value = newer === undefined && row ? decodeKey(kind, row) : (newer ?? null);
      if (CACHED.has(kind) && !this.#pending.has(name)) this.#keep(name, value);
      if (value !== null) found[id] = value as SignalDataTypeMap[Kind];
    }
    return found;
  }

  #remember(data: SignalDataSet): KeyEntry[] {
    const entries: KeyEntry[] = [];
    for (const [kind, keys] of Object.entries(data)) {
      for (const [id, value] of Object.entries(keys)) {
        const entry = entryOf(kind, id, value);
        this.#pending.set(`${kind} ${id}`, { value: value ?? null, entry });
        this.#cache.delete(`${kind} ${id}`);
        entries.push(entry);
      }
    }
    return entries;
  }

  /** The value as far as it is in memory; null: known to be absent. */
  #known(name: string): unknown {
    const pending = this.#pending.get(name);
    if (pending) return pending.value;
    const value = this.#cache.get(name);
    if (value !== undefined) this.#keep(name, value);
    return value;
  }

  #keep(name: string, value: unknown): void {
    this.#cache.delete(name);
    this.#cache.set(name, value);
    const oldest = this.#cache.size > MAX_CACHED && this.#cache.keys().next();
    if (oldest && !oldest.done) this.#cache.delete(oldest.value);
  }

  #orNever<T>(work: Promise<T>): Promise<T> {
    return work.catch((error: unknown) => {
      this.onFailure(error);
      return new Promise<T>(() => {});
    });
  }
}

/**
 * The entry that stores a key. libsignal gives a session as an object that nobody changes any more, a
 * new one for each message (`src/session_record.js`, serialize), so only the one that is written is
 * encoded; of other kinds rc14 may keep the object and change it.
 */
function entryOf(kind: string, id: string, value: unknown): KeyEntry {
  if (!value || kind !== 'session') {
    return { kind, id, value: value ? encodeKey(kind, value) : null };
  }
  return {
    kind,
    id,
    get value() {
      return encodeKey(kind, value);
    },
  };
}

/** Mappings are stored in both directions: `<pn>` → lid and `<lid>_reverse` → pn. */
function mappingsOf(data: SignalDataSet): { pn: string; lid: string }[] {
  return Object.entries(data['lid-mapping'] ?? {}).flatMap(([pn, lid]) =>
    lid && !pn.endsWith('_reverse') ? [{ pn, lid }] : [],
  );
}
