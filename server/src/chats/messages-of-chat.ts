import type { Database } from '../db/database.js';
import { messageDeletion } from './message-deletion.js';

/** Messages of one unit: the database is busy with it for some milliseconds. */
const AT_ONCE = 200;

/**
 * Deletes what was said in a chat, a small batch at a time. What is promised to be sent stays, and is
 * sent.
 */
export async function deleteMessagesOfChat(
  database: Database,
  sessionId: string,
  chatId: string,
): Promise<void> {
  const { kysely } = database;
  for (;;) {
    const rows = await kysely
      .selectFrom('messages')
      .select('id')
      .where('session_id', '=', sessionId)
      .where('chat_id', '=', chatId)
      .where('status', 'not in', ['queued', 'sending'])
      .limit(AT_ONCE)
      .execute();
    if (rows.length === 0) return;
    const ids = rows.map(({ id }) => id);
    await database.write(messageDeletion(database, sessionId, ids));
  }
}
