import type { Logger } from 'pino';
import type { Audit } from './auth/audit.js';
import type { SessionAccess } from './auth/session-access.js';
import type { Users } from './auth/users.js';
import { BulkSends } from './bulk/bulk-sends.js';
import { Delivery } from './bulk/delivery.js';
import { TemplateSends } from './bulk/template-sends.js';
import type { ChatCommands } from './chats/chat-commands.js';
import type { ChatStore } from './chats/chat-store.js';
import type { MessageStore } from './chats/message-store.js';
import type { SendableContent } from './chats/sendable-content.js';
import type { Clock } from './clock.js';
import type { Duties } from './cluster/duties.js';
import type { Config } from './config.js';
import { Chatbots } from './consumers/chatbots/chatbots.js';
import { Knowledge } from './consumers/knowledge/knowledge.js';
import { IncomingMessages } from './consumers/queues/incoming-messages.js';
import type { QrOf } from './consumers/realtime/told-event.js';
import { RedisChannels } from './consumers/redis-channels/redis-channels.js';
import type { CallResult } from './consumers/webhooks/deliver.js';
import { Webhooks } from './consumers/webhooks/webhooks.js';
import type { Database } from './db/database.js';
import type { SessionProcess } from './engines/engine-registry.js';
import type { EventLog } from './event-log/event-log.js';
import type { OpenedQueue } from './jobs/open-queue.js';
import type { MediaInbox } from './media/media-inbox.js';
import type { MediaLibrary } from './media/media-library.js';
import { buildNotifications } from './notifications/build-notifications.js';
import type { Outbox } from './outbox/outbox.js';
import type { OutboxForecast } from './outbox/outbox-forecast.js';
import type { Sending } from './outbox/sending.js';
import type { SecretBox } from './secrets/secret-box.js';
import { BotSessions } from './sessions/bot-sessions.js';
import type { Creating } from './sessions/creating.js';
import { fence } from './sessions/fence.js';
import type { SessionAbilities } from './sessions/session-abilities.js';
import type { SessionStore } from './sessions/session-store.js';
import type { Supervisor } from './sessions/supervisor.js';
import type { GuardedFetch } from './user-urls/guarded-fetch.js';

interface Surroundings {
  config: Pick<Config, 'knowledgeAdmins' | 'meili' | 'numbers' | 'incomingMessagesQueue'>;
  database: Database;
  leases: Duties;
  box: SecretBox;
  log: EventLog;
  chats: ChatStore;
  messages: MessageStore;
  chatCommands: ChatCommands;
  content: SendableContent;
  store: SessionStore;
  supervisor: Supervisor;
  abilities: SessionAbilities;
  creating: Creating;
  access: SessionAccess;
  users: Users;
  audit: Audit;
  opened: OpenedQueue;
  outbox: Outbox;
  forecast: OutboxForecast;
  sending: Sending;
  library: MediaLibrary;
  inbox: MediaInbox;
  guarded: GuardedFetch;
  qrOf: QrOf;
  sessionProcess: SessionProcess;
  webhookCalled(result: CallResult): void;
  clock: Clock;
  logger: Logger;
}

/** Everything that reads the log, or goes on by itself with what it read there. */
export function buildReaders(around: Surroundings) {
  const { config, database, leases, box, log, chats, messages, chatCommands, content, qrOf } =
    around;
  const { store, supervisor, abilities, creating, access, users, audit, clock, logger } = around;
  const isAlone = database.notices === undefined;
  const { outbox, forecast, sending, library, inbox, guarded, opened } = around;
  const { jobs: queue, redis } = opened;
  const senderOf = async (id: string) => {
    const row = await store.find(id);
    return row?.linked === 1 ? { id, ownerId: row.owner_id, jid: row.jid } : undefined;
  };
  const nextEvent = (sessionId: string) => fence(database.kysely, { id: sessionId });
  const webhooks = new Webhooks({
    ...{ access, users, database, leases, log, messages, box, queue, guarded, clock, logger },
    called: (result) => around.webhookCalled(result),
  });
  const knowledge = new Knowledge({
    ...{ database, leases, log, outbox, content, queue, clock, logger },
    media: inbox,
    records: library.records,
    initialAdmins: config.knowledgeAdmins,
    meili: config.meili,
  });
  const incoming =
    redis && config.incomingMessagesQueue
      ? new IncomingMessages({ database, leases, log, queue: redis.jobs, logger, clock })
      : undefined;
  const notifications = buildNotifications({
    ...{ database, access, users, audit, store, supervisor, creating, abilities, chats, sending },
    numbers: config.numbers,
    redis: redis?.client,
    logger,
  });
  const channels = new RedisChannels({
    ...{ database, leases, log, redis: redis?.client, logger, clock, qrOf },
    changed: (id) => notifications.cache.refresh(id),
  });
  const chatbots = new Chatbots({
    ...{ access, database, leases, log, box, queue, guarded, outbox, clock, logger, senderOf },
    addresses: chats.addresses,
    nextEvent,
    showTyping: async (session, chatId) => {
      if (!isAlone && !store.runsHere(session.id)) {
        log.wakeup.hint(`typing:${session.id}/${chatId}`);
      } else {
        await chatCommands.showTyping(session, chatId, 'composing');
      }
    },
  });
  log.wakeup.onElsewhere('typing', (what = '') => {
    const [sessionId = '', chatId = ''] = what.split('/');
    const show = async () => {
      const session = store.runsHere(sessionId) && (await senderOf(sessionId));
      if (session) await chatCommands.showTyping(session, chatId, 'composing');
    };
    // Nobody is the worse for it.
    show().catch(() => undefined);
  });
  store.onDelete((id) => chatbots.forget(id));
  const bots = new BotSessions({
    ...{ supervisor, creating, store, access, audit },
    process: around.sessionProcess,
    ofChatbot: (...of) => chatbots.sessionOf(...of),
  });
  const bulk = new BulkSends({
    ...{ access, database, leases, log, queue, outbox, forecast, clock, logger, senderOf },
    media: library.records,
    numbers: config.numbers,
    nextEvent,
  });
  const templateSends = new TemplateSends(database, bulk.templates, library.records);
  store.onDelete((id) => [...bulk.forget(id), ...templateSends.forget(id)]);
  const inOrder = [webhooks, knowledge, incoming, channels, notifications.cache, chatbots, bulk];
  const parts: object[] = [
    ...webhooks.parts,
    ...knowledge.parts,
    ...notifications.parts,
    ...[chatbots, bots, bulk, bulk.templates, templateSends, new Delivery(database)],
  ];
  return {
    parts,
    /** For retention. */
    kept: {
      deliveries: webhooks.deliveries,
      forwards: knowledge.forwards,
      bulkSends: bulk.store,
      templateSends,
    },
    start: async () => {
      for (const each of inOrder) await each?.start();
    },
    stop: async () => {
      for (const each of inOrder) await each?.stop();
    },
  };
}
