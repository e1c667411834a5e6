import { join } from 'node:path';
import type { Provider } from '@nestjs/common';
import type { Logger } from 'pino';
import { buildAccess } from './auth/build-access.js';
import type { InstanceKey } from './auth/instance-key.js';
import type { Users } from './auth/users.js';
import { buildReaders } from './build-readers.js';
import { ChatAddresses } from './chats/chat-addresses.js';
import { ChatCommands } from './chats/chat-commands.js';
import { ChatPages } from './chats/chat-pages.js';
import { ChatStore } from './chats/chat-store.js';
import { MessageEffects } from './chats/message-effects.js';
import { MessageStore } from './chats/message-store.js';
import { NewChats } from './chats/new-chats.js';
import { MessageSearch } from './chats/search/message-search.js';
import { SendableContent } from './chats/sendable-content.js';
import { SharedFiles } from './chats/shared-files.js';
import { buildTeam } from './chats/team/build-team.js';
import { systemClock } from './clock.js';
import { Cluster } from './cluster/cluster.js';
import { NO_DUTIES } from './cluster/duties.js';
import type { Config } from './config.js';
import { EventStreams } from './consumers/realtime/event-stream.js';
import type { QrOf } from './consumers/realtime/told-event.js';
import { ContactPages } from './contacts/contact-pages.js';
import { Database } from './db/database.js';
import {
  Browsers,
  engines,
  latestClientVersion,
  remoteEngine,
  SessionProcess,
  wwebjsEngine,
} from './engines/engine-registry.js';
import { EventLog } from './event-log/event-log.js';
import { PassingEvents } from './event-log/passing-events.js';
import { Wakeup } from './event-log/wakeup.js';
import { ForwardedMark } from './forwarding/forwarded-mark.js';
import { Forwarding } from './forwarding/forwarding.js';
import { Groups } from './groups/groups.js';
import type { HouseOptions } from './house-options.js';
import { SESSION_TIMES } from './house-options.js';
import { Readiness } from './http/readiness.js';
import { Instance } from './instance.js';
import { JobPlacement } from './jobs/job-placement.js';
import type { JobQueue } from './jobs/job-queue.js';
import { openQueue } from './jobs/open-queue.js';
import { fetchMedia } from './media/fetch-media.job.js';
import { FetchMedia } from './media/fetch-media.js';
import { MediaInbox } from './media/media-inbox.js';
import type { MediaLibrary } from './media/media-library.js';
import { openMediaLibrary } from './media/open-media.js';
import { OutgoingMedia } from './media/outgoing-media.js';
import { Uploads } from './media/uploads.js';
import { Metrics } from './metrics/metrics.js';
import { buildOutbox } from './outbox/build-outbox.js';
import { sendMessage } from './outbox/send-message.js';
import { sendMessageJob } from './outbox/send-message-job.js';
import { Sending } from './outbox/sending.js';
import { whatIsKept } from './retention/kept.js';
import { Retention } from './retention/retention.js';
import { openSecretBox } from './secrets/instance-secret.js';
import { BotNotices } from './sessions/bot-notices.js';
import { buildSessions } from './sessions/build-sessions.js';
import { Creating } from './sessions/creating.js';
import { OUTBOX_TIMES } from './sessions/outbox-delivery.js';
import { SessionSettingsStore, UNSET } from './sessions/session-settings.js';
import { SessionStore } from './sessions/session-store.js';
import { Supervisor } from './sessions/supervisor.js';
import { AddressPolicy } from './user-urls/address-policy.js';
import { GuardedFetch } from './user-urls/guarded-fetch.js';
import { LinkPreviews } from './user-urls/link-previews.js';

