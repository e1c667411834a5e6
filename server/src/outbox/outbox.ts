import type { Message, MessageContent } from '@patchbay/contract';
import type { ResolvedChat } from '../chats/chat-addresses.js';
import type { ChatStore } from '../chats/chat-store.js';
import type { MessageEffects } from '../chats/message-effects.js';
import type { MessageStore, NewMessage } from '../chats/message-store.js';
import { nextArrival, wholeSecond } from '../chats/message-store.js';
import { actsOnAnother, textOf } from '../chats/message-text.js';
import { toMessage } from '../chats/message-view.js';
import { type BesideNew, besideNew } from '../chats/quotes.js';
import { crashPoint } from '../crash-point.js';
import type { Database } from '../db/database.js';
import { prepared } from '../db/prepared.js';
import type { Schema } from '../db/schema.js';
import type { WriteStep } from '../db/write-unit.js';
import type { EventLog } from '../event-log/event-log.js';
import { fence } from '../sessions/fence.js';
import { isSwitchedOff } from '../unsafe.js';
import { newMessageId } from '../whatsapp/message-id.js';
import type { Claim, IdempotencyKeys } from './idempotency.js';
import type { OutboxForecast } from './outbox-forecast.js';
import type { MessagesUnderWay } from './under-way.js';

/** Whose message it is, and in which session's name. */
export interface SendingSession {
  id: string;
  ownerId: string;
  jid: string | null;
}

/** How a message is to be accepted. Times are milliseconds since the epoch. */
export interface AcceptOptions {
  /** Sent then at the earliest; in its chat it takes the place of that time. Absent or past: now. */
  sendAt?: number | undefined;
  /** Not handed over for the first time after this; it is `expired` then. */
  expiresAt?: number | undefined;
  /** The client's key, and a digest of all that the request says. */
  idempotency?: Claim | undefined;
  /** Further steps that become durable with the message, or not at all. */
  also?: (messageId: string) => WriteStep[];
}

export interface Accepted {
  messageId: string;
  chatId: string;
  /** When it is expected to be sent (ms), by schedule and pacing; absent: at once. */
  dueAt?: number;
  /** It was accepted before under the same idempotency key; nothing was done now. */
  repeated: boolean;
}

type QueuedRow = Omit<Schema['outbox'], 'number' | 'state' | 'attempts' | 'due_at'>;

/**
 * What is to be sent. A row is there from the moment a message is accepted until WhatsApp
 * acknowledged or refused it, or it was given up; its WhatsApp id is chosen first, so that sending
 * again after a crash is the same message to everyone.
 */
export class Outbox {
  private lastAccepted = 0;
  private readonly insertRow = prepared<QueuedRow>((value) =>
    this.database.kysely.insertInto('outbox').values({
      session_id: value('session_id'),
      message_id: value('message_id'),
      chat_jid: value('chat_jid'),
      state: 'queued',
      attempts: 0,
      due_at: value('send_at'),
      send_at: value('send_at'),
      expires_at: value('expires_at'),
      created_at: value('created_at'),
    }),
  );

  constructor(
    private readonly database: Database,
    private readonly chats: ChatStore,
    private readonly messages: MessageStore,
    private readonly effects: MessageEffects,
    private readonly keys: IdempotencyKeys,
    private readonly forecast: OutboxForecast,
    private readonly underWay: MessagesUnderWay,
    private readonly log: EventLog,
  ) {}

  /**
   * The one door for everything that is sent, whoever sends it: routes go through `Sending`
   * (sending.ts), which checks a request and waits for states; jobs and consumers call this. When
   * it resolves, the message is durable, has its WhatsApp id and its `session.message` event, and
   * will be sent once: in order within its chat, at the session's pace, across deaths of the process.
   *
   * @param chatJid where to: a jid as `chatJidOf` gives it
   * @param content any MessageContent that the engine can send; what it cannot becomes `failed`.
   *   Bytes do not belong in it: store media first and name it by its hash.
   * @throws ApiError `idempotency_key_reused`; WriteRefused when the session is gone
   */
  async accept(
    session: SendingSession,
    chatJid: string,
    content: MessageContent,
    options: AcceptOptions = {},
  ): Promise<Accepted> {
    const { idempotency } = options;
    // Never backwards, whatever the clock does: it is the order within the chat.
    const now = Math.max(Date.now(), this.lastAccepted);
    this.lastAccepted = now;
    const sendAt = Math.max(options.sendAt ?? now, now);
    const id = newMessageId();
    const at = wholeSecond(now);
    const arrival = nextArrival();
    const shown = sendAt === now && !actsOnAnother(content);
    const beside = await besideNew(this.database, session.id, content);
    const dueAt = await this.forecast.ofNew(session.id, sendAt, now);
    const also = options.also?.(id) ?? [];
    const isApart = isSwitchedOff('noted-with-message');
    const { applied, chatId } = await this.chats.addresses.write(
      session,
      { jid: chatJid },
      async (chat) => {
        this.underWay.accepted(session.id, id, chat.id);
        const message = newMessage(session, { id, chat, content, at, arrival });
        const view = () => viewOf(session.id, message, beside, dueAt);
        // What acts on another message does so when it leaves.
        const actsLater = sendAt > now && actsOnAnother(content);
        const told = { ...message, senderName: null };
        const effects = actsLater ? [] : await this.effects.of(session, told, view);
        return [
          ...(idempotency ? this.keys.claim(session, idempotency, id, now) : []),
          fence(this.database.kysely, session),
          this.messages.insert(session.id, message),
          ...this.chats.ensure(session.id, chat),
          shown
            ? this.chats.countMessage(session.id, chat, { id, at, unread: false })
            : this.chats.stillLeads(session.id, chat),
          this.enqueue(session.id, id, chatJid, { now, sendAt, expiresAt: options.expiresAt }),
          ...(isApart ? [] : also),
          ...effects,
        ];
      },
    );
    if (!applied && idempotency) return await this.repeated(session, idempotency);
    crashPoint('after-accept');
    if (isApart && also.length > 0) await this.database.write(also);
    this.log.wakeup.hint('events');
    this.log.wakeup.hint(`outbox:${session.id}`);
    return { messageId: id, chatId, repeated: false, ...(dueAt !== undefined && { dueAt }) };
  }

