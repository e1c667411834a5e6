import { type Kysely, sql } from 'kysely';
import type { DialectName } from '../dialect.js';
import { dialects } from '../dialect.js';

/** Templates, bulk sends with their rows, and what tells how far messages have come by day. */
export async function up({ schema }: Kysely<unknown>, dialect: DialectName): Promise<void> {
  const { integer, bytes } = dialects[dialect];
  await schema
    .createTable('templates')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('owner_id', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('variables', 'text', (c) => c.notNull())
    .addColumn('variants', 'text', (c) => c.notNull())
    .addColumn('media', 'text')
    .addColumn('media_hash', 'text')
    .addColumn('media_thumbnail', bytes)
    .addColumn('created_at', integer, (c) => c.notNull())
    .addColumn('updated_at', integer, (c) => c.notNull())
    .addUniqueConstraint('templates_name', ['owner_id', 'name'])
    .execute();
  await hashIndex('templates');

  await schema
    .createTable('bulk_sends')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('owner_id', 'text', (c) => c.notNull())
    .addColumn('session_id', 'text', (c) => c.notNull())
    .addColumn('jid', 'text')
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('paused_because', 'text')
    .addColumn('template_id', 'text')
    .addColumn('template_name', 'text')
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('media', 'text')
    .addColumn('media_hash', 'text')
    .addColumn('media_thumbnail', bytes)
    .addColumn('total', integer, (c) => c.notNull())
    .addColumn('spread', integer, (c) => c.notNull())
    .addColumn('send_at', integer)
    .addColumn('created_at', integer, (c) => c.notNull())
    .addColumn('started_at', integer)
    .addColumn('finished_at', integer)
    .execute();
  await hashIndex('bulk_sends');
  await schema
    .createIndex('bulk_sends_recent')
    .on('bulk_sends')
    .columns(['created_at', 'id'])
    .execute();
  await schema
    .createIndex('bulk_sends_session')
    .on('bulk_sends')
    .columns(['session_id', 'state'])
    .execute();

  await schema
    .createTable('bulk_rows')
    .addColumn('bulk_id', 'text', (c) => c.notNull())
    .addColumn('number', integer, (c) => c.notNull())
    .addColumn('line', integer, (c) => c.notNull())
    .addColumn('phone', 'text', (c) => c.notNull())
    .addColumn('text', 'text')
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('reason', 'text')
    .addColumn('error', 'text')
    .addColumn('session_id', 'text', (c) => c.notNull())
    .addColumn('message_id', 'text')
    .addColumn('accepted_at', integer)
    .addColumn('changed_at', integer)
    .addPrimaryKeyConstraint('bulk_rows_pk', ['bulk_id', 'number'])
    .execute();
  await schema
    .createIndex('bulk_rows_state')
    .on('bulk_rows')
    .columns(['bulk_id', 'state', 'number'])
    .execute();
  await schema
    .createIndex('bulk_rows_accepted')
    .on('bulk_rows')
    .columns(['bulk_id', 'accepted_at', 'state'])
    .execute();
  await schema
    .createIndex('bulk_rows_message')
    .unique()
    .on('bulk_rows')
    .columns(['session_id', 'message_id'])
    .where(sql.ref('message_id'), 'is not', null)
    .execute();

  await schema
    .createIndex('messages_delivery')
    .on('messages')
    .columns(['session_id', 'at', 'status', 'hidden'])
    .where(sql<boolean>`from_me = 1 and source = 'api'`)
    .execute();

  async function hashIndex(table: string): Promise<void> {
    await schema.createIndex(`${table}_media`).on(table).column('media_hash').execute();
  }
}
