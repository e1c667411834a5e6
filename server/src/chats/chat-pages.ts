import type { Chat, Label, MessageStatus } from '@patchbay/contract';
import { sql } from 'kysely';
import type { Database } from '../db/database.js';
import { ApiError } from '../http/api-error.js';
import { decodeCursor, encodeCursor } from '../http/cursor.js';
import { phoneOf } from '../whatsapp/jid.js';

/** Chats as they are read, with what stands in other tables. */
export class ChatPages {
  constructor(private readonly database: Database) {}

  /** Chats by recency, newest first. */
  async list(
    sessionId: string,
    { limit, after }: { limit: number; after?: string | undefined },
  ): Promise<{ chats: Chat[]; after: string | null }> {
    let query = this.rows(sessionId)
      .where('c.last_message_at', 'is not', null)
      .orderBy('c.last_message_at', 'desc')
      .orderBy('c.id', 'desc')
      .limit(limit + 1);
    if (after) {
      const [at, id] = decodeCursor(after, ['number', 'string']);
      query = query.where(sql<boolean>`(c.last_message_at, c.id) < (${at}, ${id})`);
    }
    const rows = await query.execute();
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      chats: await this.views(sessionId, page),
      after: rows.length > limit && last ? encodeCursor(last.last_message_at ?? 0, last.id) : null,
    };
  }

  /** One chat by its id; throws `chat_not_found`. */
  async get(sessionId: string, chatId: string): Promise<Chat> {
    const row = await this.rows(sessionId).where('c.id', '=', chatId).executeTakeFirst();
    const [chat] = row ? await this.views(sessionId, [row]) : [];
    if (!chat) throw new ApiError('chat_not_found', `This session has no chat ${chatId}`);
    return chat;
  }

  /** All labels of the account. */
  async allLabels(sessionId: string): Promise<Label[]> {
    return await this.database.kysely
      .selectFrom('labels')
      .select(['id', 'name', 'color'])
      .where('session_id', '=', sessionId)
      .orderBy('id')
      .execute();
  }

  private rows(sessionId: string) {
    return this.database.kysely
      .selectFrom('chats as c')
      .leftJoin('messages as m', (join) =>
        join.onRef('m.session_id', '=', 'c.session_id').onRef('m.id', '=', 'c.last_message_id'),
      )
      .select(['c.id', 'c.is_group', 'c.unread_count', 'c.last_message_at'])
      .select('c.disappearing_seconds')
      .select(['c.archived', 'c.marked_unread', 'c.pinned_at', 'c.muted_until', 'c.picture'])
      .select(['m.text', 'm.at', 'm.from_me', 'm.type', 'm.status'])
      .select((e) => [
        e
          .selectFrom('chat_aliases as a')
          .select('a.jid')
          .whereRef('a.session_id', '=', 'c.session_id')
          .whereRef('a.chat_id', '=', 'c.id')
          .where('a.jid', 'like', '%@s.whatsapp.net')
          .limit(1)
          .as('pn'),
        e.fn.coalesce('c.name', contactName('c.session_id', 'c.id')).as('shown_name'),
      ])
      .where('c.session_id', '=', sessionId);
  }

  private async views(sessionId: string, rows: ChatRow[]): Promise<Chat[]> {
    const labels = await this.labels(
      sessionId,
      rows.map(({ id }) => id),
    );
    return rows.map((row) => toChat(sessionId, row, labels.get(row.id) ?? []));
  }

  private async labels(sessionId: string, chatIds: string[]): Promise<Map<string, string[]>> {
    const byChat = new Map<string, string[]>();
    if (chatIds.length === 0) return byChat;
    const rows = await this.database.kysely
      .selectFrom('chat_labels')
      .select(['chat_id', 'label_id'])
      .where('session_id', '=', sessionId)
      .where('chat_id', 'in', chatIds)
      .orderBy('label_id')
      .execute();
    for (const { chat_id, label_id } of rows) {
      byChat.set(chat_id, [...(byChat.get(chat_id) ?? []), label_id]);
    }
    return byChat;
  }
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

interface ChatRow {
  id: string;
  is_group: number;
  unread_count: number;
  archived: number;
  marked_unread: number;
  pinned_at: number | null;
  muted_until: number | null;
  picture: string | null;
  disappearing_seconds: number | null;
  shown_name: string | null;
  pn: string | null;
  text: string | null;
  at: number | null;
  from_me: number | null;
  type: string | null;
  status: MessageStatus | null;
}

function toChat(sessionId: string, row: ChatRow, labels: string[]): Chat {
  const phone = (row.pn && phoneOf(row.pn)) ?? null;
  return {
    id: row.id,
    name: row.shown_name ?? (phone ? `+${phone}` : row.id),
    phone,
    profilePicUrl: pictureUrl(sessionId, row),
    lastMessage:
      row.at === null
        ? null
        : {
            content: row.text ?? '',
            timestamp: new Date(row.at).toISOString(),
            fromMe: row.from_me === 1,
            type: row.type ?? 'other',
            status: row.status ?? 'received',
          },
    unreadCount: row.unread_count,
    isGroup: row.is_group === 1,
    labels,
    ephemeralSeconds: row.disappearing_seconds ?? 0,
    ...settingsOf(row),
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
