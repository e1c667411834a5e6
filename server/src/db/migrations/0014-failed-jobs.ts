import type { Kysely } from 'kysely';
import type { DialectName } from '../dialect.js';
import { dialects } from '../dialect.js';

/** Jobs that were given up, and the id of a job that was one before. */
export async function up(db: Kysely<unknown>, dialect: DialectName): Promise<void> {
  const { schema } = db;
  const { integer, position } = dialects[dialect];
  await schema.alterTable('jobs').addColumn('origin', 'text').execute();
  await schema
    .createTable('failed_jobs')
    .addColumn('number', position)
    .addColumn('job_id', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('lane', 'text', (c) => c.notNull())
    .addColumn('key', 'text')
    .addColumn('payload', 'text', (c) => c.notNull())
    .addColumn('attempts', integer, (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('created_at', integer, (c) => c.notNull())
    .addColumn('failed_at', integer, (c) => c.notNull())
    .execute();
  await schema
    .createIndex('failed_jobs_of_name')
    .on('failed_jobs')
    .columns(['name', 'number'])
    .execute();
  await schema.createIndex('failed_jobs_at').on('failed_jobs').column('failed_at').execute();
}