  /** What was accepted under this key before, if anything; throws `idempotency_key_reused`. */
  async acceptedBefore(session: SendingSession, claim: Claim): Promise<Accepted | undefined> {
    const messageId = await this.keys.find(session, claim, Date.now());
    if (messageId === undefined) return undefined;
    const located = await this.messages.locate(session.id, messageId);
    return { messageId, chatId: located?.chat_id ?? '', repeated: true };
  }

  /**
   * Takes a message back that was certainly not sent: resolves with false when it is too late, or
   * when there is no such message.
   * @param also steps that become durable with that, or not at all
   */
  async cancel(
    session: SendingSession,
    messageId: string,
    also: WriteStep[] = [],
  ): Promise<boolean> {
    return await this.giveUp(session, messageId, 'cancelled', also);
  }

  /** Ends a message that certainly was not sent; false when it is no longer in that state. */
  async giveUp(
    session: SendingSession,
    messageId: string,
    status: 'cancelled' | 'expired',
    also: WriteStep[] = [],
  ): Promise<boolean> {
    const located = await this.messages.locate(session.id, messageId);
    if (!located) return false;
    const data = { chatId: located.chat_id, messageId, status, error: null };
    const { applied } = await this.database.write([
      {
        query: this.database.kysely
          .deleteFrom('outbox')
          .where('session_id', '=', session.id)
          .where('message_id', '=', messageId)
          .where('state', '=', 'queued'),
        whenUnchanged: 'stop',
      },
      this.messages.climb(session.id, messageId, status),
      fence(this.database.kysely, session),
      this.log.append(session, 'message.status', data, Date.now()),
      ...also,
    ]);
    if (!applied) return false;
    this.log.wakeup.hint('events');
    this.log.wakeup.hint(`message:${session.id}/${messageId}`);
    this.log.wakeup.hint(`outbox:${session.id}`);
    return true;
  }

  /** Steps that forget all of a deleted session. */
  forget(sessionId: string): WriteStep[] {
    const tables = ['outbox', 'idempotency_keys', 'sends_by_second'] as const;
    return tables.map((table) => ({
      query: this.database.kysely.deleteFrom(table).where('session_id', '=', sessionId),
    }));
  }

  private async repeated(session: SendingSession, claim: Claim): Promise<Accepted> {
    const before = await this.acceptedBefore(session, claim);
    if (!before) throw new Error('the key of a message that was accepted before has just expired');
    return before;
  }

  private enqueue(
    sessionId: string,
    messageId: string,
    chatJid: string,
    times: { now: number; sendAt: number; expiresAt?: number | undefined },
  ): WriteStep {
    const query = this.insertRow({
      session_id: sessionId,
      message_id: messageId,
      chat_jid: chatJid,
      send_at: times.sendAt,
      expires_at: times.expiresAt ?? null,
      created_at: times.now,
    });
    return { query };
  }
}

function newMessage(
  session: SendingSession,
  about: { id: string; chat: ResolvedChat; content: MessageContent; at: number; arrival: number },
): NewMessage {
  const { id, chat, content, at, arrival } = about;
  return {
    id,
    chatId: chat.id,
    fromMe: true,
    senderJid: session.jid,
    at,
    arrival,
    content,
    status: 'queued',
    source: 'api',
    raw: null,
  };
}

/** The message as its event tells it. */
function viewOf(
  sessionId: string,
  message: NewMessage,
  beside: BesideNew,
  dueAt: number | undefined,
): Message {
  const { content } = message;
  const row = {
    session_id: sessionId,
    id: message.id,
    chat_id: message.chatId,
    from_me: 1,
    sender_jid: message.senderJid,
    type: content.type,
    text: textOf(content),
    content,
    quoted_id: ('quotedMessageId' in content ? content.quotedMessageId : undefined) ?? null,
    at: message.at,
    status: message.status,
    error: null,
    failure_code: null,
    certainly_not_sent: null,
  };
  return toMessage(row, { senderName: null, ...beside, reactions: [], dueAt });
}
