import { sql } from 'kysely';
import { stillThere } from '../cluster/still-there.js';
import type { Database } from '../db/database.js';
import { prepared, shared } from '../db/prepared.js';
import type { WriteStep } from '../db/write-unit.js';
import type { AuthStore, KeyEntry, OpenedCiphertext } from '../engines/engine.js';
import type { SecretBox } from '../secrets/secret-box.js';
import type { Fenced } from './fence.js';
import type { SessionJournal } from './stanza-journal.js';

/** Rows of one statement: below the limits on bound values of both databases. */
const ROWS_PER_STATEMENT = 200;
/** Up to this many keys, each has a statement of its own, made once. */
const FEW = 4;
/** Steps of ratchets and opened ciphertexts that share a unit. */
const MOST_STEPS = 64;

/** A unit that waits for its commit, and takes more until then. */
interface Gathering {
  steps: WriteStep[];
  /** By kind and id; each has its step, which writes the entry that is there in the end. */
  keys: Map<string, { entry: KeyEntry }>;
  isOpen: boolean;
  written: Promise<void>;
}

/**
 * A session's credentials and Signal keys: a row per key, sealed. Writes carry the epoch under which
 * the engine was opened, so that an engine that was replaced cannot write over its successor's keys,
 * and where there are several processes the worker that owns the session.
 */
export class SessionAuthStore implements AuthStore {
  private readonly sessionId: string;
  private gathering: Gathering | undefined;

  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
    private readonly session: Fenced & { epoch: number },
    private readonly journal: SessionJournal,
    /** Told when a stored value cannot be opened; the read then fails. */
    private readonly onUnreadable: (kind: string, error: unknown) => void,
  ) {
    this.sessionId = session.id;
  }

  async read(kind: string, ids: readonly string[]): Promise<Map<string, Uint8Array>> {
    const found = new Map<string, Uint8Array>();
    const [id, ...more] = ids;
    if (id !== undefined && more.length === 0) {
      const { one } = shared(this.database, statementsOf);
      const query = one({ sessionId: this.sessionId, kind, id });
      const { rows } = await this.database.kysely.executeQuery(query);
      for (const { value } of rows) found.set(id, this.open(kind, id, value));
      return found;
    }
    for (let start = 0; start < ids.length; start += ROWS_PER_STATEMENT) {
      const rows = await this.database.kysely
        .selectFrom('session_keys')
        .select(['id', 'value'])
        .where('session_id', '=', this.sessionId)
        .where('kind', '=', kind)
        .where('id', 'in', ids.slice(start, start + ROWS_PER_STATEMENT))
        .execute();
      for (const { id, value } of rows) found.set(id, this.open(kind, id, value));
    }
    return found;
  }

  // Not `async`: the place in the order of writes is taken at once.
  write(entries: readonly KeyEntry[], opened?: OpenedCiphertext): Promise<void> {
    if (entries.length === 0 && !opened) return Promise.resolve();
    if (entries.length > FEW) return this.writeMany(entries, opened);
    const gathering = this.gathering;
    if (gathering?.isOpen) {
      this.gather(gathering, entries, opened);
      return gathering.written;
    }
    const unit = this.newUnit();
    this.gather(unit, entries, opened);
    unit.written = this.database
      .write(unit.steps)
      .then(() => undefined)
      .finally(() => {
        unit.isOpen = false;
      });
    this.gathering = unit;
    return unit.written;
  }

  /**
   * Steps of ratchets come faster than commits. Those that wait for the same commit share a unit,
   * in which a key that was set several times is sealed and written once, as it is last.
   */
  private newUnit(): Gathering {
    const own = this.ownership();
    const first: WriteStep = {
      ...own,
      query: {
        compile: () => {
          // Its turn has come.
          unit.isOpen = false;
          return own.query.compile();
        },
      },
    };
    const unit: Gathering = {
      steps: [first],
      keys: new Map(),
      isOpen: true,
      written: Promise.resolve(),
    };
    return unit;
  }

  private gather(
    unit: Gathering,
    entries: readonly KeyEntry[],
    opened: OpenedCiphertext | undefined,
  ): void {
    for (const entry of entries) {
      const name = `${entry.kind} ${entry.id}`;
      const place = unit.keys.get(name);
      if (place) {
        place.entry = entry;
        continue;
      }
      const newPlace = { entry };
      unit.keys.set(name, newPlace);
      unit.steps.push({ query: { compile: () => this.change(newPlace.entry).compile() } });
    }
    if (opened) unit.steps.push(this.journal.opened(opened));
    // One unit must not hold the others of its commit up.
    if (unit.steps.length >= MOST_STEPS) unit.isOpen = false;
  }

  private change({ kind, id, value }: KeyEntry) {
    if (value === null) return this.deletion(kind, [id]);
    const { keep } = shared(this.database, statementsOf);
    const sealed = this.box.seal(value, this.place(kind, id));
    return keep({ sessionId: this.sessionId, kind, id, value: sealed });
  }

  /** A new device writes hundreds of keys. */
  private writeMany(
    entries: readonly KeyEntry[],
    opened: OpenedCiphertext | undefined,
  ): Promise<void> {
    const steps: WriteStep[] = [this.ownership()];
    for (let start = 0; start < entries.length; start += ROWS_PER_STATEMENT) {
      steps.push(...this.writeSteps(entries.slice(start, start + ROWS_PER_STATEMENT)));
    }
    if (opened) steps.push(this.journal.opened(opened));
    this.gathering = undefined;
    return this.database.write(steps).then(() => undefined);
  }

  async clear(): Promise<void> {
    this.gathering = undefined;
    await this.database.write([
      this.ownership(),
      {
        query: this.database.kysely
          .deleteFrom('session_keys')
          .where('session_id', '=', this.sessionId),
      },
    ]);
  }

  private open(kind: string, id: string, value: Uint8Array): Uint8Array {
    try {
      return this.box.open(value, this.place(kind, id));
    } catch (error) {
      this.onUnreadable(kind, error);
      throw error;
    }
  }

  private writeSteps(entries: readonly KeyEntry[]): WriteStep[] {
    const steps: WriteStep[] = [];
    const kept: { kind: string; id: string; value: Uint8Array }[] = [];
    const deleted = new Map<string, string[]>();
    for (const { kind, id, value } of entries) {
      if (value) kept.push({ kind, id, value: this.box.seal(value, this.place(kind, id)) });
      else deleted.set(kind, [...(deleted.get(kind) ?? []), id]);
    }
    if (kept.length > 0) steps.push({ query: this.keepMany(kept) });
    for (const [kind, ids] of deleted) steps.push({ query: this.deletion(kind, ids) });
    return steps;
  }

  private deletion(kind: string, ids: string[]) {
    return this.database.kysely
      .deleteFrom('session_keys')
      .where('session_id', '=', this.sessionId)
      .where('kind', '=', kind)
      .where('id', 'in', ids);
  }

  private keepMany(keys: { kind: string; id: string; value: Uint8Array }[]) {
    return this.database.kysely
      .insertInto('session_keys')
      .values(keys.map((key) => ({ session_id: this.sessionId, ...key })))
      .onConflict((c) =>
        c.columns(['session_id', 'kind', 'id']).doUpdateSet({ value: sql`excluded.value` }),
      );
  }

  private ownership(): WriteStep {
    const { id: sessionId, epoch, worker } = this.session;
    const { own, ownAsWorker } = shared(this.database, statementsOf);
    const query =
      worker === undefined ? own({ sessionId, epoch }) : ownAsWorker({ sessionId, epoch, worker });
    return { query, whenUnchanged: 'fail' };
  }

  private place(kind: string, id: string): string {
    return keyPlace(this.sessionId, kind, id);
  }
}

