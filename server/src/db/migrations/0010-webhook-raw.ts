import type { Kysely } from 'kysely';
import type { DialectName } from '../dialect.js';
import { dialects } from '../dialect.js';

/** Whether a webhook wants messages as the engine has them, too. */
export async function up(db: Kysely<unknown>, dialect: DialectName): Promise<void> {
  const { integer } = dialects[dialect];
  await db.schema
    .alterTable('webhooks')
    .addColumn('raw', integer, (c) => c.notNull().defaultTo(0))
    .execute();
}
