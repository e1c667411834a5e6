import type { Database } from '../db/database.js';
import { messageDeletion } from './message-deletion.js';

/**
 * Deletes messages older than a moment (ms), with reactions and answers to them; those that are
 * still to be sent stay.
 * @returns how many, at most `limit`; 0 when none is left
 */
export async function deleteOldMessages(
  database: Database,
  moment: number,
  limit: number,
): Promise<number> {
  const { kysely } = database;
  const sessions = await kysely.selectFrom('sessions').select('id').execute();
  for (const { id: sessionId } of sessions) {
    for (const hidden of [0, 1]) {
      const rows = await kysely
        .selectFrom('messages')
        .select('id')
        .where('session_id', '=', sessionId)
        .where('hidden', '=', hidden)
        .where('at', '<', moment)
        .where('status', 'not in', ['queued', 'sending'])
        .orderBy('at')
        .limit(limit)
        .execute();
      if (rows.length === 0) continue;
      const ids = rows.map(({ id }) => id);
      await database.write(messageDeletion(database, sessionId, ids));
      return rows.length;
    }
  }
  return 0;
}
