import type { ChatStatus } from '@patchbay/contract';
import { sql } from 'kysely';
import type { Database } from '../db/database.js';
import type { WriteStep } from '../db/write-unit.js';

/**
 * What was set under either name stays: pinned, marked as unread, muted for the longer time; labels
 * and notes follow by `onMerge`. The team has as much to do with it as under either name. Archived and the timer are taken from where the newest message is: what somebody
 * writes in today is not to vanish because it was put away under another name.
 *
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
      archived: sql<number>`case when ${isNewer} then ${old('archived')} else archived end`,
      marked_unread: sql<number>`case when marked_unread = 1 then 1 else ${old('marked_unread')} end`,
      pinned_at: sql<number>`case when pinned_at is null or ${old('pinned_at')} < pinned_at
        then coalesce(${old('pinned_at')}, pinned_at) else pinned_at end`,
      muted_until: sql<number>`case
        when muted_until = -1 or ${old('muted_until')} = -1 then -1
        when muted_until is null or ${old('muted_until')} > muted_until
        then coalesce(${old('muted_until')}, muted_until) else muted_until end`,
      disappearing_seconds: sql<number>`case when disappearing_seconds is null or
        (${isNewer} and ${old('disappearing_seconds')} is not null)
        then ${old('disappearing_seconds')} else disappearing_seconds end`,
      team_status: sql<ChatStatus>`case
        when 'open' in (team_status, ${old('team_status')}) then 'open'
        when 'pending' in (team_status, ${old('team_status')}) then 'pending'
        else team_status end`,
      assignee_id: sql<string>`case when ${isNewer}
        then coalesce(${old('assignee_id')}, assignee_id)
        else coalesce(assignee_id, ${old('assignee_id')}) end`,
      team_revision: sql<number>`team_revision + 1`,
      picture: sql<string>`coalesce(picture, ${old('picture')})`,
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
