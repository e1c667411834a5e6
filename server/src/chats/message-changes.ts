import type { MessageContent } from '@patchbay/contract';
import { sql } from 'kysely';
import type { Database } from '../db/database.js';
import type { WriteStep } from '../db/write-unit.js';
import { textOf, withText } from './message-text.js';
import { authorName } from './same-person.js';
import { indexedWords } from './search/search-index.js';

/** The message that another one acts on. */
export interface Target {
  chatId: string;
  fromMe: boolean;
  /** Written by the person who acts now, under either name. */
  byThisPerson: boolean;
  content: MessageContent;
}

/** Who acts, and when (milliseconds since the epoch). */
export interface Actor {
  jid: string;
  fromMe: boolean;
  at: number;
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
            .whereRef('reactions.at', '<=', sql.ref('excluded.at')),
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
            .whereRef('answers.at', '<=', sql.ref('excluded.at')),
        ),
    };
  }

  /** An older edit that comes later counts, but leaves the text. */
  edit(
    sessionId: string,
    messageId: string,
    { content }: Target,
    text: string,
    at: number,
  ): WriteStep {
    const changed = withText(content, text.replaceAll('\0', ''));
    const words = indexedWords(this.database.dialect, sessionId, textOf(changed));
    const isNewest = sql<boolean>`(edited_at is null or edited_at <= ${at})`;
    return {
      query: this.database.kysely
        .updateTable('messages')
        .set((e) => ({
          text: sql<string>`case when ${isNewest} then ${textOf(changed)} else text end`,
          content: sql<string>`case when ${isNewest} then ${JSON.stringify(changed)} else content end`,
          words: sql<string | null>`case when ${isNewest} then ${words} else words end`,
          edited: e('edited', '+', 1),
          edited_at: sql<number>`case when ${isNewest} then cast(${at} as bigint) else edited_at end`,
        }))
        .where('session_id', '=', sessionId)
        .where('id', '=', messageId)
        .where('type', '!=', 'revoked'),
    };
  }

  /** Nothing of what it said is kept. */
  revoke(sessionId: string, messageId: string): WriteStep {
    return {
      query: this.database.kysely
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
        .where('id', '=', messageId),
    };
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