/** What a key is sealed for. */
export function keyPlace(sessionId: string, kind: string, id: string): string {
  return `${sessionId}|${kind}|${id}`;
}

function statementsOf({ kysely }: Database) {
  return {
    one: prepared<{ sessionId: string; kind: string; id: string }, { value: Uint8Array }>((value) =>
      kysely
        .selectFrom('session_keys')
        .select('value')
        .where('session_id', '=', value('sessionId'))
        .where('kind', '=', value('kind'))
        .where('id', '=', value('id')),
    ),
    keep: prepared<{ sessionId: string; kind: string; id: string; value: Uint8Array }>((value) =>
      kysely
        .insertInto('session_keys')
        .values({
          session_id: value('sessionId'),
          kind: value('kind'),
          id: value('id'),
          value: value('value'),
        })
        .onConflict((c) =>
          c.columns(['session_id', 'kind', 'id']).doUpdateSet({ value: sql`excluded.value` }),
        ),
    ),
    own: prepared<{ sessionId: string; epoch: number }>((value) =>
      kysely
        .updateTable('sessions')
        .set({ epoch: value('epoch') })
        .where('id', '=', value('sessionId'))
        .where('epoch', '=', value('epoch')),
    ),
    ownAsWorker: prepared<{ sessionId: string; epoch: number; worker: string }>((value) =>
      kysely
        .selectFrom('sessions')
        .select('id')
        .where('id', '=', value('sessionId'))
        .where('epoch', '=', value('epoch'))
        .where('worker_id', '=', value('worker'))
        .where(stillThere(value('worker')))
        .forNoKeyUpdate(),
    ),
  };
}
