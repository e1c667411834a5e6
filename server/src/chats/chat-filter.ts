import type { ChatStatus } from '@patchbay/contract';
import { InboxQuery } from '@patchbay/contract';
import type { Expression, ExpressionBuilder, RawBuilder, SqlBool } from 'kysely';
import { sql } from 'kysely';
import type { Database } from '../db/database.js';
import type { Schema } from '../db/schema.js';
import { contains } from './search/any-accent.js';

/** Which chats of some sessions are meant. Absent: that does not matter. */
export interface ChatFilter {
  unread?: boolean | undefined;
  /** A user id; null: nobody. */
  assigneeId?: string | null | undefined;
  groups?: boolean | undefined;
  statuses?: ChatStatus[] | undefined;
  archived?: boolean | undefined;
  /** Any of these labels of the team. */
  labels?: string[] | undefined;
  /** A part of the name, the number or the last message. */
  text?: string | undefined;
}

type Chats = Pick<Schema, 'chat_team_labels' | 'chat_aliases' | 'contacts' | 'messages'> & {
  c: Schema['chats'];
};
type Build = ExpressionBuilder<Chats, 'c'>;

/** What a query asks for; `none` when nothing can fit. */
export function filterOf(query: InboxQuery, userId: string): ChatFilter | 'none' {
  const assignees = [
    ...(query.mine === 'true' ? [userId] : []),
    ...(query.unassigned === 'true' ? [null] : []),
    ...(query.assignee !== undefined ? [query.assignee] : []),
  ];
  if (new Set(assignees).size > 1) return 'none';
  return {
    unread: flag(query.unread),
    ...(assignees.length > 0 && { assigneeId: assignees[0] }),
    groups: flag(query.groups),
    statuses: query.status ? (query.status.split(',') as ChatStatus[]) : undefined,
    archived: query.archived === 'all' ? undefined : query.archived === 'true',
    labels: query.label?.split(','),
    text: query.q,
  };
}

/** Ids between commas; undefined when there is no such parameter. */
export function idsIn(list: string | undefined): string[] | undefined {
  return list === undefined ? undefined : [...new Set(list.split(',').filter(Boolean))];
}

/** The conditions of a filter on a chat `c` of a session. */
export function conditionsOf(
  filter: ChatFilter,
  session: string,
  dialect: Database['dialect'],
): (e: Build) => Expression<SqlBool> {
  const { unread, assigneeId, groups, statuses, archived, labels, text } = filter;
  return (e) => {
    const all: Expression<SqlBool>[] = [];
    if (unread !== undefined) {
      const has = e.or([e('c.unread_count', '>', 0), e('c.marked_unread', '=', 1)]);
      all.push(unread ? has : e.not(has));
    }
    if (assigneeId === null) all.push(e('c.assignee_id', 'is', null));
    else if (assigneeId !== undefined) all.push(e('c.assignee_id', '=', assigneeId));
    if (groups !== undefined) all.push(e('c.is_group', '=', groups ? 1 : 0));
    if (statuses) all.push(e('c.team_status', 'in', statuses));
    if (archived !== undefined) all.push(e('c.archived', '=', archived ? 1 : 0));
    if (labels) all.push(hasLabel(e, labels));
    if (text !== undefined) all.push(says(e, session, text, dialect));
    return e.and(all);
  };
}

function hasLabel(e: Build, labels: string[]) {
  return e.exists(
    e
      .selectFrom('chat_team_labels as l')
      .select('l.label_id')
      .whereRef('l.session_id', '=', 'c.session_id')
      .whereRef('l.chat_id', '=', 'c.id')
      .where('l.label_id', 'in', labels),
  );
}

function says(
  e: Build,
  session: string,
  said: string,
  dialect: Database['dialect'],
): Expression<SqlBool> {
  const like = (value: string | RawBuilder<unknown>) =>
    contains(dialect, typeof value === 'string' ? sql.ref(value) : value, said);
  const digits = said.replace(/\D/g, '');
  const isNumber = digits.length >= 3 && /^[+\d\s().-]+$/.test(said);
  // Found once for the session, not looked for in each chat.
  const ofSession = (kind: 'named' | 'numbered') => {
    const aliases = e
      .selectFrom('chat_aliases as a')
      .select('a.chat_id')
      .where('a.session_id', '=', session);
    return kind === 'numbered'
      ? aliases.where('a.jid', 'like', `%${digits}%@s.whatsapp.net`)
      : aliases
          .innerJoin('contacts as k', (join) =>
            join.onRef('k.session_id', '=', 'a.session_id').onRef('k.jid', '=', 'a.jid'),
          )
          .where(e.or([like('k.name'), like('k.push_name')]));
  };
  // One value for each chat: of an `exists` PostgreSQL makes a scan of all messages there are.
  const lastText = sql`(select m.text from messages m
    where m.session_id = c.session_id and m.id = c.last_message_id)`;
  return e.or([
    like('c.name'),
    e('c.id', 'in', ofSession('named')),
    ...(isNumber ? [e('c.id', 'in', ofSession('numbered'))] : []),
    like(lastText),
  ]);
}

function flag(value: 'true' | 'false' | undefined): boolean | undefined {
  return value === undefined ? undefined : value === 'true';
}
