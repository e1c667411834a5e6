import type { Kysely } from 'kysely';
import type { DialectName } from '../dialect.js';
import { dialects } from '../dialect.js';

/** Which messages were made of a template, for what is counted by template. */
export async function up({ schema }: Kysely<unknown>, dialect: DialectName): Promise<void> {
  await schema
    .createTable('template_sends')
    .addColumn('session_id', 'text', (c) => c.notNull())
    .addColumn('message_id', 'text', (c) => c.notNull())
    .addColumn('template_id', 'text', (c) => c.notNull())
    .addColumn('template_name', 'text', (c) => c.notNull())
    .addColumn('accepted_at', dialects[dialect].integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('template_sends_pk', ['session_id', 'message_id'])
    .execute();
  await schema
    .createIndex('template_sends_accepted')
    .on('template_sends')
    .columns(['accepted_at', 'session_id'])
    .execute();
}
