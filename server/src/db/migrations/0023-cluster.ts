import type { Kysely } from 'kysely';
import type { DialectName } from '../dialect.js';
import { dialects } from '../dialect.js';

/** The processes that work on one database, and what each of them owns. */
export async function up({ schema }: Kysely<unknown>, dialect: DialectName): Promise<void> {
  const { integer } = dialects[dialect];
  await schema
    .createTable('workers')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('address', 'text')
    .addColumn('connections', 'text', (c) => c.notNull())
    .addColumn('started_at', integer, (c) => c.notNull())
    .addColumn('seen_at', integer, (c) => c.notNull())
    .addColumn('expires_at', integer, (c) => c.notNull())
    .addColumn('draining', integer, (c) => c.notNull().defaultTo(0))
    .addColumn('sessions', integer, (c) => c.notNull().defaultTo(0))
    .addColumn('rss', integer, (c) => c.notNull().defaultTo(0))
    .addColumn('loop_delay', integer, (c) => c.notNull().defaultTo(0))
    .execute();
  await schema
    .createTable('leases')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('worker_id', 'text')
    .addColumn('token', integer, (c) => c.notNull())
    .execute();
  await schema.alterTable('sessions').addColumn('worker_id', 'text').execute();
  await schema
    .createIndex('sessions_worker')
    .on('sessions')
    .columns(['worker_id', 'wanted'])
    .execute();
}
