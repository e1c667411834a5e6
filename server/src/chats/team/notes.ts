import { randomUUID } from 'node:crypto';
import type { Note } from '@patchbay/contract';
import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Database } from '../../db/database.js';
import type { Schema } from '../../db/schema.js';
import type { WriteStep } from '../../db/write-unit.js';
import type { EventLog, EventSource } from '../../event-log/event-log.js';
import { ApiError } from '../../http/api-error.js';
import { decodeCursor, encodeCursor } from '../../http/cursor.js';
import { fence } from '../../sessions/fence.js';
import type { ChatStore } from '../chat-store.js';
import { nextArrival, wholeSecond } from '../message-store.js';
import type { Author } from './author.js';
import { nameOf } from './author.js';

type NoteRow = Selectable<Schema['chat_notes']>;

/** Times (ms) of a piece of a thread; absent: without an end. */
export interface Span {
  from?: number | undefined;
  /** Excluded. */
  until?: number | undefined;
}

/** A chat, by the id that `ChatStore.find` gives. */
interface NotePlace {
  session: EventSource;
  chat: string;
}

interface PlacedNote {
  note: Note;
  at: number;
  arrival: number;
}

/** Notes of one page of a thread. */
const IN_A_PAGE = 200;
/** WhatsApp's clock may be ahead of ours by this (ms): a note stands after what its author saw. */
const CLOCKS_APART = 300_000;

/** Private notes of chats. They are in no message table, so nothing that sends can meet them. */
export class Notes {
  constructor(
    private readonly database: Database,
    private readonly chats: ChatStore,
    private readonly log: EventLog,
  ) {}

  /** Writes a note in a chat; `chatId` as `ChatStore.find` gives it. */
  async create(session: EventSource, chatId: string, author: Author, text: string): Promise<Note> {
    let note: Note | undefined;
    const id = randomUUID();
    const arrival = nextArrival();
    const name = await nameOf(this.database, author.userId);
    await this.chats.addresses.write(session, { jid: chatId }, async (chat) => {
      const row: NoteRow = {
        id,
        session_id: session.id,
        chat_id: chat.id,
        author_id: author.userId,
        author_name: name,
        text,
        at: await this.timeAfterTheLast(session.id, chat.id),
        arrival,
        edited_at: null,
      };
      note = toNote(row);
      return [
        this.chats.stillLeads(session.id, chat),
        { query: this.database.kysely.insertInto('chat_notes').values(row) },
        ...this.told(session, note, 'created'),
      ];
    });
    this.log.wakeup.hint('events');
    return note as Note;
  }

  /** @throws ApiError `note_not_found`, `forbidden` */
  async change(
    { session, chat }: NotePlace,
    noteId: string,
    author: Author,
    text: string,
  ): Promise<Note> {
    const row = await this.changeable(session.id, chat, noteId, author);
    if (row.text === text) return toNote(row);
    const edited_at = Date.now();
    const note = toNote({ ...row, text, edited_at });
    const { applied } = await this.database.write([
      {
        query: this.database.kysely
          .updateTable('chat_notes')
          .set({ text, edited_at })
          .where('id', '=', noteId),
        whenUnchanged: 'stop',
      },
      ...this.told(session, note, 'changed'),
    ]);
    if (!applied) throw notFound(noteId);
    this.log.wakeup.hint('events');
    return note;
  }

  /** @throws ApiError `note_not_found`, `forbidden` */
  async delete({ session, chat }: NotePlace, noteId: string, author: Author): Promise<void> {
    const row = await this.changeable(session.id, chat, noteId, author);
    const { applied } = await this.database.write([
      {
        query: this.database.kysely.deleteFrom('chat_notes').where('id', '=', noteId),
        whenUnchanged: 'stop',
      },
      ...this.told(session, toNote(row), 'deleted'),
    ]);
    if (!applied) throw notFound(noteId);
    this.log.wakeup.hint('events');
  }

  /** Notes of a chat, newest first. */
  async list(
    sessionId: string,
    chatId: string,
    { limit, after }: { limit: number; after?: string | undefined },
  ): Promise<{ notes: Note[]; after: string | null }> {
    let query = this.of(sessionId, chatId)
      .orderBy('at', 'desc')
      .orderBy('arrival', 'desc')
      .limit(limit + 1);
    if (after) {
      const [at, arrival] = decodeCursor(after, ['number', 'number']);
      query = query.where(sql<boolean>`(at, arrival) < (${at}, ${arrival})`);
    }
    const rows = await query.execute();
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      notes: page.map(toNote),
      after: rows.length > limit && last ? encodeCursor(last.at, last.arrival) : null,
    };
  }

  /** The newest notes of a piece of a chat's thread, oldest first, with their places. */
  async within(sessionId: string, chatId: string, { from, until }: Span): Promise<PlacedNote[]> {
    let query = this.of(sessionId, chatId)
      .orderBy('at', 'desc')
      .orderBy('arrival', 'desc')
      .limit(IN_A_PAGE);
    if (from !== undefined) query = query.where('at', '>=', from);
    if (until !== undefined) query = query.where('at', '<', until);
    const rows = (await query.execute()).reverse();
    return rows.map((row) => ({ note: toNote(row), at: row.at, arrival: row.arrival }));
  }

  async byIds(ids: string[]): Promise<Map<string, Note>> {
    if (ids.length === 0) return new Map();
    const rows = await this.database.kysely
      .selectFrom('chat_notes')
      .selectAll()
      .where('id', 'in', ids)
      .execute();
    return new Map(rows.map((row) => [row.id, toNote(row)]));
  }

  private of(sessionId: string, chatId: string) {
    return this.database.kysely
      .selectFrom('chat_notes')
      .selectAll()
      .where('session_id', '=', sessionId)
      .where('chat_id', '=', chatId);
  }

  private told(
    session: EventSource,
    note: Note,
    action: 'created' | 'changed' | 'deleted',
  ): WriteStep[] {
    const data = { chatId: note.chatId, note, action };
    return [
      fence(this.database.kysely, session),
      this.log.append(session, 'chat.note', data, Date.now()),
    ];
  }

  private async changeable(sessionId: string, chatId: string, noteId: string, author: Author) {
    const row = await this.database.kysely
      .selectFrom('chat_notes')
      .selectAll()
      .where('id', '=', noteId)
      .where('session_id', '=', sessionId)
      .where('chat_id', '=', chatId)
      .executeTakeFirst();
    if (!row) throw notFound(noteId);
    if (row.author_id !== author.userId && !author.isAdmin) {
      throw new ApiError('forbidden', 'Only its author or an admin may do this to a note');
    }
    return row;
  }

  private async timeAfterTheLast(sessionId: string, chatId: string): Promise<number> {
    const now = Date.now();
    const chat = await this.database.kysely
      .selectFrom('chats')
      .select('last_message_at')
      .where('session_id', '=', sessionId)
      .where('id', '=', chatId)
      .executeTakeFirst();
    const last = chat?.last_message_at ?? 0;
    const second = wholeSecond(now);
    return last > second && last < now + CLOCKS_APART ? last : second;
  }
}

function notFound(noteId: string): ApiError {
  return new ApiError('note_not_found', `The chat has no note ${noteId}`);
}

function toNote(row: NoteRow): Note {
  return {
    id: row.id,
    chatId: row.chat_id,
    text: row.text,
    authorId: row.author_id,
    authorName: row.author_name,
    timestamp: new Date(row.at).toISOString(),
    editedAt: row.edited_at === null ? null : new Date(row.edited_at).toISOString(),
  };
}
