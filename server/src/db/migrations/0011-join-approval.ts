import type { Kysely } from 'kysely';
import type { DialectName } from '../dialect.js';
import { dialects } from '../dialect.js';

/** Groups whose admins decide who comes in. */
export async function up(db: Kysely<unknown>, dialect: DialectName): Promise<void> {
  const { integer } = dialects[dialect];
  await db.schema
    .alterTable('groups')
    .addColumn('join_approval', integer, (c) => c.notNull().defaultTo(0))
    .execute();
}
