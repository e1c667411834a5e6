import type { Kysely } from 'kysely';
import type { DialectName } from '../dialect.js';
import { dialects } from '../dialect.js';

/** What WhatsApp handed over and may hand over again. */
export async function up(db: Kysely<unknown>, dialect: DialectName): Promise<void> {
  const { bytes, integer } = dialects[dialect];
  await db.schema
    .createTable('stanza_journal')
    .addColumn('session_id', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('value', bytes, (c) => c.notNull())
    .addColumn('at', integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('stanza_journal_pk', ['session_id', 'name'])
    .execute();
}
