import { type RawBuilder, sql } from 'kysely';
import { dialects } from '../db/dialect.js';

/**
 * Whether a worker takes part at this moment, by the database's clock. Only PostgreSQL is asked. The
 * row that the worker owns must be locked by the same statement: then nobody takes it over before
 * what depends on the answer is committed.
 */
export function stillThere(workerId: string): RawBuilder<boolean> {
  return sql<boolean>`exists (
    select 1 from workers where workers.id = ${workerId} and workers.expires_at > ${dialects.postgres.now}
  )`;
}
