import type { Chat, MessageStatus } from '@patchbay/contract';
import { sql } from 'kysely';
import type { Database } from '../db/database.js';
import type { WriteStep } from '../db/write-unit.js';
import { ApiError } from '../http/api-error.js';
import { decodeCursor, encodeCursor } from '../http/cursor.js';
import { isGroupJid, phoneOf } from '../whatsapp/jid.js';
import type { ChatAddresses, ResolvedChat } from './chat-addresses.js';

/** Chats, and names of those in them; `addresses` knows which jid leads to which. */
export class ChatStore {
  constructor(
    private readonly database: Database,
    readonly addresses: ChatAddresses,
  ) {}

  /** Steps that make sure the chat and its aliases are there. */
  ensure(sessionId: string, chat: ResolvedChat, name?: string): WriteStep[] {
    const { kysely } = this.database;
    const steps: WriteStep[] = [];
    if (!chat.exists) {
      const row = {
        session_id: sessionId,
        id: chat.id,
        is_group: isGroupJid(chat.id) ? 1 : 0,
        name: name ?? null,
        unread_count: 0,
        last_message_id: null,
        last_message_at: null,
      };
      steps.push({
        query: kysely
          .insertInto('chats')
          .values(row)
          .onConflict((c) => c.columns(['session_id', 'id']).doNothing()),
      });
    }
    if (chat.newAliases.length > 0) {
      const rows = chat.newAliases.map((jid) => ({
        session_id: sessionId,
        jid,
        chat_id: chat.id,
      }));
      steps.push({
        query: kysely
          .insertInto('chat_aliases')
          .values(rows)
          .onConflict((c) => c.columns(['session_id', 'jid']).doNothing()),
      });
    }
    return steps;
  }

  /**
   * Step that counts a new message in its chat: unread ones, and the newest as last message. Asks to
   * be made again when the chat's jids lead elsewhere meanwhile.
   */
  countMessage(
    sessionId: string,
    chat: ResolvedChat,
    message: { id: string; at: number; unread: boolean },
  ): WriteStep {
    const isNewest = sql<boolean>`(last_message_at is null or last_message_at <= ${message.at})`;
    const query = this.reached(sessionId, chat).set((e) => ({
      unread_count: message.unread ? e('unread_count', '+', 1) : e.ref('unread_count'),
      last_message_id: sql<string>`case when ${isNewest} then ${message.id} else last_message_id end`,
      last_message_at: sql<number>`case when ${isNewest} then cast(${message.at} as bigint) else last_message_at end`,
    }));
    return { query, whenUnchanged: 'again' };
  }

  /** Step that asks to be made again when the chat's jids lead elsewhere meanwhile; changes nothing. */
  stillLeads(sessionId: string, chat: ResolvedChat): WriteStep {
    const query = this.reached(sessionId, chat).set((e) => ({ is_group: e.ref('is_group') }));
    return { query, whenUnchanged: 'again' };
  }

  private reached(sessionId: string, chat: ResolvedChat) {
    const { kysely } = this.database;
    const leading = kysely
      .selectFrom('chat_aliases as a')
      .select((e) => e.fn.countAll<number>().as('count'))
      .where('a.session_id', '=', sessionId)
      .where('a.jid', 'in', chat.jids)
      .where('a.chat_id', '=', chat.id);
    return kysely
      .updateTable('chats')
      .where('session_id', '=', sessionId)
      .where('id', '=', chat.id)
      .where(leading, '=', chat.jids.length);
  }

  /** Step that sets a chat's own name (a group's subject, a name in the address book). */
  rename(sessionId: string, chatId: string, name: string): WriteStep {
    return {
      query: this.database.kysely
        .updateTable('chats')
        .set({ name })
        .where('session_id', '=', sessionId)
        .where('id', '=', chatId),
    };
  }

  setUnread(sessionId: string, chatId: string, unread: number): WriteStep {
    return {
      query: this.database.kysely
        .updateTable('chats')
        .set({ unread_count: unread })
        .where('session_id', '=', sessionId)
        .where('id', '=', chatId),
    };
  }

  /** Step that remembers names of a jid; an absent name leaves the known one. */
  nameContact(
    sessionId: string,
    jid: string,
    names: { name?: string; pushName?: string },
  ): WriteStep {
    return {
      query: this.database.kysely
        .insertInto('contacts')
        .values({
          session_id: sessionId,
          jid,
          name: names.name ?? null,
          push_name: names.pushName ?? null,
        })
        .onConflict((c) =>
          c.columns(['session_id', 'jid']).doUpdateSet({
            name: sql`coalesce(excluded.name, contacts.name)`,
            push_name: sql`coalesce(excluded.push_name, contacts.push_name)`,
          }),
        ),
    };
  }

  /** The chat that any of its jids leads to; throws `chat_not_found`. */
  async find(sessionId: string, jid: string): Promise<string> {
    const row = await this.database.kysely
      .selectFrom('chat_aliases')
      .select('chat_id')
      .where('session_id', '=', sessionId)
      .where('jid', '=', jid)
      .executeTakeFirst();
    if (!row) throw new ApiError('chat_not_found', `This session has no chat ${jid}`);
    return row.chat_id;
  }

  /** Chats by recency, newest first. */
  async list(
    sessionId: string,
    { limit, after }: { limit: number; after?: string | undefined },
  ): Promise<{ chats: Chat[]; after: string | null }> {
    let query = this.database.kysely
      .selectFrom('chats as c')
      .leftJoin('messages as m', (join) =>
        join.onRef('m.session_id', '=', 'c.session_id').onRef('m.id', '=', 'c.last_message_id'),
      )
      .select(['c.id', 'c.is_group', 'c.unread_count', 'c.last_message_at'])
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
      .where('c.session_id', '=', sessionId)
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
      chats: page.map((row) => toChat(row)),
      after: rows.length > limit && last ? encodeCursor(last.last_message_at ?? 0, last.id) : null,
    };
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

function toChat(row: {
  id: string;
  is_group: number;
  unread_count: number;
  shown_name: string | null;
  pn: string | null;
  text: string | null;
  at: number | null;
  from_me: number | null;
  type: string | null;
  status: MessageStatus | null;
}): Chat {
  const phone = (row.pn && phoneOf(row.pn)) ?? null;
  return {
    id: row.id,
    name: row.shown_name ?? (phone ? `+${phone}` : row.id),
    phone,
    profilePicUrl: null,
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
  };
}
