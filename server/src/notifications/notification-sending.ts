import type {
  NotificationAnswer,
  SendAnswer,
  SendNotification,
  SendWait,
} from '@patchbay/contract';
import type { Principal, SessionScope } from '../auth/principal.js';
import type { ChatStore } from '../chats/chat-store.js';
import { IN_CONVERSATION } from '../chats/message-store.js';
import type { Database } from '../db/database.js';
import { ApiError } from '../http/api-error.js';
import type { Sending } from '../outbox/sending.js';
import type { SessionAbilities } from '../sessions/session-abilities.js';
import type { SessionStore } from '../sessions/session-store.js';
import { pnJidOf } from '../whatsapp/jid.js';
import type { NumberPlan } from '../whatsapp/phone-number.js';
import { readPhone } from '../whatsapp/phone-number.js';
import type { DefaultSessions } from './default-session.js';
import { statusOf } from './number-view.js';

interface Tools {
  database: Database;
  chats: ChatStore;
  store: SessionStore;
  defaults: DefaultSessions;
  abilities: SessionAbilities;
  sending: Sending;
  numbers: NumberPlan;
}

/** Texts to phone numbers, from the caller's one number, through the outbox. */
export class NotificationSending {
  constructor(private readonly tools: Tools) {}

  /**
   * Accepts a text for a number that is one and is on WhatsApp.
   * @throws {ApiError} invalid_phone, not_on_whatsapp, session_not_found, session_not_linked,
   *   session_not_connected, idempotency_key_reused, and what asking WhatsApp may throw
   */
  async send(
    reply: { status(code: number): unknown },
    caller: Principal,
    { phone, message }: SendNotification,
    idempotencyKey: string | undefined,
    wait: SendWait,
  ): Promise<NotificationAnswer> {
    const { defaults, sending, numbers } = this.tools;
    const { digits, problem } = readPhone(phone, numbers);
    if (digits === undefined) throw new ApiError('invalid_phone', `phone: ${problem}`);
    const session = await defaults.get(caller);
    const request = {
      chatId: digits,
      content: { type: 'text' as const, text: message },
      idempotencyKey,
      address: () => this.addressOf(session, digits),
    };
    const sent = await sending.answer(reply, session.ownerId, session.id, request, wait);
    return toAnswer(sent);
  }

  /**
   * How WhatsApp names the number. It is asked, unless somebody with it has written to us or got a
   * message of ours: asking for many numbers looks to WhatsApp like collecting them.
   */
  private async addressOf(session: SessionScope, digits: string): Promise<string> {
    const { store, abilities } = this.tools;
    const row = await store.find(session.id, session.ownerId);
    const status = row && statusOf(row);
    if (status === 'DISCONNECTED' || status === 'AUTH_FAILURE') {
      throw new ApiError('session_not_connected', `The number is ${status}; reconnect it first`);
    }
    const jid = pnJidOf(digits);
    if (await this.isInConversation(session, jid)) return jid;
    const asked = abilities.use(session, 'contacts', (contacts) => contacts.check([digits]));
    // An engine that cannot ask learns it from the message itself.
    const [found] = await asked.catch((error) => {
      if (error instanceof ApiError && error.code === 'not_supported') {
        return [{ exists: true, jid }];
      }
      throw error;
    });
    if (found?.exists) return found.jid ?? jid;
    throw new ApiError('not_on_whatsapp', 'phone: this number is not registered on WhatsApp');
  }

  private async isInConversation(session: SessionScope, jid: string): Promise<boolean> {
    const { chats, database } = this.tools;
    const chat = await chats.addresses.resolve(session, { jid });
    if (!chat.exists) return false;
    const row = await database.kysely
      .selectFrom('messages')
      .select('id')
      .where('session_id', '=', session.id)
      .where('chat_id', '=', chat.id)
      .where('status', 'in', IN_CONVERSATION)
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }
}

function toAnswer(sent: SendAnswer): NotificationAnswer {
  const { success, messageId, chatId, status, dueAt, error } = sent;
  const later = dueAt ? `, at ${dueAt}` : '';
  const message = success
    ? status === 'queued'
      ? `Accepted: it is sent in its turn${later}`
      : `The message is ${status}`
    : `The message is ${status}: ${error ?? 'it was not sent'}`;
  return { success, message, data: { messageId, chatId, status, ...(dueAt && { dueAt }) } };
}
