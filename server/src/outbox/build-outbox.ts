import type { ChatStore } from '../chats/chat-store.js';
import type { MessageEffects } from '../chats/message-effects.js';
import { MessagePages } from '../chats/message-pages.js';
import type { MessageStore } from '../chats/message-store.js';
import type { Notes } from '../chats/team/notes.js';
import type { Database } from '../db/database.js';
import type { EventLog } from '../event-log/event-log.js';
import type { SessionSettingsStore } from '../sessions/session-settings.js';
import type { SessionStore } from '../sessions/session-store.js';
import { IdempotencyKeys } from './idempotency.js';
import { MessageProgress } from './message-progress.js';
import { Outbox } from './outbox.js';
import { OutboxForecast } from './outbox-forecast.js';
import { OutboxQueue } from './outbox-queue.js';
import { OutboxView } from './outbox-view.js';
import { Sending } from './sending.js';
import { MessagesUnderWay } from './under-way.js';
import { UsageStore } from './usage-store.js';

interface Surroundings {
  database: Database;
  log: EventLog;
  chats: ChatStore;
  messages: MessageStore;
  effects: MessageEffects;
  settings: SessionSettingsStore;
  store: SessionStore;
  notes: Notes;
}

/** What is to be sent, and how far it has come. */
export function buildOutbox(around: Surroundings) {
  const { database, log, chats, messages, effects, settings, store, notes } = around;
  const queue = new OutboxQueue(database);
  const usage = new UsageStore(database);
  const forecast = new OutboxForecast(database, settings, usage);
  const pages = new MessagePages(database, forecast, notes);
  const keys = new IdempotencyKeys(database);
  const underWay = new MessagesUnderWay();
  const outbox = new Outbox(database, chats, messages, effects, keys, forecast, underWay, log);
  chats.addresses.onMerge((id, from, into) => {
    underWay.chatMerged(id, from);
    return [queue.chatMerged(id, from, into)];
  });
  store.onDelete((id) => outbox.forget(id));
  const view = new OutboxView(database, forecast, pages);
  const progress = new MessageProgress(database, messages, queue, underWay, log);
  const sending = new Sending(store, messages, outbox, view, log.wakeup);
  const parts: object[] = [pages, outbox, view, sending];
  return { queue, usage, forecast, pages, outbox, progress, sending, underWay, parts };
}
