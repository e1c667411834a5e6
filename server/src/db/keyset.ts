import type { RawBuilder, SqlBool } from 'kysely';
import { sql } from 'kysely';

/** A place in a list that is ordered by `created_at` and then `id`. */
export type ListPlace = readonly [createdAt: number, id: string];

/** The condition of what stands beyond a place in such a list; without a place all of it. */
export function beyond(
  place: ListPlace | undefined,
  order: 'oldest-first' | 'newest-first',
): RawBuilder<SqlBool> {
  if (!place) return sql<SqlBool>`1 = 1`;
  const [createdAt, id] = place;
  const than = sql.raw(order === 'oldest-first' ? '>' : '<');
  return sql<SqlBool>`(created_at, id) ${than} (${createdAt}, ${id})`;
}
