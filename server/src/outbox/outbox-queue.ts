import type { MessageContent } from '@patchbay/contract';
import type { Selectable } from 'kysely';
import { underTimer } from '../chats/message-text.js';
import type { Database } from '../db/database.js';
import { prepared } from '../db/prepared.js';
import type { Schema } from '../db/schema.js';
import type { WriteStep } from '../db/write-unit.js';

/** A message whose turn may have come, with all that is needed to send it. */
export interface OutboxRow {
  messageId: string;
  chatId: string;
  chatJid: string;
  content: MessageContent;
  quotedId: string | null;
  /** The number in whose name it was accepted. */
  senderJid: string | null;
  state: 'queued' | 'sending' | 'written';
  attempts: number;
  dueAt: number;
  sendAt: number;
  expiresAt: number | null;
  createdAt: number;
}

/** Statements that leave out up to this many chats are kept. */
const FEW_CHATS = 16;
/** After so many tries that were cut short it pauses for so long (ms). */
const CUT_SHORT_OFTEN = 20;
const PAUSE_THEN = 60_000;

/** A row as it is read, with what other tables know of its message. */
type FoundRow = Pick<
  Selectable<Schema['outbox']>,
  | 'message_id'
  | 'chat_jid'
  | 'state'
  | 'attempts'
  | 'due_at'
  | 'send_at'
  | 'expires_at'
  | 'created_at'
> &
  Pick<Selectable<Schema['messages']>, 'chat_id' | 'content' | 'quoted_id' | 'sender_jid'> & {
    disappearing_seconds: number | null;
  };

/** What is read for; beside it the chats that are left out, by their number. */
interface Asked {
  sessionId: string;
  now: number;
  limit: number;
  [chat: number]: string;
}

interface NextTimes {
  expiry: number | null;
  overdue: number | null;
  due: number | null;
}

/** The outbox as the session that owns the number works it off. */
export class OutboxQueue {
  private readonly reads = new Map<string, ReturnType<typeof prepared<Asked, FoundRow>>>();
  private readonly times = prepared<{ sessionId: string; lookedAt: number }, NextTimes>((value) =>
    this.database.kysely
      .selectFrom('outbox')
      .select((e) => [
        e.fn.min('expires_at').filterWhere('state', '=', 'queued').as('expiry'),
        e.fn.min('due_at').filterWhere('state', '=', 'written').as('overdue'),
        e.fn
          .min('due_at')
          .filterWhere('state', '!=', 'written')
          .filterWhere('due_at', '>', value('lookedAt'))
          .as('due'),
      ])
      .where('session_id', '=', value('sessionId')),
  );
  private readonly write = prepared<{ sessionId: string; messageId: string; dueAt: number }>(
    (value) =>
      this.database.kysely
        .updateTable('outbox')
        .set((e) => ({
          state: 'written',
          attempts: e('attempts', '+', 1),
          due_at: value('dueAt'),
        }))
        .where('session_id', '=', value('sessionId'))
        .where('message_id', '=', value('messageId')),
  );
  private readonly remove = prepared<{ sessionId: string; messageId: string }>((value) =>
    this.database.kysely
      .deleteFrom('outbox')
      .where('session_id', '=', value('sessionId'))
      .where('message_id', '=', value('messageId')),
  );

  constructor(private readonly database: Database) {}

  /**
   * What waits (`open`: queued, or handed over by a connection or a try that has ended), or waits for
   * its ack too long (`overdue`), in the order of sending. Rows whose time has not come are among the
   * open ones, for they hold what follows them in their chat.
   */
  async read(
    sessionId: string,
    which: 'open' | 'overdue',
    now: number,
    page: { limit: number; withoutChats?: string[] },
  ): Promise<OutboxRow[]> {
    const { limit, withoutChats = [] } = page;
    const read = this.reading(which, withoutChats.length);
    const { rows } = await this.database.kysely.executeQuery(
      read({ sessionId, now, limit, ...withoutChats }),
    );
    return rows.map((row) => ({
      messageId: row.message_id,
      chatId: row.chat_id,
      chatJid: row.chat_jid,
      content: underTimer(JSON.parse(row.content), row.disappearing_seconds),
      quotedId: row.quoted_id,
      senderJid: row.sender_jid,
      state: row.state,
      attempts: row.attempts,
      dueAt: row.due_at,
      sendAt: row.send_at,
      expiresAt: row.expires_at,
      createdAt: row.created_at,
    }));
  }

  /** How often a message was handed over; 0 when nothing waits under this id. */
  async attempts(sessionId: string, messageId: string): Promise<number> {
    const row = await this.database.kysely
      .selectFrom('outbox')
      .select('attempts')
      .where('session_id', '=', sessionId)
      .where('message_id', '=', messageId)
      .executeTakeFirst();
    return row?.attempts ?? 0;
  }

