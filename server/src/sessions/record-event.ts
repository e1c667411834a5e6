import type { ChatStore } from '../chats/chat-store.js';
import type { MessageEffects } from '../chats/message-effects.js';
import type { MessageStore, NewMessage } from '../chats/message-store.js';
import { nextArrival } from '../chats/message-store.js';
import { actsOnAnother, textOf } from '../chats/message-text.js';
import { toMessage } from '../chats/message-view.js';
import { type BesideNew, besideNew } from '../chats/quotes.js';
import type { ChatSettingsRecorder } from '../chats/record-chat-settings.js';
import { pairOf } from '../chats/same-person.js';
import type { TeamState } from '../chats/team/team-state.js';
import type { Database } from '../db/database.js';
import type { WriteStep } from '../db/write-unit.js';
import type {
  EngineContact,
  EngineEvent,
  EngineEventOf,
  EngineMessage,
} from '../engines/engine-events.js';
import type { EventLog, EventSource } from '../event-log/event-log.js';
import type { PassingEvents } from '../event-log/passing-events.js';
import type { GroupRecorder } from '../groups/record-groups.js';
import type { MediaInbox } from '../media/media-inbox.js';
import type { MessageProgress } from '../outbox/message-progress.js';
import { isGroupJid } from '../whatsapp/jid.js';
import { fence, owned } from './fence.js';
import type { CallRecorder } from './record-call.js';
import { HistoryRecorder } from './record-history.js';

/** Events about data; those about the connection are the session's own business. */
export type DataEvent = Exclude<
  EngineEvent,
  { type: 'qr' | 'pairing-code' | 'pair-success' | 'connected' | 'own-name' | 'disconnected' }
>;

/** Who keeps what is neither a message nor about one. */
export interface OtherRecorders {
  groups: GroupRecorder;
  settings: ChatSettingsRecorder;
  calls: CallRecorder;
  team: Pick<TeamState, 'reopen'>;
}

/**
 * Writes what an engine told: each event is one transaction (message, chat, event row). What was
 * recorded before, by (session, WhatsApp id), changes nothing.
 */
export class EventRecorder {
  private readonly history: HistoryRecorder;

  constructor(
    private readonly database: Database,
    private readonly chats: ChatStore,
    private readonly messages: MessageStore,
    private readonly effects: MessageEffects,
    private readonly progress: MessageProgress,
    private readonly log: EventLog,
    private readonly passing: PassingEvents,
    private readonly media: MediaInbox,
    private readonly others: OtherRecorders,
  ) {
    this.history = new HistoryRecorder(database, chats, log);
  }

  async record(session: EventSource, event: DataEvent): Promise<void> {
    switch (event.type) {
      case 'message':
        return this.recordMessage(session, event.message, event.source);
      case 'receipt':
        return this.recordReceipt(session, event);
      case 'send-refused':
        return this.progress.refused(session, event.messageId, event.code);
      case 'history-sync':
        await this.recordContacts(session, event.contacts);
        return this.history.record(session, event, (message) =>
          this.recordMessage(session, message, 'history'),
        );
      case 'contacts':
        return this.recordContacts(session, event.contacts);
      case 'groups':
      case 'group-changed':
      case 'group-participants':
        return this.others.groups.record(session, event);
      case 'picture':
      case 'chat-settings':
      case 'label':
      case 'chat-label':
        return this.others.settings.record(session, event);
      case 'lid-mapping':
        return this.chats.addresses.learnAll(session, event.mappings);
      case 'chat-state':
        return this.tellTyping(session, event);
      case 'presence': {
        const { jid, available, lastSeen } = event;
        const seen = lastSeen === undefined ? null : new Date(lastSeen).toISOString();
        return this.passing.tell(session, 'presence', { jid, available, lastSeen: seen });
      }
      case 'call':
        return this.others.calls.record(session, event);
    }
  }

