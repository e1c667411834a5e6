import { sql } from 'kysely';
import type { Database } from '../db/database.js';
import { dialects } from '../db/dialect.js';
import type { WriteStep } from '../db/write-unit.js';
import { authorName, isPerson } from './same-person.js';
import { indexedWords, wordsColumn } from './search/search-index.js';

/** Kinds with a text, or a caption, that can be changed. */
export const EDITABLE = ['text', 'image', 'video', 'document'];

/** Who acts, and when (milliseconds since the epoch). */
export interface Actor {
  jid: string;
  fromMe: boolean;
  at: number;
}

/** What comes from a phone is dated to the second, ours to the millisecond; the later comer wins. */
function notOlder(table: 'reactions' | 'answers') {
  return sql<boolean>`${sql.ref(`${table}.at`)} / 1000 <= excluded.at / 1000`;
}

/** The steps by which messages change other messages. */
export class MessageChanges {
  constructor(private readonly database: Database) {}

  react(sessionId: string, messageId: string, actor: Actor, emoji: string): WriteStep {
    return {
      query: this.database.kysely
        .insertInto('reactions')
        .values({ ...this.by(sessionId, messageId, actor), emoji })
        .onConflict((c) =>
          c
            .columns(['session_id', 'message_id', 'sender_jid'])
            .doUpdateSet({ emoji: sql`excluded.emoji`, at: sql`excluded.at` })
            .where(notOlder('reactions')),
        ),
    };
  }

  /** A vote in a poll or a response to an event takes the place of the person's earlier one. */
  answer(
    sessionId: string,
    messageId: string,
    actor: Actor,
    answer: string[] | { response: string; extraGuests: number },
  ): WriteStep {
    return {
      query: this.database.kysely
        .insertInto('answers')
        .values({ ...this.by(sessionId, messageId, actor), answer: JSON.stringify(answer) })
        .onConflict((c) =>
          c
            .columns(['session_id', 'message_id', 'sender_jid'])
            .doUpdateSet({ answer: sql`excluded.answer`, at: sql`excluded.at` })
            .where(notOlder('answers')),
        ),
    };
  }

  /**
   * A new text, or caption, by the author. An older edit that comes later counts, but leaves the
   * text. All in the statement, for the message itself may have been stored a moment ago.
   */
  edit(sessionId: string, messageId: string, actor: Actor, newText: string): WriteStep {
    const { dialect, kysely } = this.database;
    const { withField } = dialects[dialect];
    const text = newText.replaceAll('\0', '');
    const words = wordsColumn(dialect, indexedWords(dialect, sessionId, text));
    const second = Math.floor(actor.at / 1000);
    const isNewest = sql<boolean>`(edited_at is null or edited_at / 1000 <= ${second})`;
    const content = sql<string>`case when type = 'text' then ${withField('content', 'text', text)}
      else ${withField('content', 'caption', text)} end`;
    const query = kysely
      .updateTable('messages')
      .set((e) => ({
        text: sql<string>`case when ${isNewest} then ${text} else text end`,
        content: sql<string>`case when ${isNewest} then ${content} else content end`,
        words: sql<string | null>`case when ${isNewest} then ${words} else words end`,
        edited: e('edited', '+', 1),
        edited_at: sql<number>`case when ${isNewest} then cast(${actor.at} as bigint) else edited_at end`,
      }))
      .where('session_id', '=', sessionId)
      .where('id', '=', messageId)
      .where('type', 'in', EDITABLE)
      .where(this.isBy(sessionId, actor));
    return { query };
  }

  /** Nothing of what it said is kept. @param byAdmin whoever wrote it */
  revoke(sessionId: string, messageId: string, actor: Actor, byAdmin: boolean): WriteStep {
    const query = this.database.kysely
      .updateTable('messages')
      .set({
        type: 'revoked',
        text: '',
        content: '{"type":"other","kind":"revoked"}',
        quoted_id: null,
        pinned_until: null,
        raw: null,
        words: null,
      })
      .where('session_id', '=', sessionId)
      .where('id', '=', messageId);
    return { query: byAdmin ? query : query.where(this.isBy(sessionId, actor)) };
  }

  /** @param until milliseconds since the epoch; 0 without an end; null: unpinned */
  pin(sessionId: string, messageId: string, until: number | null): WriteStep {
    return {
      query: this.database.kysely
        .updateTable('messages')
        .set({ pinned_until: until })
        .where('session_id', '=', sessionId)
        .where('id', '=', messageId),
    };
  }

  /** Only the author may change a message, as on every phone. */
  private isBy(sessionId: string, { jid, fromMe }: Actor) {
    return fromMe
      ? sql<boolean>`from_me = 1`
      : sql<boolean>`(from_me = 0 and ${isPerson(sessionId, 'sender_jid', jid)})`;
  }

  private by(sessionId: string, messageId: string, actor: Actor) {
    return {
      session_id: sessionId,
      message_id: messageId,
      sender_jid: authorName(sessionId, actor.jid),
      from_me: actor.fromMe ? 1 : 0,
      at: actor.at,
    };
  }
}
