import { sql } from 'kysely';
import type { Database } from '../db/database.js';
import { prepared, shared } from '../db/prepared.js';
import type { WriteStep } from '../db/write-unit.js';
import type { OpenedCiphertext, StanzaJournal } from '../engines/engine.js';
import type { SecretBox } from '../secrets/secret-box.js';
import { type Fenced, owned } from './fence.js';

type Kind = 'opened' | 'stanza';

/** Names of one statement: below the limits on bound values of both databases. */
const NAMES_PER_STATEMENT = 500;

/** A session's journal of stanzas, sealed. */
export class SessionJournal implements StanzaJournal {
  private readonly sessionId: string;
  private readonly insert: ReturnType<typeof inserting>;

  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
    private readonly session: Fenced,
  ) {
    this.sessionId = session.id;
    this.insert = shared(database, inserting);
  }

  async plaintext(digest: string): Promise<Uint8Array | undefined> {
    const row = await this.database.kysely
      .selectFrom('stanza_journal')
      .select('value')
      .where('session_id', '=', this.sessionId)
      .where('name', '=', digest)
      .where('kind', '=', 'opened')
      .executeTakeFirst();
    return row && this.box.open(row.value, this.place('opened', digest));
  }

  /** Step that keeps what a ciphertext said. */
  opened({ digest, plaintext }: OpenedCiphertext): WriteStep {
    return this.keeping('opened', digest, plaintext);
  }

  async keep(id: string, stanza: Uint8Array): Promise<void> {
    await this.write([this.keeping('stanza', id, stanza)]);
  }

  async kept(): Promise<{ id: string; stanza: Uint8Array }[]> {
    const rows = await this.database.kysely
      .selectFrom('stanza_journal')
      .select(['name', 'value'])
      .where('session_id', '=', this.sessionId)
      .where('kind', '=', 'stanza')
      .orderBy('at')
      .execute();
    return rows.map(({ name, value }) => ({
      id: name,
      stanza: this.box.open(value, this.place('stanza', name)),
    }));
  }

  async forget(names: readonly string[]): Promise<void> {
    const steps: WriteStep[] = [];
    for (let start = 0; start < names.length; start += NAMES_PER_STATEMENT) {
      const query = this.database.kysely
        .deleteFrom('stanza_journal')
        .where('session_id', '=', this.sessionId)
        .where('name', 'in', names.slice(start, start + NAMES_PER_STATEMENT));
      steps.push({ query });
    }
    if (steps.length > 0) await this.write(steps);
  }

  async forgetOpenedBefore(time: number): Promise<void> {
    const query = this.database.kysely
      .deleteFrom('stanza_journal')
      .where('session_id', '=', this.sessionId)
      .where('kind', '=', 'opened')
      .where('at', '<', time);
    await this.write([{ query }]);
  }

  private async write(steps: WriteStep[]): Promise<void> {
    await this.database.write([...owned(this.database.kysely, this.session), ...steps]);
  }

  private keeping(kind: Kind, name: string, value: Uint8Array): WriteStep {
    const { sessionId } = this;
    const sealed = this.box.seal(value, this.place(kind, name));
    return { query: this.insert({ sessionId, name, kind, value: sealed, at: Date.now() }) };
  }

  private place(kind: Kind, name: string): string {
    return `${this.sessionId}|journal ${kind}|${name}`;
  }
}

interface Entry {
  sessionId: string;
  name: string;
  kind: Kind;
  value: Uint8Array;
  at: number;
}

function inserting({ kysely }: Database) {
  return prepared<Entry>((value) =>
    kysely
      .insertInto('stanza_journal')
      .values({
        session_id: value('sessionId'),
        name: value('name'),
        kind: value('kind'),
        value: value('value'),
        at: value('at'),
      })
      .onConflict((c) =>
        c.columns(['session_id', 'name']).doUpdateSet({ value: sql`excluded.value` }),
      ),
  );
}