  private async recordMessage(
    session: EventSource,
    message: EngineMessage,
    source: NewMessage['source'],
  ): Promise<void> {
    // Before the first wait, so that it tells the order in which they came.
    const arrival = nextArrival();
    const { content } = message;
    const shown = !actsOnAnother(content);
    const counts = {
      id: message.id,
      at: message.timestamp,
      unread: shown && !message.fromMe && source !== 'history' && content.type !== 'undecryptable',
    };
    // The team is rarely done with a chat in which somebody writes: that it is shows at writing.
    const inOpen = counts.unread && content.type !== 'system';
    let isFirstTry = true;
    const beside = await besideNew(this.database, session.id, content);
    await this.learnNames(session, { jid: message.senderJid, altJid: message.senderAltJid });
    const senderAltJid = await this.otherNameInGroup(session.id, message, source);
    const sender = this.senderOf(message);
    const address = { jid: message.chatJid, altJid: message.chatAltJid };
    const { applied } = await this.chats.addresses.write(session, address, async (chat) => {
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
        raw: message.changed === 'revoked' ? null : message.raw,
        changed: message.changed,
      };
      const senderName = message.pushName ?? null;
      const view = () => viewOf(session.id, stored, senderName, beside);
      const told = { ...stored, senderName, senderAltJid };
      const effects = await this.effects.of(session, told, view);
      const opening =
        inOpen && !isFirstTry ? await this.others.team.reopen(session, chat.id) : undefined;
      isFirstTry = false;
      return [
        this.messages.insert(session.id, stored),
        ...this.chats.ensure(session.id, chat),
        ...this.contactSteps(session, sender),
        ...this.media.received(session.id, {
          id: message.id,
          content,
          thumbnail: message.thumbnail,
          history: source === 'history',
        }),
        ...(opening ? [opening.change] : []),
        shown
          ? this.chats.countMessage(session.id, chat, { ...counts, inOpen })
          : this.chats.stillLeads(session.id, chat),
        fence(this.database.kysely, session),
        ...effects,
        ...(opening?.told ?? []),
      ];
    });
    if (applied) {
      this.namesStored(session, sender);
      this.log.wakeup.hint('events');
      this.media.stored(session.id, content);
    }
    // Our own send comes back as a message; receipts that came early are merged into it.
    else if (message.status) await this.progress.reached(session, message.id, message.status);
  }

  /** Told with what is said in groups, so that readers of the log know the person by either name. */
  private async otherNameInGroup(
    sessionId: string,
    { chatJid, senderJid, senderAltJid }: EngineMessage,
    source: NewMessage['source'],
  ): Promise<string | undefined> {
    if (!isGroupJid(chatJid)) return undefined;
    if (senderAltJid || source === 'history') return senderAltJid;
    return await this.chats.addresses.otherName(sessionId, senderJid);
  }

  private async recordReceipt(
    session: EventSource,
    event: EngineEventOf<'receipt'>,
  ): Promise<void> {
    for (const messageId of event.messageIds) {
      await this.progress.reached(session, messageId, event.status);
    }
  }

  private async tellTyping(
    session: EventSource,
    { chatJid, senderJid, state }: EngineEventOf<'chat-state'>,
  ): Promise<void> {
    const chat = await this.chats.addresses.resolve(session, { jid: chatJid });
    this.passing.tell(session, 'typing', { chatId: chat.id, senderJid, state });
  }

  private senderOf(message: EngineMessage): EngineContact {
    return {
      jid: message.senderJid,
      ...(message.senderAltJid && { altJid: message.senderAltJid }),
      ...(message.pushName && !message.fromMe && { pushName: message.pushName }),
    };
  }

  private contactSteps(session: EventSource, contact: EngineContact): WriteStep[] {
    if (!contact.name && !contact.pushName) return [];
    const jids = [contact.jid, contact.altJid].filter((jid) => jid !== undefined);
    return jids
      .filter((jid) => !this.chats.knowsNames(session.id, jid, contact))
      .map((jid) => this.chats.nameContact(session.id, jid, contact));
  }

  private namesStored(session: EventSource, { jid, altJid, ...names }: EngineContact): void {
    if (!names.name && !names.pushName) return;
    this.chats.namesStored(session.id, jid, names);
    if (altJid) this.chats.namesStored(session.id, altJid, names);
  }

  private async recordContacts(session: EventSource, contacts: EngineContact[]): Promise<void> {
    for (const contact of contacts) await this.learnNames(session, contact);
    const steps = contacts.flatMap((contact) => this.contactSteps(session, contact));
    if (steps.length > 0) {
      await this.database.write([...owned(this.database.kysely, session), ...steps]);
    }
    for (const contact of contacts) this.namesStored(session, contact);
  }

  private async learnNames(
    session: EventSource,
    { jid, altJid }: { jid: string; altJid?: string | undefined },
  ): Promise<void> {
    const pair = pairOf(jid, altJid);
    if (pair) await this.chats.addresses.learn(session, pair);
  }
}

function viewOf(
  sessionId: string,
  message: NewMessage,
  senderName: string | null,
  beside: BesideNew,
) {
  const { content } = message;
  return toMessage(
    {
      session_id: sessionId,
      id: message.id,
      chat_id: message.chatId,
      from_me: message.fromMe ? 1 : 0,
      sender_jid: message.senderJid,
      type: message.changed === 'revoked' ? 'revoked' : content.type,
      edited: message.changed === 'edited' ? 1 : 0,
      text: textOf(content),
      content,
      quoted_id: ('quotedMessageId' in content ? content.quotedMessageId : undefined) ?? null,
      at: message.at,
      status: message.status,
      error: null,
      failure_code: null,
      certainly_not_sent: null,
    },
    { senderName, ...beside, reactions: [] },
  );
}
