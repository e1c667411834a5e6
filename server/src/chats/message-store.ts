import type { MessageContent, MessageStatus, SendFailure } from '@patchbay/contract';
import type { Database } from '../db/database.js';
import { prepared } from '../db/prepared.js';
import type { Schema } from '../db/schema.js';
import type { WriteStep } from '../db/write-unit.js';
import { actsOnAnother, textOf } from './message-text.js';
import { firstPlaceOf, indexedWords, placeAfter, wordsColumn } from './search/search-index.js';

/** A message about to be stored. */
export interface NewMessage {
  id: string;
  chatId: string;
  fromMe: boolean;
  senderJid: string | null;
  /** Milliseconds since the epoch. */
  at: number;
  /** From `nextArrival`: orders messages of the same time. */
  arrival: number;
  content: MessageContent;
  status: MessageStatus;
  source: 'live' | 'offline' | 'phone' | 'history' | 'api';
  raw: Uint8Array | null;
  /** What had become of it before it came here. */
  changed?: 'edited' | 'revoked' | undefined;
}

/** An outgoing message only climbs; `failed` ends everything that was not acknowledged. */
const CLIMB: Record<MessageStatus, MessageStatus[]> = {
  received: [],
  queued: ['sending', 'failed'],
  sending: ['queued', 'failed'],
  sent: ['queued', 'sending', 'failed'],
  delivered: ['queued', 'sending', 'sent', 'failed'],
  read: ['queued', 'sending', 'sent', 'delivered', 'failed'],
  played: ['queued', 'sending', 'sent', 'delivered', 'read', 'failed'],
  failed: ['queued', 'sending'],
  expired: ['queued'],
  cancelled: ['queued'],
};

/** Whether a message of ours in one state can still come to another. */
export const canClimb = (from: MessageStatus, to: MessageStatus): boolean =>
  CLIMB[to].includes(from);

/** States of a message that was received, or left: with it a chat has begun. */
export const IN_CONVERSATION: MessageStatus[] = ['received', 'sent', 'delivered', 'read', 'played'];

let lastArrival = 0;

/** A number that grows with every message of this process and is near the clock across restarts. */
export function nextArrival(): number {
  lastArrival = Math.max(lastArrival + 1, Date.now() * 1000);
  return lastArrival;
}

/**
 * The time of something of ours in a chat (ms). WhatsApp tells times in whole seconds: what we say is
 * kept alike, so that within a second the arrival decides and an answer comes after its question.
 */
export const wholeSecond = (ms: number): number => ms - (ms % 1000);

/** The columns of a new message, and where the index may put it. */
type InsertedRow = Omit<
  Schema['messages'],
  'error' | 'failure_code' | 'certainly_not_sent' | 'edited_at' | 'pinned_until' | 'place'
> & { first_place: number };

interface Climb {
  session: string;
  id: string;
  error: string | null;
  code: Schema['messages']['failure_code'];
  certainlyNotSent: number | null;
}

/** Messages, and what is kept of them. */
export class MessageStore {
  private readonly insertRow = prepared<InsertedRow>((value) =>
    this.database.kysely
      .insertInto('messages')
      .values({
        session_id: value('session_id'),
        id: value('id'),
        chat_id: value('chat_id'),
        from_me: value('from_me'),
        sender_jid: value('sender_jid'),
        type: value('type'),
        text: value('text'),
        content: value('content'),
        quoted_id: value('quoted_id'),
        at: value('at'),
        arrival: value('arrival'),
        status: value('status'),
        error: null,
        failure_code: null,
        certainly_not_sent: null,
        hidden: value('hidden'),
        edited: value('edited'),
        source: value('source'),
        raw: value('raw'),
        place: placeAfter(this.database.dialect, value('first_place')),
        words: wordsColumn(this.database.dialect, value('words')),
      })
      .onConflict((c) =>
        c
          .columns(['session_id', 'id'])
          .doUpdateSet((e) => ({
            type: e.ref('excluded.type'),
            text: e.ref('excluded.text'),
            content: e.ref('excluded.content'),
            quoted_id: e.ref('excluded.quoted_id'),
            hidden: e.ref('excluded.hidden'),
            raw: e.ref('excluded.raw'),
            words: e.ref('excluded.words'),
          }))
          .where('messages.type', '=', 'undecryptable')
          .where((e) => e(e.ref('excluded.type'), '!=', 'undecryptable')),
      ),
  );
  private readonly climbTo = new Map<MessageStatus, ReturnType<typeof this.climbing>>();
  private readonly setSending = prepared<{ session: string; id: string; raw: Uint8Array }>(
    (value) =>
      this.database.kysely
        .updateTable('messages')
        .set({
          raw: value('raw'),
          status: 'sending',
          error: null,
          failure_code: null,
          certainly_not_sent: null,
        })
        .where('session_id', '=', value('session'))
        .where('id', '=', value('id'))
        .where('status', 'in', ['sending', ...CLIMB.sending]),
  );

