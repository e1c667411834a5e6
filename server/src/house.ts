import type { Provider } from '@nestjs/common';
import type { EngineKind } from '@patchbay/contract';
import type { Logger } from 'pino';
import { buildAccess } from './auth/build-access.js';
import type { InstanceKey } from './auth/instance-key.js';
import type { Users } from './auth/users.js';
import { ChatAddresses } from './chats/chat-addresses.js';
import { ChatCommands } from './chats/chat-commands.js';
import { ChatPages } from './chats/chat-pages.js';
import { ChatStore } from './chats/chat-store.js';
import { MessageEffects } from './chats/message-effects.js';
import { MessagePages } from './chats/message-pages.js';
import { MessageStore } from './chats/message-store.js';
import { NewChats } from './chats/new-chats.js';
import { ChatSettingsRecorder } from './chats/record-chat-settings.js';
import { MessageSearch } from './chats/search/message-search.js';
import { SendableContent } from './chats/sendable-content.js';
import { buildTeam } from './chats/team/build-team.js';
import type { Clock } from './clock.js';
import { systemClock } from './clock.js';
import type { Config } from './config.js';
import type { StreamTimes } from './consumers/realtime/event-stream.js';
import { EventStreams } from './consumers/realtime/event-stream.js';
import { Webhooks } from './consumers/webhooks/webhooks.js';
import { ContactPages } from './contacts/contact-pages.js';
import { Database } from './db/database.js';
import { engines, latestClientVersion } from './engines/engine-registry.js';
import { EventLog } from './event-log/event-log.js';
import { PassingEvents } from './event-log/passing-events.js';
import { Wakeup } from './event-log/wakeup.js';
import { GroupPages } from './groups/group-pages.js';
import { GroupStore } from './groups/group-store.js';
import { Groups } from './groups/groups.js';
import { GroupRecorder } from './groups/record-groups.js';
import { Readiness } from './http/readiness.js';
import { Instance } from './instance.js';
import { EmbeddedQueue } from './jobs/embedded-queue.js';
import { fetchMedia } from './media/fetch-media.job.js';
import { FetchMedia } from './media/fetch-media.js';
import { MediaInbox } from './media/media-inbox.js';
import type { MediaLibrary } from './media/media-library.js';
import { openMediaLibrary } from './media/open-media.js';
import { OutgoingMedia } from './media/outgoing-media.js';
import { Uploads } from './media/uploads.js';
import { Metrics } from './metrics/metrics.js';
import { IdempotencyKeys } from './outbox/idempotency.js';
import { MessageProgress } from './outbox/message-progress.js';
import { Outbox } from './outbox/outbox.js';
import { OutboxForecast } from './outbox/outbox-forecast.js';
import { OutboxQueue } from './outbox/outbox-queue.js';
import { OutboxView } from './outbox/outbox-view.js';
import { Sending } from './outbox/sending.js';
import { MessagesUnderWay } from './outbox/under-way.js';
import { UsageStore } from './outbox/usage-store.js';
import { whatIsKept } from './retention/kept.js';
import { Retention } from './retention/retention.js';
import { openSecretBox } from './secrets/instance-secret.js';
import { CurrentClientVersion } from './sessions/client-version.js';
import { Creating } from './sessions/creating.js';
import { fence } from './sessions/fence.js';
import { OUTBOX_TIMES, type OutboxTimes } from './sessions/outbox-delivery.js';
import { OutboxPump } from './sessions/outbox-pump.js';
import { CallRecorder } from './sessions/record-call.js';
import { EventRecorder } from './sessions/record-event.js';
import { SessionAbilities } from './sessions/session-abilities.js';
import { SessionSettingsStore, UNSET } from './sessions/session-settings.js';
import { SessionStore } from './sessions/session-store.js';
import type { SessionTimes } from './sessions/session-surroundings.js';
import { Supervisor } from './sessions/supervisor.js';
import { AddressPolicy } from './user-urls/address-policy.js';
import { GuardedFetch } from './user-urls/guarded-fetch.js';
import { LinkPreviews } from './user-urls/link-previews.js';