  /**
   * When something is to be done next, where there is such a time: a waiting message expires, an ack
   * is overdue, or a row comes due that was not at `lookedAt`.
   */
  async nextTimes(
    sessionId: string,
    lookedAt: number,
  ): Promise<{ expiry: number | null; overdue: number | null; due: number | null }> {
    const query = this.times({ sessionId, lookedAt });
    const { rows } = await this.database.kysely.executeQuery(query);
    return rows[0] ?? { expiry: null, overdue: null, due: null };
  }

  /** Waiting messages whose last moment has passed. */
  async expired(sessionId: string, now: number, limit: number): Promise<string[]> {
    const rows = await this.database.kysely
      .selectFrom('outbox')
      .select('message_id')
      .where('session_id', '=', sessionId)
      .where('state', '=', 'queued')
      .where('expires_at', '<=', now)
      .limit(limit)
      .execute();
    return rows.map((row) => row.message_id);
  }

  /**
   * Step: given to the open connection from now on; looked at again at `dueAt` if no ack has come.
   * Stops the unit when the message was settled or taken back meanwhile.
   */
  handedOver(sessionId: string, messageId: string, dueAt: number): WriteStep {
    return { query: this.write({ sessionId, messageId, dueAt }), whenUnchanged: 'stop' };
  }

  /**
   * Step: after a reconnect nobody knows of what was under way; looked at again at `dueAt`. What was
   * cut short often may be why: it waits longer, so that the others get through in between.
   */
  reopen(sessionId: string, dueAt: number): WriteStep {
    return {
      query: this.database.kysely
        .updateTable('outbox')
        .set((e) => ({
          state: 'sending' as const,
          due_at: e
            .case()
            .when('attempts', '>=', CUT_SHORT_OFTEN)
            .then(dueAt + PAUSE_THEN)
            .else(dueAt)
            .end(),
        }))
        .where('session_id', '=', sessionId)
        .where('state', '!=', 'queued'),
    };
  }

  /**
   * Step: tried again at `dueAt`. `queued`: certainly not sent; `sending`: it may have left, and
   * holds what follows in its chat.
   */
  putBack(
    sessionId: string,
    messageId: string,
    { state, dueAt, attempts }: { state: 'queued' | 'sending'; dueAt: number; attempts: number },
  ): WriteStep {
    const query = this.database.kysely
      .updateTable('outbox')
      .set({ state, due_at: dueAt, attempts })
      .where('session_id', '=', sessionId)
      .where('message_id', '=', messageId);
    return { query };
  }

  /** Step: nothing more to do for this message. */
  settled(sessionId: string, messageId: string): WriteStep {
    return { query: this.remove({ sessionId, messageId }) };
  }

  /** Step: messages to a chat that was merged away go to the other one. */
  chatMerged(sessionId: string, from: string, into: string): WriteStep {
    return {
      query: this.database.kysely
        .updateTable('outbox')
        .set({ chat_jid: into })
        .where('session_id', '=', sessionId)
        .where('chat_jid', '=', from),
    };
  }

  private reading(which: 'open' | 'overdue', chats: number) {
    const name = `${which} ${chats}`;
    const known = this.reads.get(name);
    if (known) return known;
    const reading = prepared<Asked, FoundRow>((value) => {
      const query = this.database.kysely
        .selectFrom('outbox as o')
        .innerJoin('messages as m', (join) =>
          join.onRef('m.session_id', '=', 'o.session_id').onRef('m.id', '=', 'o.message_id'),
        )
        .leftJoin('chats as c', (join) =>
          join.onRef('c.session_id', '=', 'm.session_id').onRef('c.id', '=', 'm.chat_id'),
        )
        .select('c.disappearing_seconds')
        .select(['o.message_id', 'o.chat_jid', 'o.state', 'o.attempts', 'o.due_at', 'o.send_at'])
        .select(['o.expires_at', 'o.created_at'])
        .select(['m.chat_id', 'm.content', 'm.quoted_id', 'm.sender_jid'])
        .where('o.session_id', '=', value('sessionId'))
        .where('o.send_at', '<=', value('now'))
        .orderBy('o.send_at')
        .orderBy('o.number')
        .limit(value('limit'));
      const wanted =
        which === 'overdue'
          ? query.where('o.state', '=', 'written').where('o.due_at', '<=', value('now'))
          : query.where('o.state', '!=', 'written');
      const without = Array.from({ length: chats }, (_, chat) => value(chat));
      return chats === 0 ? wanted : wanted.where('m.chat_id', 'not in', without);
    });
    // Few chats are left out as a rule; held ones may be many.
    if (chats <= FEW_CHATS) this.reads.set(name, reading);
    return reading;
  }
}
