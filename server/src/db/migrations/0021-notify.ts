import type { Kysely } from 'kysely';
import type { DialectName } from '../dialect.js';
import { dialects } from '../dialect.js';

/** Since when a QR is shown, and for which session the notification API speaks. */
export async function up({ schema }: Kysely<unknown>, dialect: DialectName): Promise<void> {
  const { integer } = dialects[dialect];
  await schema.alterTable('sessions').addColumn('link_code_at', integer).execute();
  await schema
    .createTable('default_sessions')
    .addColumn('user_id', 'text', (c) => c.primaryKey())
    .addColumn('session_id', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createIndex('default_sessions_session')
    .on('default_sessions')
    .column('session_id')
    .execute();
}
