import type { Kysely } from 'kysely';
import type { DialectName } from '../dialect.js';
import { dialects } from '../dialect.js';

/** Readers of the event log with a durable position, the job queue, webhooks and their deliveries. */
export async function up(db: Kysely<unknown>, dialect: DialectName): Promise<void> {
  const { bytes, integer, position } = dialects[dialect];
  const { schema } = db;

  await schema
    .createTable('event_consumers')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('position', integer, (c) => c.notNull())
    .execute();

  await schema
    .createTable('jobs')
    .addColumn('id', position)
    .addColumn('lane', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('key', 'text')
    .addColumn('unique_name', 'text', (c) => c.unique())
    .addColumn('payload', 'text', (c) => c.notNull())
    .addColumn('blocked', integer, (c) => c.notNull())
    .addColumn('due_at', integer, (c) => c.notNull())
    .addColumn('attempts', integer, (c) => c.notNull())
    .addColumn('last_error', 'text')
    .addColumn('created_at', integer, (c) => c.notNull())
    .execute();
  await schema
    .createIndex('jobs_due')
    .on('jobs')
    .columns(['lane', 'blocked', 'due_at', 'id'])
    .execute();
  await schema.createIndex('jobs_key').on('jobs').columns(['lane', 'key', 'id']).execute();

  await schema
    .createTable('webhooks')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('owner_id', 'text', (c) => c.notNull())
    .addColumn('session_id', 'text')
    .addColumn('name', 'text')
    .addColumn('url', 'text', (c) => c.notNull())
    .addColumn('events', 'text', (c) => c.notNull())
    .addColumn('chats', 'text', (c) => c.notNull())
    .addColumn('history', integer, (c) => c.notNull())
    .addColumn('enabled', integer, (c) => c.notNull())
    .addColumn('secret', bytes, (c) => c.notNull())
    .addColumn('headers', bytes, (c) => c.notNull())
    .addColumn('from_position', integer, (c) => c.notNull())
    .addColumn('created_at', integer, (c) => c.notNull())
    .addColumn('updated_at', integer, (c) => c.notNull())
    .execute();
  await schema
    .createIndex('webhooks_of_owner')
    .on('webhooks')
    .columns(['owner_id', 'created_at', 'id'])
    .execute();

  await schema
    .createTable('webhook_deliveries')
    .addColumn('number', position)
    .addColumn('id', 'text', (c) => c.notNull().unique())
    .addColumn('webhook_id', 'text', (c) => c.notNull())
    .addColumn('event_id', 'text', (c) => c.notNull())
    .addColumn('event_name', 'text', (c) => c.notNull())
    .addColumn('event_position', integer, (c) => c.notNull())
    .addColumn('session_id', 'text', (c) => c.notNull())
    .addColumn('chat_id', 'text')
    .addColumn('cause', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('attempts', integer, (c) => c.notNull())
    .addColumn('log', 'text', (c) => c.notNull())
    .addColumn('created_at', integer, (c) => c.notNull())
    .addColumn('next_attempt_at', integer)
    .addColumn('finished_at', integer)
    .execute();
  await schema
    .createIndex('webhook_deliveries_newest')
    .on('webhook_deliveries')
    .columns(['webhook_id', 'number'])
    .execute();
  await schema
    .createIndex('webhook_deliveries_by_state')
    .on('webhook_deliveries')
    .columns(['webhook_id', 'state', 'number'])
    .execute();
  await schema
    .createIndex('webhook_deliveries_finished')
    .on('webhook_deliveries')
    .columns(['state', 'finished_at'])
    .execute();
}
