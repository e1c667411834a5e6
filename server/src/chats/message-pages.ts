import type { Message, MessagePage, NoteInThread } from '@patchbay/contract';
import { sql } from 'kysely';
import type { Database } from '../db/database.js';
import { ApiError } from '../http/api-error.js';
import { decodeCursor, encodeCursor } from '../http/cursor.js';
import type { OutboxForecast } from '../outbox/outbox-forecast.js';
import { calledIn, mentionNames, storedMentions } from './mention-names.js';
import type { Answer } from './message-details.js';
import { MESSAGE_COLUMNS, type MessageRow, type Reaction, toMessage } from './message-view.js';
import { peopleIn, quotedRows, toQuote } from './quotes.js';
import type { Notes } from './team/notes.js';

/** Time and arrival: the order of messages. */
type Place = readonly [at: number, arrival: number];

const placeIn = (cursor: string): Place => decodeCursor(cursor, ['number', 'number']);

/** Messages as they are read, page by page, with what stands in other tables. */
export class MessagePages {
  /** @param due when waiting messages are expected to be sent */
  constructor(
    private readonly database: Database,
    private readonly due: OutboxForecast,
    private readonly notes: Notes,
  ) {}

  /** These messages of a session, those that it has, in no order. */
  async byIds(sessionId: string, ids: readonly string[]): Promise<Message[]> {
    if (ids.length === 0) return [];
    const rows = await this.database.kysely
      .selectFrom('messages')
      .select(MESSAGE_COLUMNS)
      .where('session_id', '=', sessionId)
      .where('id', 'in', ids)
      .execute();
    return await this.views(sessionId, rows);
  }

  /** A page of a chat, or of all chats of the session, oldest first; the newest without a cursor. */
  async read(
    sessionId: string,
    options: {
      chatId?: string;
      limit: number;
      before?: string | undefined;
      after?: string | undefined;
      /** A message that stands in the middle of the page; throws `message_not_found`. */
      around?: string | undefined;
    },
  ): Promise<MessagePage> {
    const { limit, chatId, before, after, around } = options;
    if (around) return await this.readAround(sessionId, chatId, around, limit);
    if (after) {
      const newer = await this.newer(sessionId, chatId, placeIn(after), limit);
      return await this.page({ sessionId, chatId }, newer.rows, { older: true, next: newer.next });
    }
    const next = before ? placeIn(before) : undefined;
    const older = await this.older(sessionId, chatId, next, limit);
    return await this.page({ sessionId, chatId }, older.rows, { older: older.more, next });
  }

  /** One message as readers see it, whether it is a bubble of its own or acts on another. */
  async one(sessionId: string, messageId: string): Promise<Message | undefined> {
    const rows = await this.database.kysely
      .selectFrom('messages')
      .select(MESSAGE_COLUMNS)
      .where('session_id', '=', sessionId)
      .where('id', '=', messageId)
      .execute();
    return (await this.views(sessionId, rows))[0];
  }

  /** Rows as the API shows them, with names, quotes and reactions. */
  async views(sessionId: string, rows: MessageRow[]): Promise<Message[]> {
    if (rows.length === 0) return [];
    const waiting = rows.filter((row) => row.status === 'queued').map((row) => row.id);
    const [{ called, quotes }, reactions, answers, due] = await Promise.all([
      this.people(sessionId, rows),
      this.reactionsTo(sessionId, rows),
      this.answersTo(sessionId, rows),
      this.due.due(sessionId, waiting),
    ]);
    return rows.map((row) =>
      toMessage(row, {
        senderName: called.names.get(row.sender_jid ?? '') ?? null,
        quote: quotes.get(row.quoted_id ?? ''),
        ...mentionNames(storedMentions(row.content), called),
        reactions: reactions.get(row.id) ?? [],
        answers: answers.get(row.id),
        dueAt: due.get(row.id)?.at,
      }),
    );
  }

  private async readAround(
    sessionId: string,
    chatId: string | undefined,
    messageId: string,
    limit: number,
  ): Promise<MessagePage> {
    const middle = await this.database.kysely
      .selectFrom('messages')
      .select([...MESSAGE_COLUMNS, 'hidden'])
      .where('session_id', '=', sessionId)
      .where('id', '=', messageId)
      .executeTakeFirst();
    if (!middle || middle.hidden || (chatId && middle.chat_id !== chatId))
      throw new ApiError('message_not_found', `This chat has no message ${messageId}`);
    const place: Place = [middle.at, middle.arrival];
    const half = Math.floor((limit - 1) / 2);
    const older = await this.older(sessionId, chatId, place, half);
    const newer = await this.newer(sessionId, chatId, place, limit - 1 - half);
    const rows = [...older.rows, middle, ...newer.rows];
    return await this.page({ sessionId, chatId }, rows, { older: older.more, next: newer.next });
  }

