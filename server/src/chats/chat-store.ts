import { sql } from 'kysely';
import type { Database } from '../db/database.js';
import type { WriteStep } from '../db/write-unit.js';
import { ApiError } from '../http/api-error.js';
import { isGroupJid } from '../whatsapp/jid.js';
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
}
