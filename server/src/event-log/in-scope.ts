import type { RawBuilder } from 'kysely';
import { sql } from 'kysely';
import type { Scope } from './event-log.js';

/** The condition that a row belongs to what a caller may see, by its columns of owner and session. */
export function inScope(
  scope: readonly Scope[],
  owner: string,
  session: string,
): RawBuilder<boolean> {
  const parts = scope.map(({ ownerId, sessionId }) => {
    if (ownerId === undefined) return sql<boolean>`1 = 1`;
    const owned = sql<boolean>`${sql.ref(owner)} = ${ownerId}`;
    return sessionId === undefined
      ? owned
      : sql<boolean>`(${owned} and ${sql.ref(session)} = ${sessionId})`;
  });
  return parts.length === 0 ? sql<boolean>`1 = 0` : sql<boolean>`(${sql.join(parts, sql` or `)})`;
}
