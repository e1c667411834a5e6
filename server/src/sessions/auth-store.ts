import { sql } from 'kysely';
import type { Database } from '../db/database.js';
import { prepared, shared } from '../db/prepared.js';
import type { WriteStep } from '../db/write-unit.js';
import type { AuthStore, KeyEntry, OpenedCiphertext } from '../engines/engine.js';
import type { SecretBox } from '../secrets/secret-box.js';
import type { SessionJournal } from './stanza-journal.js';

/** Rows of one statement: below the limits on bound values of both databases. */
const ROWS_PER_STATEMENT = 200;
/** Up to this many keys, each has a statement of its own. */
const FEW = 4;

/**
 * A session's credentials and Signal keys: a row per key, sealed. Writes carry the epoch under which
 * the engine was opened, so that an engine that was replaced cannot write over its successor's keys.
 */
export class SessionAuthStore implements AuthStore {
  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
    private readonly sessionId: string,
    private readonly epoch: number,
    private readonly journal: SessionJournal,
    /** Told when a stored value cannot be opened; the read then fails. */
    private readonly onUnreadable: (kind: string, error: unknown) => void,
  ) {}

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
    const steps: WriteStep[] = [this.ownership()];
    for (let start = 0; start < entries.length; start += ROWS_PER_STATEMENT) {
      steps.push(...this.writeSteps(entries.slice(start, start + ROWS_PER_STATEMENT)));
    }
    if (opened) steps.push(this.journal.opened(opened));
    return this.database.write(steps).then(() => undefined);
  }

  async clear(): Promise<void> {
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
    const { kysely } = this.database;
    const steps: WriteStep[] = [];
    const { sessionId } = this;
    const kept = entries.flatMap(({ kind, id, value }) =>
      value === null ? [] : [{ kind, id, value: this.box.seal(value, this.place(kind, id)) }],
    );
    // A message changes a key or two, by a statement made once; a new device writes hundreds.
    const { keep } = shared(this.database, statementsOf);
    if (kept.length > FEW) steps.push({ query: this.keepMany(kept) });
    else steps.push(...kept.map((key) => ({ query: keep({ sessionId, ...key }) })));
    for (const [kind, ids] of deletedByKind(entries)) {
      steps.push({
        query: kysely
          .deleteFrom('session_keys')
          .where('session_id', '=', this.sessionId)
          .where('kind', '=', kind)
          .where('id', 'in', ids),
      });
    }
    return steps;
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
    const { sessionId, epoch } = this;
    const query = shared(this.database, statementsOf).own({ sessionId, epoch });
    return { query, whenUnchanged: 'fail' };
  }

  private place(kind: string, id: string): string {
    return `${this.sessionId}|${kind}|${id}`;
  }
}

function deletedByKind(entries: readonly KeyEntry[]): Map<string, string[]> {
  const deleted = new Map<string, string[]>();
  for (const { kind, id, value } of entries) {
    if (value === null) deleted.set(kind, [...(deleted.get(kind) ?? []), id]);
  }
  return deleted;
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
  };
}