  private async older(
    sessionId: string,
    chatId: string | undefined,
    place: Place | undefined,
    limit: number,
  ) {
    let query = this.shown(sessionId, chatId)
      .orderBy('at', 'desc')
      .orderBy('arrival', 'desc')
      .limit(limit + 1);
    if (place) query = query.where(sql<boolean>`(at, arrival) < (${place[0]}, ${place[1]})`);
    const rows = await query.execute();
    return { rows: rows.slice(0, limit).reverse(), more: rows.length > limit };
  }

  private async newer(sessionId: string, chatId: string | undefined, place: Place, limit: number) {
    const rows = await this.shown(sessionId, chatId)
      .where(sql<boolean>`(at, arrival) > (${place[0]}, ${place[1]})`)
      .orderBy('at')
      .orderBy('arrival')
      .limit(limit + 1)
      .execute();
    const next = rows[limit];
    return { rows: rows.slice(0, limit), next: next && ([next.at, next.arrival] as const) };
  }

  private shown(sessionId: string, chatId: string | undefined) {
    const query = this.database.kysely
      .selectFrom('messages')
      .select(MESSAGE_COLUMNS)
      .where('session_id', '=', sessionId)
      .where('hidden', '=', 0);
    return chatId ? query.where('chat_id', '=', chatId) : query;
  }

  /** @param beside whether older messages follow, and where the next newer one stands */
  private async page(
    { sessionId, chatId }: { sessionId: string; chatId: string | undefined },
    rows: MessageRow[],
    { older, next }: { older: boolean; next: Place | undefined },
  ): Promise<MessagePage> {
    const [oldest, newest] = [rows[0], rows.at(-1)];
    const [messages, notes] = await Promise.all([
      this.views(sessionId, rows),
      chatId ? this.notesAmong(sessionId, chatId, rows, { older, next }) : [],
    ]);
    return {
      messages,
      before: older && oldest ? encodeCursor(oldest.at, oldest.arrival) : null,
      ...(next && newest && { after: encodeCursor(newest.at, newest.arrival) }),
      ...(chatId && { notes }),
    };
  }

  /** Each note belongs to one page: from its oldest message on, until the next newer one. */
  private async notesAmong(
    sessionId: string,
    chatId: string,
    rows: MessageRow[],
    { older, next }: { older: boolean; next: Place | undefined },
  ): Promise<NoteInThread[]> {
    const [oldest] = rows;
    if (older && !oldest) return [];
    const from = older ? oldest?.at : undefined;
    const notes = await this.notes.within(sessionId, chatId, { from, until: next?.[0] });
    return notes.map(({ note, at, arrival }) => {
      const before = rows.findLast(
        (row) => row.at < at || (row.at === at && row.arrival < arrival),
      );
      return { ...note, afterMessageId: before?.id ?? null };
    });
  }

  /** The quoted messages, and what to call whoever wrote or is named in any of all these. */
  private async people(sessionId: string, rows: MessageRow[]) {
    const quoted = await quotedRows(
      this.database,
      sessionId,
      unique(rows.map((row) => row.quoted_id)),
    );
    const jids = [
      ...rows.filter((row) => !row.from_me).map((row) => row.sender_jid),
      ...rows.flatMap((row) => storedMentions(row.content)),
      ...[...quoted.values()].flatMap(peopleIn),
    ];
    const called = await calledIn(this.database, sessionId, unique(jids));
    const quotes = new Map([...quoted].map(([id, row]) => [id, toQuote(row, called)]));
    return { called, quotes };
  }

  private async reactionsTo(
    sessionId: string,
    rows: MessageRow[],
  ): Promise<Map<string, Reaction[]>> {
    const found = await this.database.kysely
      .selectFrom('reactions')
      .selectAll()
      .where('session_id', '=', sessionId)
      .where(
        'message_id',
        'in',
        rows.map((row) => row.id),
      )
      .where('emoji', '!=', '')
      .orderBy('at')
      .execute();
    const byMessage = new Map<string, Reaction[]>();
    for (const row of found) {
      const list = byMessage.get(row.message_id) ?? [];
      list.push({ emoji: row.emoji, fromMe: row.from_me === 1, senderJid: row.sender_jid });
      byMessage.set(row.message_id, list);
    }
    return byMessage;
  }

  /** Votes and responses, where the page has polls or events. */
  private async answersTo(sessionId: string, rows: MessageRow[]): Promise<Map<string, Answer[]>> {
    const ids = rows.filter(({ type }) => type === 'poll' || type === 'event').map(({ id }) => id);
    if (ids.length === 0) return new Map();
    const found = await this.database.kysely
      .selectFrom('answers')
      .selectAll()
      .where('session_id', '=', sessionId)
      .where('message_id', 'in', ids)
      .orderBy('at')
      .execute();
    const byMessage = new Map<string, Answer[]>();
    for (const { message_id: id, sender_jid: senderJid, from_me, answer } of found) {
      const list = byMessage.get(id) ?? [];
      list.push({ senderJid, fromMe: from_me === 1, answer });
      byMessage.set(id, list);
    }
    return byMessage;
  }
}

function unique(values: (string | null)[]): string[] {
  return [...new Set(values.filter((value) => value !== null))];
}