export interface House {
  providers: Provider[];
  instanceKey: InstanceKey;
  users: Users;
  /** Addresses of proxies that say truly for whom they ask. */
  trustProxy: string[];
  supervisor: Supervisor;
  /** This process among those that work on the same database. */
  cluster: Cluster;
  database: Database;
  /** What needs a session of another process goes there. */
  forwarding: Forwarding;
  mark: ForwardedMark;
  log: EventLog;
  streams: EventStreams;
  sending: Sending;
  readiness: Readiness;
  jobs: JobQueue;
  library: MediaLibrary;
  /**
   * Begins with what is to be done beside sessions and requests.
   * @param address where this process listens: `http://host:port`
   */
  start(address: string): Promise<void>;
  /**
   * Before the end: tells that this process goes, and hands its sessions over where there are others
   * to take them. Requests are answered meanwhile, and those that need a session go where it went.
   */
  handOver(): Promise<void>;
  /** Ends everything in the order in which it depends on each other. */
  close(): Promise<void>;
}

/** Builds the parts of the server and connects them; nothing is started yet. */
export async function buildHouse(
  config: Config,
  logger: Logger,
  version: string,
  {
    times = SESSION_TIMES,
    outboxTimes = OUTBOX_TIMES,
    registry = engines,
    remoteTimes,
    wwebjsTimes,
    streamTimes,
    clusterTimes,
    clock = systemClock,
  }: HouseOptions = {},
): Promise<House> {
  const { storageRoot } = config;
  const database = await Database.open({ url: config.databaseUrl, storageRoot, logger });
  const { secret, encrypt } = config;
  const box = await openSecretBox(database, { secret, storageRoot, encrypt });

  const cluster = new Cluster({
    database,
    role: config.role,
    logger,
    sessions: () => supervisor.size,
    ...(clusterTimes && { times: clusterTimes }),
  });
  const mark = new ForwardedMark(box);
  const log = new EventLog(database, new Wakeup(database.notices));
  const passing = new PassingEvents(database.notices);
  const chats = new ChatStore(database, new ChatAddresses(database, log));
  const messages = new MessageStore(database);
  const effects = new MessageEffects(database, log);
  const store = new SessionStore(database, log, box);
  const entrance = await buildAccess(database, box, config, log.wakeup, (id) => store.ownerOf(id));
  const { access, credentials, audit, instanceKey, users } = entrance;
  const team = buildTeam(database, chats, { log, passing }, access, logger);
  const defaults = { pacing: config.pacing, ...UNSET };
  const settings = new SessionSettingsStore(database, log.wakeup, defaults, box);
  const works = cluster.role !== 'api';
  const leases = works ? cluster.leases : NO_DUTIES;
  const runs = (sessionId: string) => store.runsHere(sessionId);
  const placed = cluster.isShared ? { leases, works, wakeup: log.wakeup, runs } : undefined;
  const core = { config, database, box, log, chats, messages, effects, store, settings, logger };
  const opened = await openQueue(config.redisUrl, {
    database,
    logger,
    clock,
    audit,
    placement: new JobPlacement(placed),
    attempted: (name, result) => metrics.jobAttempted(name, result),
  });
  const { jobs, redis, failedJobs } = opened;
  const library = openMediaLibrary(database, storageRoot, config.media.s3);
  const inbox = new MediaInbox(
    database,
    library.records,
    messages,
    jobs,
    log.wakeup,
    config.media.download,
  );
  const outgoing = buildOutbox({ ...core, notes: team.notes });
  const { outbox, forecast, pages, sending } = outgoing;
  store.onDelete((id) => [settings.forget(id), library.records.forget(id)]);
  store.onDelete((id) => [...access.forget(id), ...team.state.forget(id)]);
  const sessionProcess = new SessionProcess(config.sessionProcess);
  const folder = join(database.ownFolder, 'browsers');
  const browsers = new Browsers({ ...config.browsers, folder });
  const { supervisor, abilities, clientVersion, groupPages } = await buildSessions({
    ...core,
    passing,
    outgoing,
    cluster,
    library,
    inbox,
    times,
    outboxTimes,
    latestClientVersion,
    team: team.state,
    engines: {
      wwebjs: wwebjsEngine(browsers, wwebjsTimes),
      ...registry,
      remote: remoteEngine(sessionProcess, remoteTimes),
    },
    unavailable: (kind) => (kind === 'wwebjs' ? browsers.unavailable() : undefined),
    without: sessionProcess.isSet ? [] : ['remote'],
  });
  const qrOf: QrOf = (...of) => store.currentQr(...of);
  const streams = new EventStreams(log, {
    passing,
    qrOf,
    door: { access, credentials },
    people: team.people,
    notices: database.notices,
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
  if (cluster.isShared) {
    store.onRun((id) => {
      // Whoever ran it before may have written what is remembered here otherwise.
      chats.forgetKnown();
      outgoing.underWay.forgetKnown();
      jobs.wake(fetchMedia, id);
    });
  }
  const guarded = new GuardedFetch(new AddressPolicy(config.allowPrivateTargets));
  const content = new SendableContent(database, chats, new LinkPreviews(guarded));
  jobs.handle(sendMessageJob, sendMessage({ sessions: store, sending, kinds: content }));
  const chatPages = new ChatPages(database, team.notes);
  const chatCommands = new ChatCommands(database, chats, chatPages, abilities, outbox);
  const metrics = new Metrics(
    database,
    log,
    streams,
    () => ({ id: cluster.workerId ?? '', role: cluster.role, sessions: supervisor.active() }),
    redis?.client,
  );
  await metrics.start();
  const readiness = new Readiness(database);
  const { sandboxUrl, media, maxSessionsPerUser } = config;
  const instance = new Instance(version, sandboxUrl, media.maxUpload, maxSessionsPerUser);
  const creating = new Creating(supervisor, audit, instance);
  const readers = buildReaders({
    ...core,
    leases,
    chatCommands,
    content,
    supervisor,
    abilities,
    creating,
    access,
    users,
    audit,
    opened,
    outbox,
    forecast,
    sending,
    library,
    inbox,
    guarded,
    qrOf,
    clock,
    sessionProcess,
    webhookCalled: (result) => metrics.webhookCalled(result),
  });
  const kept = whatIsKept(config.keepDays, {
    database,
    log,
    library,
    audit,
    failedJobs,
    ...readers.kept,
  });
  const retention = new Retention(kept, { database, queue: jobs, clock, logger });
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
    chatCommands,
    abilities,
    content,
    ...opened.parts,
    ...outgoing.parts,
    new MessageSearch(database, pages),
    new SharedFiles(database, pages),
    store,
    settings,
    supervisor,
    cluster,
    library,
    inbox,
    new Uploads(library.spool, guarded, media.maxUpload),
    new OutgoingMedia(library, media.ffmpeg),
    streams,
    metrics,
    readiness,
    instance,
    creating,
    new BotNotices(supervisor, sessionProcess),
    ...readers.parts,
  ];
  return {
    providers: parts.map((part) => ({ provide: part.constructor, useValue: part })),
    instanceKey,
    users,
    trustProxy: config.trustProxy,
    supervisor,
    cluster,
    database,
    forwarding: new Forwarding(cluster, mark, logger),
    mark,
    log,
    streams,
    sending,
    readiness,
    jobs,
    library,
    start: async (address) => {
      await cluster.start(config.address ?? address);
      await jobs.start();
      await readers.start();
      await leases.contend('absent-assignees', {
        gained: () => team.start(),
        lost: () => team.stop(),
      });
      await retention.start();
      readiness.start();
    },
    handOver: async () => {
      readiness.stop();
      if (!cluster.isShared) return;
      await supervisor.stop();
    },
    close: async () => {
      clientVersion.stop();
      readiness.stop();
      streams.close();
      await readers.stop();
      await team.stop();
      await jobs.stop();
      redis?.client.close();
      await supervisor.stop();
      await guarded.close();
      await cluster.stop();
      await database.close();
    },
  };
}
