import type { ChatStore } from '../chats/chat-store.js';
import type { MessageStore, NewMessage } from '../chats/message-store.js';
import { nextArrival } from '../chats/message-store.js';
import { actsOnAnother, textOf } from '../chats/message-text.js';
import { toMessage } from '../chats/message-view.js';
import type { Database } from '../db/database.js';
import type { WriteStep } from '../db/write-unit.js';
import type {
  EngineContact,
  EngineEvent,
  EngineEventOf,
  EngineMessage,
} from '../engines/engine-events.js';
import type { EventLog } from '../event-log/event-log.js';
import type { Outbox } from '../outbox/outbox.js';
import { isLidJid, isPnJid } from '../whatsapp/jid.js';
import { fence } from './fence.js';

/** Events about data; those about the connection are the session's own business. */
export type DataEvent = Exclude<
  EngineEvent,
  { type: 'qr' | 'pairing-code' | 'pair-success' | 'connected' | 'own-name' | 'disconnected' }
>;

export interface RecordedSession {
  id: string;
  ownerId: string;
}

/** History arrives in thousands; each write unit takes this many so that live traffic gets between. */
const HISTORY_BATCH = 100;

/**
 * Writes what an engine told: each event is one transaction (message, chat, event row). What was
 * recorded before, by (session, WhatsApp id), changes nothing.
 */
export class EventRecorder {
  constructor(
    private readonly database: Database,
    private readonly chats: ChatStore,
    private readonly messages: MessageStore,
    private readonly outbox: Outbox,
    private readonly log: EventLog,
  ) {}

  async record(session: RecordedSession, event: DataEvent): Promise<void> {
    switch (event.type) {
      case 'message':
        return this.recordMessage(session, event.message, event.source);
      case 'receipt':
        return this.recordReceipt(session, event);
      case 'send-refused':
        return this.recordStatus(
          session,
          event.messageId,
          'failed',
          `${event.code} ${event.detail}`,
        );
      case 'history-sync':
        return this.recordHistory(session, event);
      case 'contacts':
        return this.write(event.contacts.flatMap((contact) => this.contactSteps(session, contact)));
      case 'groups':
        return this.recordGroups(session, event);
      case 'lid-mapping':
        return this.write(
          event.mappings.map(({ lid, pn }) => this.chats.mapLid(session.id, lid, pn)),
        );
      case 'chat-state':
      case 'presence':
      case 'call':
        // Passing states: nothing to keep.
        return;
    }
  }

  private async recordMessage(
    session: RecordedSession,
    message: EngineMessage,
    source: NewMessage['source'],
  ): Promise<void> {
    // Before the first wait, so that it tells the order in which they came.
    const arrival = nextArrival();
    const chat = await this.chats.resolve(session.id, {
      jid: message.chatJid,
      altJid: message.chatAltJid,
    });
    const { content } = message;
    const stored: NewMessage = {
      id: message.id,
      chatId: chat.id,
      fromMe: message.fromMe,
      senderJid: message.senderJid,
      at: message.timestamp,
      arrival,
      content,
      status: message.fromMe ? (message.status ?? 'sent') : 'received',
      source,
      raw: message.raw,
    };
    const shown = !actsOnAnother(content);
    const counts = {
      id: message.id,
      at: message.timestamp,
      unread: shown && !message.fromMe && source !== 'history' && content.type !== 'undecryptable',
    };
    const quotedId = 'quotedMessageId' in content ? content.quotedMessageId : undefined;
    const quotedText = quotedId ? await this.messages.quotedText(session.id, quotedId) : undefined;
    const author = { senderJid: message.senderJid, fromMe: message.fromMe, at: message.timestamp };
    const { applied } = await this.database.write([
      this.messages.insert(session.id, stored),
      ...this.chats.ensure(session.id, chat),
      ...this.senderSteps(session, message),
      ...this.messages.applyTo(session.id, content, author),
      ...(shown ? [this.chats.countMessage(session.id, chat.id, counts)] : []),
      fence(this.database.kysely, session.id),
      this.log.append(
        session,
        'session.message',
        { source, message: viewOf(stored, message.pushName ?? null, quotedText) },
        Date.now(),
      ),
    ]);
    if (applied) this.log.wakeup.hint('events');
    // Our own send comes back as a message; receipts that came early are merged into it.
    else if (message.status) await this.recordStatus(session, message.id, message.status, null);
  }

