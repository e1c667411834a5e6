import type { Kysely } from 'kysely';
import type { DialectName } from '../dialect.js';
import { dialects } from '../dialect.js';

/** The files of messages: which message has which content, and what is being fetched. */
export async function up(db: Kysely<unknown>, dialect: DialectName): Promise<void> {
  const { bytes, integer } = dialects[dialect];
  const { schema } = db;

  await schema
    .createTable('media')
    .addColumn('session_id', 'text', (c) => c.notNull())
    .addColumn('message_id', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('reason', 'text')
    .addColumn('hash', 'text')
    .addColumn('thumbnail', bytes)
    .addColumn('created_at', integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('media_pk', ['session_id', 'message_id'])
    .execute();
  await schema.createIndex('media_of_content').on('media').columns(['hash']).execute();

  await schema
    .createTable('media_contents')
    .addColumn('hash', 'text', (c) => c.primaryKey())
    .addColumn('size', integer, (c) => c.notNull())
    .addColumn('kept_at', integer, (c) => c.notNull())
    .execute();
}
