import type { ChatStore } from '../chats/chat-store.js';
import { actsOnAnother } from '../chats/message-text.js';
import type { Database } from '../db/database.js';
import type { WriteStep } from '../db/write-unit.js';
import type { EngineEventOf, EngineHistoryChat, EngineMessage } from '../engines/engine-events.js';
import type { EventLog, EventSource } from '../event-log/event-log.js';
import { fence, owned } from './fence.js';

/** History arrives in thousands; each write takes this many so that live traffic gets between. */
const BATCH = 100;

/** Stores portions of the history: chats as the phone has them, messages, and how far it has come. */
export class HistoryRecorder {
  constructor(
    private readonly database: Database,
    private readonly chats: ChatStore,
    private readonly log: EventLog,
  ) {}

  /** @param recordMessage stores a message like any other, unless it is there */
  async record(
    session: EventSource,
    event: EngineEventOf<'history-sync'>,
    recordMessage: (message: EngineMessage) => Promise<void>,
  ): Promise<void> {
    const { messages, chats, atLink, progress = null, requestId = null, done } = event;
    await inBatches(chats, (chat) => this.chat(session, chat, atLink));
    await inBatches(messages, recordMessage);
    const shown = messages.filter(({ content }) => !actsOnAnother(content));
    const told = { messages: shown.length, progress, done, requestId };
    await this.database.write([
      fence(this.database.kysely, session),
      this.log.append(session, 'session.history', told, Date.now()),
    ]);
    this.log.wakeup.hint('events');
  }

  /** Later portions tell of the same moment as the first, so of a chat that is known they say nothing new. */
  private async chat(
    session: EventSource,
    { settings, name, ...address }: EngineHistoryChat,
    atLink: boolean,
  ): Promise<void> {
    await this.chats.addresses.write(session, address, (chat) => [
      ...owned(this.database.kysely, session),
      ...this.chats.ensure(session.id, chat, name),
      this.chats.stillLeads(session.id, chat),
      ...(settings && (atLink || !chat.exists) ? this.set(session.id, chat.id, settings) : []),
    ]);
  }

  private set(
    sessionId: string,
    chatId: string,
    settings: NonNullable<EngineHistoryChat['settings']>,
  ): WriteStep[] {
    const { unreadCount, markedUnread, archived } = settings;
    const { pinnedAt, mutedUntil, disappearingSeconds } = settings;
    const columns = {
      ...(unreadCount !== undefined && { unread_count: unreadCount }),
      ...(markedUnread !== undefined && { marked_unread: markedUnread ? 1 : 0 }),
      ...(archived !== undefined && { archived: archived ? 1 : 0 }),
      ...(pinnedAt !== undefined && { pinned_at: pinnedAt }),
      ...(mutedUntil !== undefined && { muted_until: mutedUntil }),
      ...(disappearingSeconds !== undefined && { disappearing_seconds: disappearingSeconds }),
    };
    if (Object.keys(columns).length === 0) return [];
    const query = this.database.kysely
      .updateTable('chats')
      .set(columns)
      .where('session_id', '=', sessionId)
      .where('id', '=', chatId);
    return [{ query }];
  }
}

async function inBatches<Item>(items: Item[], store: (item: Item) => Promise<void>): Promise<void> {
  for (let start = 0; start < items.length; start += BATCH) {
    await Promise.all(items.slice(start, start + BATCH).map(store));
  }
}
