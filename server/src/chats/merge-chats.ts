import { sql } from 'kysely';
import type { Database } from '../db/database.js';
import type { WriteStep } from '../db/write-unit.js';

/**
 * Steps that let one chat take over everything of another; its jids lead to `into` afterwards. Tells
 * the caller to look again when one of the two is gone already.
 */
export function mergeChats(
  { kysely }: Database,
  sessionId: string,
  { from, into }: { from: string; into: string },
): WriteStep[] {
  const old = (column: string) =>
    sql`(select ${sql.ref(`f.${column}`)} from chats f where f.session_id = ${sessionId} and f.id = ${from})`;
  const isNewer = sql`coalesce(${old('last_message_at')}, -1) > coalesce(last_message_at, -1)`;
  const takeOver = kysely
    .updateTable('chats')
    .set({
      name: sql<string>`coalesce(name, ${old('name')})`,
      unread_count: sql<number>`unread_count + ${old('unread_count')}`,
      last_message_id: sql<string>`case when ${isNewer} then ${old('last_message_id')} else last_message_id end`,
      last_message_at: sql<number>`case when ${isNewer} then ${old('last_message_at')} else last_message_at end`,
    })
    .where('session_id', '=', sessionId)
    .where('id', '=', into)
    .where(sql<boolean>`${old('id')} is not null`);
  return [
    { query: takeOver, whenUnchanged: 'again' },
    {
      query: kysely
        .updateTable('messages')
        .set({ chat_id: into })
        .where('session_id', '=', sessionId)
        .where('chat_id', '=', from),
    },
    {
      query: kysely
        .updateTable('chat_aliases')
        .set({ chat_id: into })
        .where('session_id', '=', sessionId)
        .where('chat_id', '=', from),
    },
    {
      query: kysely.deleteFrom('chats').where('session_id', '=', sessionId).where('id', '=', from),
    },
  ];
}