const TIMES: SessionTimes = { stuckAfter: 60_000, stableAfter: 60_000, closeWithin: 5000 };

export interface House {
  providers: Provider[];
  instanceKey: InstanceKey;
  users: Users;
  /** Addresses of proxies that say truly for whom they ask. */
  trustProxy: string[];
  supervisor: Supervisor;
  database: Database;
  log: EventLog;
  streams: EventStreams;
  sending: Sending;
  jobs: EmbeddedQueue;
  library: MediaLibrary;
  /** Begins with what is to be done beside sessions and requests. */
  start(): Promise<void>;
  /** Ends everything in the order in which it depends on each other. */
  close(): Promise<void>;
}

export interface HouseOptions {
  times?: SessionTimes;
  outboxTimes?: OutboxTimes;
  /** The engines by kind; others than this build's for tests that need quicker timings. */
  registry?: typeof engines;
  streamTimes?: Partial<StreamTimes>;
  /** Of jobs and webhooks. */
  clock?: Clock;
}

/** Builds the parts of the server and connects them; nothing is started yet. */
export async function buildHouse(
  config: Config,
  logger: Logger,
  version: string,
  {
    times = TIMES,
    outboxTimes = OUTBOX_TIMES,
    registry = engines,
    streamTimes,
    clock = systemClock,
  }: HouseOptions = {},
): Promise<House> {
  const { storageRoot } = config;
  const database = await Database.open({ url: config.databaseUrl, storageRoot, logger });
  const { secret, encrypt } = config;
  const box = await openSecretBox(database, { secret, storageRoot, encrypt });

  const log = new EventLog(database, new Wakeup());
  const passing = new PassingEvents();
  const chats = new ChatStore(database, new ChatAddresses(database, log));
  const messages = new MessageStore(database);
  const effects = new MessageEffects(database, log);
  const store = new SessionStore(database, log, box);
  const entrance = await buildAccess(database, box, config, (id) => store.ownerOf(id));
  const { access, credentials, audit, instanceKey, users } = entrance;
  const team = buildTeam(database, chats, log, access, logger);
  const defaults = { pacing: config.pacing, ...UNSET };
  const settings = new SessionSettingsStore(database, log.wakeup, defaults, box);
  const jobs = new EmbeddedQueue(database, logger, clock);
  const library = openMediaLibrary(database, storageRoot, config.media.s3);
  const inbox = new MediaInbox(
    database,
    library.records,
    messages,
    jobs,
    log.wakeup,
    config.media.download,
  );
  const queue = new OutboxQueue(database);
  const usage = new UsageStore(database);
  const forecast = new OutboxForecast(database, settings, usage);
  const pages = new MessagePages(database, forecast, team.notes);
  const keys = new IdempotencyKeys(database);
  const underWay = new MessagesUnderWay();
  const outbox = new Outbox(database, chats, messages, effects, keys, forecast, underWay, log);
  chats.addresses.onMerge((id, from, into) => {
    underWay.chatMerged(id, from);
    return [queue.chatMerged(id, from, into)];
  });
  const outboxView = new OutboxView(database, forecast, pages);
  const progress = new MessageProgress(database, messages, queue, underWay, log);
  store.onDelete((id) => [...outbox.forget(id), settings.forget(id), library.records.forget(id)]);
  store.onDelete((id) => [...access.forget(id), ...team.state.forget(id)]);
  const sending = new Sending(store, messages, outbox, outboxView, log.wakeup);
  const groupStore = new GroupStore(database);
  store.onDelete((id) => groupStore.forget(id));
  const groupPages = new GroupPages(database);
  const chatPages = new ChatPages(database, team.notes);
  const nextEvent = (sessionId: string) => fence(database.kysely, sessionId);
  const recorder = new EventRecorder(
    database,
    chats,
    messages,
    effects,
    progress,
    log,
    passing,
    inbox,
    {
      groups: new GroupRecorder(groupStore, groupPages, chats, log, nextEvent),
      settings: new ChatSettingsRecorder(database, chats, log, nextEvent, (id, chat) =>
        team.state.forget(id, chat),
      ),
      calls: new CallRecorder(chats, log, nextEvent),
      team: team.state,
    },
  );
  const clientVersion = new CurrentClientVersion(database, logger, {
    pinned: config.clientVersion,
    // A stand-in WhatsApp has no version page.
    fetchLatest: config.endpoint.webSocketUrl ? undefined : latestClientVersion,
  });
  await clientVersion.start();

  const supervisor = new Supervisor(
    {
      database,
      box,
      store,
      recorder,
      messages,
      library,
      pumpFor: (session) =>
        new OutboxPump(session, {
          ...{ database, chats, messages, effects, outbox, queue, progress, settings, usage, log },
          times: outboxTimes,
          logger: logger.child({ session: session.row.id }),
        }),
      groups: groupStore,
      settings,
      engineFactory: (row) => {
        const factory = registry[row.engine];
        if (!factory) throw new Error(`the engine ${row.engine} is not part of this build`);
        return factory;
      },
      endpoint: config.endpoint,
      clientVersion: () => clientVersion.get(),
      deviceName: config.deviceName,
      logger,
      times,
    },
    Object.keys(registry) as EngineKind[],
  );
  const streams = new EventStreams(log, {
    passing,
    qrOf: (ownerId, sessionId, expiresAt) => store.currentQr(ownerId, sessionId, expiresAt),
    door: { access, credentials },
    people: team.people,
    logger,
    ...(streamTimes && { times: streamTimes }),
  });
  jobs.handle(
    fetchMedia,
    new FetchMedia({
      database,
      library,
      messages,
      wakeup: log.wakeup,
      logger,
      engineOf: (id) => supervisor.engineOf(id),
    }),
  );
  const guarded = new GuardedFetch(new AddressPolicy(config.allowPrivateTargets));
  const webhooks = new Webhooks({
    access,
    database,
    log,
    messages,
    box,
    queue: jobs,
    guarded,
    clock,
    logger,
    called: (result) => metrics.webhookCalled(result),
  });
  const { deliveries } = webhooks;
  const kept = whatIsKept(config.keepDays, { database, log, library, deliveries, audit });
  const retention = new Retention(kept, { database, queue: jobs, clock, logger });
  const metrics = new Metrics(database, log, streams);
  await metrics.start();
  const readiness = new Readiness(database);
  const abilities = new SessionAbilities(supervisor);
  const instance = new Instance(
    version,
    config.sandboxUrl,
    config.media.maxUpload,
    config.maxSessionsPerUser,
  );
  const parts = [
    database,
    ...entrance.parts,
    log,
    chats,
    messages,
    chatPages,
    new Groups(groupPages, abilities),
    new ContactPages(database),
    ...team.parts,
    new NewChats(chats, abilities),
    new ChatCommands(database, chats, chatPages, abilities, outbox),
    abilities,
    new SendableContent(database, chats, new LinkPreviews(guarded)),
    pages,
    new MessageSearch(database, pages),
    outbox,
    outboxView,
    sending,
    store,
    settings,
    supervisor,
    library,
    inbox,
    new Uploads(library.spool, guarded, config.media.maxUpload),
    new OutgoingMedia(library, config.media.ffmpeg),
    streams,
    metrics,
    readiness,
    instance,
    new Creating(supervisor, audit, instance),
    ...webhooks.parts,
  ];
  return {
    providers: parts.map((part) => ({ provide: part.constructor, useValue: part })),
    instanceKey,
    users,
    trustProxy: config.trustProxy,
    supervisor,
    database,
    log,
    streams,
    sending,
    jobs,
    library,
    start: async () => {
      await jobs.start();
      webhooks.start();
      team.start();
      await retention.start();
    },
    close: async () => {
      clientVersion.stop();
      readiness.stop();
      streams.close();
      await webhooks.stop();
      await team.stop();
      await jobs.stop();
      await supervisor.stop();
      await guarded.close();
      await database.close();
    },
  };
}
