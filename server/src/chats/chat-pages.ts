import type { Chat, Label } from '@patchbay/contract';
import type { RawBuilder, SqlBool } from 'kysely';
import { sql } from 'kysely';
import type { Database } from '../db/database.js';
import { ApiError } from '../http/api-error.js';
import { decodeCursor, encodeCursor } from '../http/cursor.js';
import type { ChatFilter } from './chat-filter.js';
import type { Place } from './chat-places.js';
import { firstPlaces } from './chat-places.js';
import type { BesideChat, ChatRow } from './chat-view.js';
import { chatRows, isOthersInGroup, toChat } from './chat-view.js';
import type { Called } from './mention-names.js';
import { calledIn, storedMentions } from './mention-names.js';
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

  /** Chats in this order, of any number of sessions; those that are gone are left out. */
  private async read(places: Pick<Place, 'session' | 'id'>[]): Promise<Chat[]> {
    if (places.length === 0) return [];
    const bySession = new Map<string, string[]>();
    for (const { session, id } of places) {
      bySession.set(session, [...(bySession.get(session) ?? []), id]);
    }
    const rows: ChatRow[] = await chatRows(this.database)
      .where(isAnyOf(bySession, 'c.session_id', 'c.id'))
      .execute();
    const [labels, teamLabels, notes, called] = await Promise.all([
      this.labels('chat_labels', bySession),
      this.labels('chat_team_labels', bySession),
      this.notes.byIds(rows.map((row) => row.note_id).filter((id) => id !== null)),
      this.called(rows),
    ]);
    const chats = new Map<string, Chat>();
    for (const row of rows) {
      const key = keyOf(row.session_id, row.id);
      const beside: BesideChat = {
        labels: labels.get(key) ?? [],
        teamLabels: teamLabels.get(key) ?? [],
        lastNote: notes.get(row.note_id ?? '') ?? null,
        called: called.get(row.session_id) ?? NOBODY,
      };
      chats.set(key, toChat(row, beside));
    }
    return places.flatMap(({ session, id }) => chats.get(keyOf(session, id)) ?? []);
  }

  /** What to call the people in what is shown of these chats, by session. */
  private async called(rows: ChatRow[]): Promise<Map<string, Called>> {
    const people = new Map<string, Set<string>>();
    for (const row of rows) {
      const sender = isOthersInGroup(row) ? row.sender_jid : null;
      for (const jid of [sender, ...storedMentions(row.naming)]) {
        if (jid === null) continue;
        people.set(row.session_id, (people.get(row.session_id) ?? new Set()).add(jid));
      }
    }
    const found = [...people].map(
      async ([session, jids]) =>
        [session, await calledIn(this.database, session, [...jids])] as const,
    );
    return new Map(await Promise.all(found));
  }

  private async labels(
    table: 'chat_labels' | 'chat_team_labels',
    chats: ReadonlyMap<string, string[]>,
  ): Promise<Map<string, string[]>> {
    const byChat = new Map<string, string[]>();
    const rows = await this.database.kysely
      .selectFrom(table)
      .select(['session_id', 'chat_id', 'label_id'])
      .where(isAnyOf(chats, 'session_id', 'chat_id'))
      .orderBy('label_id')
      .execute();
    for (const { session_id, chat_id, label_id } of rows) {
      const key = keyOf(session_id, chat_id);
      byChat.set(key, [...(byChat.get(key) ?? []), label_id]);
    }
    return byChat;
  }
}

const NOBODY: Called = { names: new Map(), called: new Map(), others: new Map() };

/** Whether a row belongs to one of these chats, by session: one statement for those of many. */
function isAnyOf(
  chats: ReadonlyMap<string, string[]>,
  sessionColumn: string,
  chatColumn: string,
): RawBuilder<SqlBool> {
  const [session, chat] = [sql.ref(sessionColumn), sql.ref(chatColumn)];
  const each = [...chats].map(
    ([id, ids]) => sql`(${session} = ${id} and ${chat} in (${sql.join(ids)}))`,
  );
  return sql<SqlBool>`(${sql.join(each, sql` or `)})`;
}

const keyOf = (session: string, id: string) => `${session}\n${id}`;
