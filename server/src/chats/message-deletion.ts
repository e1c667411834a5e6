import type { Database } from '../db/database.js';
import type { WriteUnit } from '../db/write-unit.js';

/** Deletes messages for good, with the reactions and answers to them. */
export function messageDeletion(
  { kysely }: Database,
  sessionId: string,
  ids: readonly string[],
): WriteUnit {
  const about = (table: 'reactions' | 'answers') => ({
    query: kysely
      .deleteFrom(table)
      .where('session_id', '=', sessionId)
      .where('message_id', 'in', ids),
  });
  const messages = kysely
    .deleteFrom('messages')
    .where('session_id', '=', sessionId)
    .where('id', 'in', ids);
  return [about('reactions'), about('answers'), { query: messages }];
}