  private async recordReceipt(
    session: RecordedSession,
    event: EngineEventOf<'receipt'>,
  ): Promise<void> {
    for (const messageId of event.messageIds) {
      await this.recordStatus(session, messageId, event.status, null);
    }
  }

  private async recordStatus(
    session: RecordedSession,
    messageId: string,
    status: 'sent' | 'delivered' | 'read' | 'played' | 'failed',
    error: string | null,
  ): Promise<void> {
    const located = await this.messages.locate(session.id, messageId);
    if (!located?.from_me) return;
    const { applied } = await this.database.write([
      this.outbox.settled(session.id, messageId),
      this.messages.climb(session.id, messageId, status, error),
      fence(this.database.kysely, session.id),
      this.log.append(
        session,
        'message.status',
        { chatId: located.chat_id, messageId, status, error },
        Date.now(),
      ),
    ]);
    if (applied) this.log.wakeup.hint('events');
  }

  private async recordHistory(
    session: RecordedSession,
    event: EngineEventOf<'history-sync'>,
  ): Promise<void> {
    await this.write(event.contacts.flatMap((contact) => this.contactSteps(session, contact)));
    for (const chat of event.chats) {
      const resolved = await this.chats.resolve(session.id, chat);
      const steps = this.chats.ensure(session.id, resolved, chat.name);
      if (chat.unreadCount)
        steps.push(this.chats.setUnread(session.id, resolved.id, chat.unreadCount));
      await this.write(steps);
    }
    for (let start = 0; start < event.messages.length; start += HISTORY_BATCH) {
      const batch = event.messages.slice(start, start + HISTORY_BATCH);
      await Promise.all(batch.map((message) => this.recordMessage(session, message, 'history')));
    }
  }

  private async recordGroups(
    session: RecordedSession,
    event: EngineEventOf<'groups'>,
  ): Promise<void> {
    for (const group of event.groups) {
      const chat = await this.chats.resolve(session.id, { jid: group.jid });
      await this.write([
        ...this.chats.ensure(session.id, chat, group.subject),
        this.chats.rename(session.id, chat.id, group.subject),
      ]);
    }
  }

  private senderSteps(session: RecordedSession, message: EngineMessage): WriteStep[] {
    if (message.fromMe) return [];
    return this.contactSteps(session, {
      jid: message.senderJid,
      ...(message.senderAltJid && { altJid: message.senderAltJid }),
      ...(message.pushName && { pushName: message.pushName }),
    });
  }

  private contactSteps(session: RecordedSession, contact: EngineContact): WriteStep[] {
    const jids = [contact.jid, contact.altJid].filter((jid) => jid !== undefined);
    const steps: WriteStep[] = [];
    if (contact.name || contact.pushName) {
      steps.push(...jids.map((jid) => this.chats.nameContact(session.id, jid, contact)));
    }
    const lid = jids.find(isLidJid);
    const pn = jids.find(isPnJid);
    if (lid && pn) steps.push(this.chats.mapLid(session.id, lid, pn));
    return steps;
  }

  private async write(steps: WriteStep[]): Promise<void> {
    if (steps.length > 0) await this.database.write(steps);
  }
}

function viewOf(message: NewMessage, senderName: string | null, quotedText: string | undefined) {
  const { content } = message;
  return toMessage(
    {
      id: message.id,
      chat_id: message.chatId,
      from_me: message.fromMe ? 1 : 0,
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
    },
    { senderName, quotedText, reactions: [] },
  );
}
