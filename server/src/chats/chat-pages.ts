import type { Chat, Label } from '@patchbay/contract';
import type { Database } from '../db/database.js';
import { ApiError } from '../http/api-error.js';
import { decodeCursor, encodeCursor } from '../http/cursor.js';
import type { ChatFilter } from './chat-filter.js';
import type { Place } from './chat-places.js';
import { firstPlaces } from './chat-places.js';
import type { BesideChat, ChatRow } from './chat-view.js';
import { chatRows, toChat } from './chat-view.js';
import { namesOf } from './sender-names.js';
import type { Notes } from './team/notes.js';

/** Chats as they are read, with what stands in other tables. */
export class ChatPages {
  constructor(
    private readonly database: Database,
    private readonly notes: Notes,
  ) {}

  /** Chats of one session by recency, newest first. */
  async list(
    sessionId: string,
    { limit, after }: { limit: number; after?: string | undefined },
  ): Promise<{ chats: Chat[]; after: string | null }> {
    const [at, id] = after ? decodeCursor(after, ['number', 'string']) : [];
    const place = at !== undefined && id !== undefined ? { session: sessionId, id, at } : undefined;
    const places = await firstPlaces(this.database, [sessionId], {}, { after: place }, limit + 1);
    const page = places.slice(0, limit);
    const last = page.at(-1);
    return {
      chats: await this.read(page),
      after: places.length > limit && last ? encodeCursor(last.at, last.id) : null,
    };
  }

  /** Chats of several sessions: what is pinned, then the rest, each by recency. */
  async merged(
    sessionIds: string[],
    filter: ChatFilter,
    { limit, after }: { limit: number; after?: string | undefined },
  ): Promise<{ chats: Chat[]; after: string | null }> {
    const cursor = after
      ? decodeCursor(after, ['number', 'number', 'string', 'string'])
      : undefined;
    const place = cursor && { at: cursor[1], session: cursor[2], id: cursor[3] };
    const found: (Place & { pinned: boolean })[] = [];
    for (const pinned of [true, false]) {
      const isPast = pinned && cursor?.[0] === 0;
      if (isPast || found.length > limit) continue;
      const begin = cursor && (cursor[0] === 1) === pinned ? place : undefined;
      const part = { pinned, after: begin };
      const more = await firstPlaces(
        this.database,
        sessionIds,
        filter,
        part,
        limit + 1 - found.length,
      );
      found.push(...more.map((one) => ({ ...one, pinned })));
    }
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      chats: await this.read(page),
      after:
        found.length > limit && last
          ? encodeCursor(last.pinned ? 1 : 0, last.at, last.session, last.id)
          : null,
    };
  }

  /** One chat by its id; throws `chat_not_found`. */
  async get(sessionId: string, chatId: string): Promise<Chat> {
    const [chat] = await this.read([{ session: sessionId, id: chatId }]);
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

  /** Chats in this order; those that are gone are left out. */
  private async read(places: Pick<Place, 'session' | 'id'>[]): Promise<Chat[]> {
    const sessions = new Set(places.map(({ session }) => session));
    const chats = new Map<string, Chat>();
    await Promise.all(
      [...sessions].map(async (session) => {
        const ids = places.filter((place) => place.session === session).map(({ id }) => id);
        for (const chat of await this.views(session, ids)) chats.set(keyOf(session, chat.id), chat);
      }),
    );
    return places.flatMap(({ session, id }) => chats.get(keyOf(session, id)) ?? []);
  }

  private async views(sessionId: string, ids: string[]): Promise<Chat[]> {
    const rows: ChatRow[] = await chatRows(this.database)
      .where('c.session_id', '=', sessionId)
      .where('c.id', 'in', ids)
      .execute();
    const senders = rows.filter((row) => row.is_group && !row.from_me).map((row) => row.sender_jid);
    const [labels, teamLabels, notes, names] = await Promise.all([
      this.labels('chat_labels', sessionId, ids),
      this.labels('chat_team_labels', sessionId, ids),
      this.notes.byIds(rows.map((row) => row.note_id).filter((id) => id !== null)),
      namesOf(this.database, sessionId, [...new Set(senders.filter((jid) => jid !== null))]),
    ]);
    return rows.map((row) => {
      const beside: BesideChat = {
        labels: labels.get(row.id) ?? [],
        teamLabels: teamLabels.get(row.id) ?? [],
        lastNote: notes.get(row.note_id ?? '') ?? null,
        senderName: names.get(row.sender_jid ?? '') || null,
      };
      return toChat(row, beside);
    });
  }

  private async labels(
    table: 'chat_labels' | 'chat_team_labels',
    sessionId: string,
    chatIds: string[],
  ): Promise<Map<string, string[]>> {
    const byChat = new Map<string, string[]>();
    const rows = await this.database.kysely
      .selectFrom(table)
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

const keyOf = (session: string, id: string) => `${session}\n${id}`;
