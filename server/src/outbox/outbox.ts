import type { MessageContent } from '@patchbay/contract';
import type { ChatStore } from '../chats/chat-store.js';
import type { MessageEffects } from '../chats/message-effects.js';
import type { MessageStore, NewMessage } from '../chats/message-store.js';
import { nextArrival } from '../chats/message-store.js';
import { actsOnAnother, textOf } from '../chats/message-text.js';
import { toMessage } from '../chats/message-view.js';
import { crashPoint } from '../crash-point.js';
import type { Database } from '../db/database.js';
import type { WriteStep } from '../db/write-unit.js';
import type { EventLog } from '../event-log/event-log.js';
import { newMessageId } from '../whatsapp/message-id.js';

export interface OutboxRow {
  messageId: string;
  chatJid: string;
  state: 'queued' | 'sending' | 'written';
  attempts: number;
  dueAt: number;
}

/** Whose message it is, and in which session's name. */
export interface SendingSession {
  id: string;
  ownerId: string;
  jid: string | null;
}

/**
 * What is to be sent. A row is there from the moment a message is accepted until WhatsApp
 * acknowledged or refused it; its WhatsApp id is chosen first, so that sending again after a crash
 * is the same message to everyone.
 */
export class Outbox {
  constructor(
    private readonly database: Database,
    private readonly chats: ChatStore,
    private readonly messages: MessageStore,
    private readonly effects: MessageEffects,
    private readonly log: EventLog,
  ) {}

  /**
   * Accepts a message: durable when this resolves.
   * @param advance the step that advances the session's event number (sessions/fence.ts)
   */
  async accept(
    session: SendingSession,
    chatJid: string,
    content: MessageContent,
    advance: WriteStep,
  ): Promise<{ messageId: string; chatId: string }> {
    const now = Date.now();
    const quotedId = 'quotedMessageId' in content ? content.quotedMessageId : undefined;
    const quotedText = quotedId ? await this.messages.quotedText(session.id, quotedId) : undefined;
    const id = newMessageId();
    const arrival = nextArrival();
    const { chatId } = await this.chats.addresses.write(session, { jid: chatJid }, async (chat) => {
      const message: NewMessage = {
        id,
        chatId: chat.id,
        fromMe: true,
        senderJid: session.jid,
        at: now,
        arrival,
        content,
        status: 'queued',
        source: 'api',
        raw: null,
      };
      const row = {
        session_id: session.id,
        id,
        chat_id: chat.id,
        from_me: 1,
        sender_jid: session.jid,
        type: content.type,
        text: textOf(content),
        content,
        quoted_id: quotedId ?? null,
        at: now,
        status: message.status,
        error: null,
        failure_code: null,
        certainly_not_sent: null,
      };
      const view = () => toMessage(row, { senderName: null, quotedText, reactions: [] });
      const effects = await this.effects.of(session, { ...message, senderName: null }, view);
      return [
        advance,
        this.messages.insert(session.id, message),
        ...this.chats.ensure(session.id, chat),
        actsOnAnother(content)
          ? this.chats.stillLeads(session.id, chat)
          : this.chats.countMessage(session.id, chat, { id, at: now, unread: false }),
        this.enqueue(session.id, id, chatJid, now),
        ...effects,
      ];
    });
    crashPoint('after-accept');
    this.log.wakeup.hint('events');
    this.log.wakeup.hint(`outbox:${session.id}`);
    return { messageId: id, chatId };
  }

  /** The rows of a session that are due, in the order in which they were accepted. */
  async due(sessionId: string, now: number, limit = 50): Promise<OutboxRow[]> {
    const rows = await this.database.kysely
      .selectFrom('outbox')
      .select(['message_id', 'chat_jid', 'state', 'attempts', 'due_at'])
      .where('session_id', '=', sessionId)
      .where('due_at', '<=', now)
      .orderBy('number')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      messageId: row.message_id,
      chatJid: row.chat_jid,
      state: row.state,
      attempts: row.attempts,
      dueAt: row.due_at,
    }));
  }

  /** When the next row of a session is due, if any. */
  async nextDue(sessionId: string): Promise<number | undefined> {
    const row = await this.database.kysely
      .selectFrom('outbox')
      .select((e) => e.fn.min('due_at').as('at'))
      .where('session_id', '=', sessionId)
      .executeTakeFirst();
    return row?.at ?? undefined;
  }

  /** Step: handed to the engine from now on; looked at again at `dueAt` if no ack has come. */
  handedOver(sessionId: string, messageId: string, dueAt: number): WriteStep {
    return {
      query: this.database.kysely
        .updateTable('outbox')
        .set((e) => ({ state: 'sending', attempts: e('attempts', '+', 1), due_at: dueAt }))
        .where('session_id', '=', sessionId)
        .where('message_id', '=', messageId),
      whenUnchanged: 'stop',
    };
  }

  /** Step: what waits for an ack is looked at again at `dueAt` at the latest. */
  reopen(sessionId: string, dueAt: number): WriteStep {
    return {
      query: this.database.kysely
        .updateTable('outbox')
        .set({ due_at: dueAt })
        .where('session_id', '=', sessionId)
        .where('state', '=', 'sending')
        .where('due_at', '>', dueAt),
    };
  }

  /** Step: certainly not sent; tried again at `dueAt`. */
  putBack(sessionId: string, messageId: string, dueAt: number): WriteStep {
    return {
      query: this.database.kysely
        .updateTable('outbox')
        .set({ state: 'queued', due_at: dueAt })
        .where('session_id', '=', sessionId)
        .where('message_id', '=', messageId),
    };
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

  /** Step that lets messages to a chat that was merged away wait in the order of the other one. */
  chatMerged(sessionId: string, from: string, into: string): WriteStep {
    return {
      query: this.database.kysely
        .updateTable('outbox')
        .set({ chat_jid: into })
        .where('session_id', '=', sessionId)
        .where('chat_jid', '=', from),
    };
  }

  private enqueue(sessionId: string, messageId: string, chatJid: string, now: number): WriteStep {
    const query = this.database.kysely.insertInto('outbox').values({
      session_id: sessionId,
      message_id: messageId,
      chat_jid: chatJid,
      state: 'queued',
      attempts: 0,
      due_at: now,
      send_at: now,
      expires_at: null,
      created_at: now,
    });
    return { query };
  }
}
