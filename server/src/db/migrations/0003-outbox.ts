import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { DialectName } from '../dialect.js';
import { dialects } from '../dialect.js';

/** Schedules and expiry of what is to be sent, idempotency keys, pacing, settings of a session. */
export async function up(db: Kysely<unknown>, dialect: DialectName): Promise<void> {
  const { integer } = dialects[dialect];
  const { schema } = db;

  await schema
    .alterTable('outbox')
    .addColumn('send_at', integer, (c) => c.notNull().defaultTo(0))
    .execute();
  await schema.alterTable('outbox').addColumn('expires_at', integer).execute();
  await sql`update outbox set send_at = created_at`.execute(db);
  await schema
    .createIndex('outbox_order')
    .on('outbox')
    .columns(['session_id', 'send_at', 'number'])
    .execute();

  await schema.alterTable('messages').addColumn('failure_code', 'text').execute();
  await schema.alterTable('messages').addColumn('certainly_not_sent', integer).execute();

  await schema
    .createTable('idempotency_keys')
    .addColumn('owner_id', 'text', (c) => c.notNull())
    .addColumn('session_id', 'text', (c) => c.notNull())
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('digest', 'text', (c) => c.notNull())
    .addColumn('message_id', 'text', (c) => c.notNull())
    .addColumn('expires_at', integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('idempotency_keys_pk', ['owner_id', 'session_id', 'key'])
    .execute();
  await schema
    .createIndex('idempotency_keys_expiry')
    .on('idempotency_keys')
    .columns(['session_id', 'expires_at'])
    .execute();

  await schema
    .createTable('sends_by_second')
    .addColumn('session_id', 'text', (c) => c.notNull())
    .addColumn('second', integer, (c) => c.notNull())
    .addColumn('sent', integer, (c) => c.notNull())
    .addColumn('new_chats', integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('sends_by_second_pk', ['session_id', 'second'])
    .execute();

  await schema
    .createTable('session_settings')
    .addColumn('session_id', 'text', (c) => c.primaryKey())
    .addColumn('settings', 'text', (c) => c.notNull())
    .execute();
}
