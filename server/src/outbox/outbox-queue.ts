import type { MessageContent } from '@patchbay/contract';
import { underTimer } from '../chats/message-text.js';
import type { Database } from '../db/database.js';
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

/** The outbox as the session that owns the number works it off. */
export class OutboxQueue {
  constructor(private readonly database: Database) {}

  /**
   * What waits (`open`: queued, or handed over with an unknown outcome) or waits for its ack too
   * long (`overdue`), in the order of sending. Rows whose time has not come are among the open ones,
   * for they hold what follows them in their chat.
   */
  async read(
    sessionId: string,
    which: 'open' | 'overdue',
    now: number,
    page: { limit: number; withoutChats?: string[] },
  ): Promise<OutboxRow[]> {
    let query = this.database.kysely
      .selectFrom('outbox as o')
      .innerJoin('messages as m', (join) =>
        join.onRef('m.session_id', '=', 'o.session_id').onRef('m.id', '=', 'o.message_id'),
      )
      .leftJoin('chats as c', (join) =>
        join.onRef('c.session_id', '=', 'm.session_id').onRef('c.id', '=', 'm.chat_id'),
      )
      .select('c.disappearing_seconds')
      .select(['o.message_id', 'o.chat_jid', 'o.state', 'o.attempts', 'o.due_at', 'o.send_at'])
      .select([
        'o.expires_at',
        'o.created_at',
        'm.chat_id',
        'm.content',
        'm.quoted_id',
        'm.sender_jid',
      ])
      .where('o.session_id', '=', sessionId)
      .where('o.send_at', '<=', now)
      .orderBy('o.send_at')
      .orderBy('o.number')
      .limit(page.limit);
    if (which === 'overdue') {
      query = query.where('o.state', '=', 'written').where('o.due_at', '<=', now);
    } else {
      query = query.where('o.state', '!=', 'written');
    }
    const { withoutChats = [] } = page;
    if (withoutChats.length > 0) query = query.where('m.chat_id', 'not in', withoutChats);
    return (await query.execute()).map((row) => ({
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
    const row = await this.database.kysely
      .selectFrom('outbox')
      .select((e) => [
        e.fn.min('expires_at').filterWhere('state', '=', 'queued').as('expiry'),
        e.fn.min('due_at').filterWhere('state', '=', 'written').as('overdue'),
        e.fn
          .min('due_at')
          .filterWhere('state', '!=', 'written')
          .filterWhere('due_at', '>', lookedAt)
          .as('due'),
      ])
      .where('session_id', '=', sessionId)
      .executeTakeFirst();
    return row ?? { expiry: null, overdue: null, due: null };
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
   * Step: handed to the engine from now on; looked at again at `dueAt` if no ack has come. Stops the
   * unit when the message was settled or taken back meanwhile.
   */
  handedOver(sessionId: string, messageId: string, dueAt: number): WriteStep {
    return {
      query: this.row(sessionId, messageId).set((e) => ({
        state: 'sending',
        attempts: e('attempts', '+', 1),
        due_at: dueAt,
      })),
      whenUnchanged: 'stop',
    };
  }

  /** Step: it has left through the connection that is open. */
  written(sessionId: string, messageId: string): WriteStep {
    return { query: this.row(sessionId, messageId).set({ state: 'written' }) };
  }

  /** Step: after a reconnect nobody knows of what was under way; looked at again at `dueAt`. */
  reopen(sessionId: string, dueAt: number): WriteStep {
    return {
      query: this.database.kysely
        .updateTable('outbox')
        .set({ state: 'sending', due_at: dueAt })
        .where('session_id', '=', sessionId)
        .where('state', '!=', 'queued'),
    };
  }

  /** Step: certainly not sent; tried again at `dueAt`. What was not even `tried` is not counted. */
  putBack(
    sessionId: string,
    messageId: string,
    { dueAt, tried }: { dueAt: number; tried: boolean },
  ): WriteStep {
    const query = this.row(sessionId, messageId).set((e) => ({
      state: 'queued',
      due_at: dueAt,
      attempts: tried ? e.ref('attempts') : e('attempts', '-', 1),
    }));
    return { query };
  }

  /** Step: nothing more to do for this message. */
  settled(sessionId: string, messageId: string): WriteStep {
    return {
      query: this.database.kysely
        .deleteFrom('outbox')
        .where('session_id', '=', sessionId)
        .where('message_id', '=', messageId),
    };
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

  private row(sessionId: string, messageId: string) {
    return this.database.kysely
      .updateTable('outbox')
      .where('session_id', '=', sessionId)
      .where('message_id', '=', messageId);
  }
}