  constructor(private readonly database: Database) {}

  /**
   * Step that stores a message unless the session has one with this id (then it stops the unit). One
   * that could not be decrypted is replaced by the readable one that follows under its id.
   */
  insert(sessionId: string, message: NewMessage): WriteStep {
    const { content } = message;
    const text = withoutNul(textOf(content));
    const hidden = actsOnAnother(content);
    const query = this.insertRow({
      session_id: sessionId,
      id: message.id,
      chat_id: message.chatId,
      from_me: message.fromMe ? 1 : 0,
      sender_jid: message.senderJid,
      type: message.changed === 'revoked' ? 'revoked' : content.type,
      text,
      content: JSON.stringify(content),
      quoted_id: ('quotedMessageId' in content ? content.quotedMessageId : undefined) ?? null,
      at: message.at,
      arrival: message.arrival,
      status: message.status,
      hidden: hidden ? 1 : 0,
      edited: message.changed === 'edited' ? 1 : 0,
      source: message.source,
      raw: message.raw,
      first_place: firstPlaceOf(message.at),
      words: indexedWords(this.database.dialect, sessionId, hidden ? '' : text),
    });
    return { query, whenUnchanged: 'stop' };
  }

  /** Step that lets an own message climb to a status; stops the unit when it is there already. */
  climb(
    sessionId: string,
    messageId: string,
    status: MessageStatus,
    error: string | null = null,
    failure?: SendFailure,
  ): WriteStep {
    const climbing = this.climbTo.get(status) ?? this.climbing(status);
    this.climbTo.set(status, climbing);
    const query = climbing({
      session: sessionId,
      id: messageId,
      error,
      code: failure?.code ?? null,
      certainlyNotSent: failure ? Number(failure.certainlyNotSent) : null,
    });
    return { query, whenUnchanged: 'stop' };
  }

  /** Step: a message is handed to the engine, in this encoding of the engine's own. */
  handedOver(sessionId: string, messageId: string, raw: Uint8Array): WriteStep {
    return { query: this.setSending({ session: sessionId, id: messageId, raw }) };
  }

  /** The chat of a message and whether it is ours, or undefined when unknown. */
  async locate(sessionId: string, messageId: string) {
    return await this.database.kysely
      .selectFrom('messages')
      .select(['chat_id', 'from_me', 'status'])
      .where('session_id', '=', sessionId)
      .where('id', '=', messageId)
      .executeTakeFirst();
  }

  /** Whether anything was received in a chat, or left for it. */
  async hasConversation(sessionId: string, chatId: string): Promise<boolean> {
    const row = await this.database.kysely
      .selectFrom('messages')
      .select('id')
      .where('session_id', '=', sessionId)
      .where('chat_id', '=', chatId)
      .where('status', 'in', IN_CONVERSATION)
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }

  /** Step that moves a scheduled message to the place in its chat at which it leaves. */
  leaves(sessionId: string, messageId: string, at: number): WriteStep {
    return {
      query: this.database.kysely
        .updateTable('messages')
        .set({ at, arrival: nextArrival() })
        .where('session_id', '=', sessionId)
        .where('id', '=', messageId),
    };
  }

  /** The engine's own encoding of a message, if it was kept. */
  async raw(sessionId: string, messageId: string): Promise<Uint8Array | undefined> {
    const row = await this.database.kysely
      .selectFrom('messages')
      .select('raw')
      .where('session_id', '=', sessionId)
      .where('id', '=', messageId)
      .executeTakeFirst();
    return row?.raw ?? undefined;
  }

  /** What a message says and which message it quotes. */
  async outgoing(sessionId: string, messageId: string) {
    const row = await this.database.kysely
      .selectFrom('messages')
      .select(['content', 'quoted_id', 'chat_id'])
      .where('session_id', '=', sessionId)
      .where('id', '=', messageId)
      .executeTakeFirst();
    if (!row) return undefined;
    const content = JSON.parse(row.content) as MessageContent;
    const quoted = row.quoted_id ? await this.raw(sessionId, row.quoted_id) : undefined;
    return { chatId: row.chat_id, content, quoted };
  }

  private climbing(status: MessageStatus) {
    return prepared<Climb>((value) =>
      this.database.kysely
        .updateTable('messages')
        .set({
          status,
          error: value('error'),
          failure_code: value('code'),
          certainly_not_sent: value('certainlyNotSent'),
        })
        .where('session_id', '=', value('session'))
        .where('id', '=', value('id'))
        .where('from_me', '=', 1)
        .where('status', 'in', CLIMB[status]),
    );
  }
}

/** PostgreSQL cannot store NUL in text. */
function withoutNul(text: string): string {
  return text.replaceAll('\0', '');
}
