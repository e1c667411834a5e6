import type { Chat, ChatStatus, MessageStatus, Note } from '@patchbay/contract';
import { sql } from 'kysely';
import type { Database } from '../db/database.js';
import { phoneOf } from '../whatsapp/jid.js';
import { type Called, mentionNames, storedMentions } from './mention-names.js';

/** Of a last message or note only the beginning is shown. */
const PREVIEW = 256;

/** A chat with what stands in other tables and is one value for each. */
export interface ChatRow {
  session_id: string;
  id: string;
  is_group: number;
  unread_count: number;
  last_message_at: number | null;
  archived: number;
  marked_unread: number;
  pinned_at: number | null;
  muted_until: number | null;
  picture: string | null;
  disappearing_seconds: number | null;
  team_status: ChatStatus;
  assignee_id: string | null;
  shown_name: string | null;
  pn: string | null;
  message_id: string | null;
  text: string | null;
  at: number | null;
  from_me: number | null;
  sender_jid: string | null;
  type: string | null;
  status: MessageStatus | null;
  note_id: string | null;
  /** Of a last message whose text may name people: its content. */
  naming: string | null;
}

/** What a chat has several of. */
export interface BesideChat {
  labels: string[];
  teamLabels: string[];
  lastNote: Note | null;
  called: Called;
}

/** A query for `ChatRow`s; the chat is `c`. */
export function chatRows({ kysely }: Database) {
  return kysely
    .selectFrom('chats as c')
    .leftJoin('messages as m', (join) =>
      join.onRef('m.session_id', '=', 'c.session_id').onRef('m.id', '=', 'c.last_message_id'),
    )
    .select(['c.session_id', 'c.id', 'c.is_group', 'c.unread_count', 'c.last_message_at'])
    .select(['c.disappearing_seconds', 'c.team_status', 'c.assignee_id'])
    .select(['c.archived', 'c.marked_unread', 'c.pinned_at', 'c.muted_until', 'c.picture'])
    .select(['m.id as message_id', 'm.at', 'm.from_me', 'm.type', 'm.status', 'm.sender_jid'])
    .select(sql<string | null>`substr(m.text, 1, ${sql.lit(PREVIEW)})`.as('text'))
    .select(sql<string | null>`case when m.text like '%@%' then m.content end`.as('naming'))
    .select((e) => [
      e
        .selectFrom('chat_aliases as a')
        .select('a.jid')
        .whereRef('a.session_id', '=', 'c.session_id')
        .whereRef('a.chat_id', '=', 'c.id')
        .where('a.jid', 'like', '%@s.whatsapp.net')
        .limit(1)
        .as('pn'),
      e
        .selectFrom('chat_notes as n')
        .select('n.id')
        .whereRef('n.session_id', '=', 'c.session_id')
        .whereRef('n.chat_id', '=', 'c.id')
        .where(sql<boolean>`(n.at, n.arrival) > (coalesce(m.at, 0), coalesce(m.arrival, 0))`)
        .orderBy('n.at', 'desc')
        .orderBy('n.arrival', 'desc')
        .limit(1)
        .as('note_id'),
      e.fn.coalesce('c.name', contactName('c.session_id', 'c.id')).as('shown_name'),
    ]);
}

/** The best name that the contacts of a chat have, as a subquery. */
function contactName(sessionRef: string, chatRef: string) {
  return sql<string | null>`(
    select coalesce(k.name, k.push_name) from chat_aliases a
    join contacts k on k.session_id = a.session_id and k.jid = a.jid
    where a.session_id = ${sql.ref(sessionRef)} and a.chat_id = ${sql.ref(chatRef)}
      and coalesce(k.name, k.push_name) is not null
    limit 1)`;
}

/** A chat as the API shows it. */
export function toChat(row: ChatRow, beside: BesideChat): Chat {
  const phone = (row.pn && phoneOf(row.pn)) ?? null;
  return {
    id: row.id,
    sessionId: row.session_id,
    name: row.shown_name ?? (phone ? `+${phone}` : row.id),
    phone,
    profilePicUrl: pictureUrl(row.session_id, row),
    lastMessage: lastMessageOf(row, beside.called),
    unreadCount: row.unread_count,
    isGroup: row.is_group === 1,
    labels: beside.labels,
    ephemeralSeconds: row.disappearing_seconds ?? 0,
    ...settingsOf(row),
    status: row.team_status,
    assigneeId: row.assignee_id,
    teamLabels: beside.teamLabels,
    lastNote: beside.lastNote && {
      ...beside.lastNote,
      text: beside.lastNote.text.slice(0, PREVIEW),
    },
  };
}

/** Whoever wrote the last message of a chat is named where that can be several. */
export function isOthersInGroup({ is_group, from_me }: ChatRow): boolean {
  return is_group === 1 && from_me === 0;
}

function lastMessageOf(row: ChatRow, called: Called): Chat['lastMessage'] {
  if (row.message_id === null || row.at === null) return null;
  return {
    id: row.message_id,
    content: row.text ?? '',
    timestamp: new Date(row.at).toISOString(),
    fromMe: row.from_me === 1,
    senderName: isOthersInGroup(row) ? (called.names.get(row.sender_jid ?? '') ?? null) : null,
    type: row.type ?? 'other',
    status: row.status ?? 'received',
    ...mentionNames(storedMentions(row.naming), called),
  };
}

/** How a chat's settings look from outside. */
export function settingsOf(row: {
  archived: number;
  marked_unread: number;
  pinned_at: number | null;
  muted_until: number | null;
}): Pick<Chat, 'archived' | 'pinned' | 'muted' | 'mutedUntil' | 'markedUnread'> {
  const until = row.muted_until;
  const muted = until !== null && (until < 0 || until > Date.now());
  return {
    archived: row.archived === 1,
    pinned: row.pinned_at !== null,
    muted,
    mutedUntil: muted && until > 0 ? new Date(until).toISOString() : null,
    markedUnread: row.marked_unread === 1,
  };
}

/** Where a picture can be had; null where there is known to be none. */
export function pictureUrl(
  sessionId: string,
  { id, picture }: { id: string; picture: string | null },
): string | null {
  if (picture === '') return null;
  const version = picture ? `?v=${encodeURIComponent(picture.slice(0, 16))}` : '';
  return `/api/sessions/${sessionId}/chats/${encodeURIComponent(id)}/picture${version}`;
}
