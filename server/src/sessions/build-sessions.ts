import type { EngineKind } from '@patchbay/contract';
import type { Logger } from 'pino';
import type { ChatStore } from '../chats/chat-store.js';
import type { MessageEffects } from '../chats/message-effects.js';
import type { MessageStore } from '../chats/message-store.js';
import { ChatSettingsRecorder } from '../chats/record-chat-settings.js';
import type { TeamState } from '../chats/team/team-state.js';
import type { Cluster } from '../cluster/cluster.js';
import type { Config } from '../config.js';
import type { Database } from '../db/database.js';
import type { EngineFactory } from '../engines/engine.js';
import type { EventLog, EventSource } from '../event-log/event-log.js';
import type { PassingEvents } from '../event-log/passing-events.js';
import { GroupPages } from '../groups/group-pages.js';
import { GroupStore } from '../groups/group-store.js';
import { GroupRecorder } from '../groups/record-groups.js';
import type { MediaInbox } from '../media/media-inbox.js';
import type { MediaLibrary } from '../media/media-library.js';
import type { buildOutbox } from '../outbox/build-outbox.js';
import type { SecretBox } from '../secrets/secret-box.js';
import { type ClientVersionOptions, CurrentClientVersion } from './client-version.js';
import { fence } from './fence.js';
import type { OutboxTimes } from './outbox-delivery.js';
import { OutboxPump } from './outbox-pump.js';
import { CallRecorder } from './record-call.js';
import { EventRecorder } from './record-event.js';
import { SessionAbilities } from './session-abilities.js';
import type { SessionSettingsStore } from './session-settings.js';
import type { SessionStore } from './session-store.js';
import type { SessionSurroundings, SessionTimes } from './session-surroundings.js';
import { Supervisor } from './supervisor.js';

interface Surroundings {
  cluster: Cluster;
  config: Pick<Config, 'clientVersion' | 'endpoint' | 'deviceName' | 'limits'>;
  database: Database;
  box: SecretBox;
  log: EventLog;
  passing: PassingEvents;
  chats: ChatStore;
  messages: MessageStore;
  effects: MessageEffects;
  outgoing: ReturnType<typeof buildOutbox>;
  store: SessionStore;
  settings: SessionSettingsStore;
  team: TeamState;
  library: MediaLibrary;
  inbox: MediaInbox;
  engines: Partial<Record<EngineKind, EngineFactory>>;
  /** Engines with which no session is made now; those that have one keep it. */
  without: readonly EngineKind[];
  /** Why no other session of an engine can be started now. */
  unavailable: SessionSurroundings['unavailable'];
  latestClientVersion: ClientVersionOptions['fetchLatest'];
  times: SessionTimes;
  outboxTimes: OutboxTimes;
  logger: Logger;
}

/** The sessions of this process: what they see is recorded, and what is to be sent they send. */
export async function buildSessions(around: Surroundings) {
  const { config, database, logger, store, settings, outgoing, engines, without } = around;
  const groups = new GroupStore(database);
  store.onDelete((id) => groups.forget(id));
  const groupPages = new GroupPages(database);
  const clientVersion = new CurrentClientVersion(database, logger, {
    pinned: config.clientVersion,
    // A stand-in WhatsApp has no version page.
    fetchLatest: config.endpoint.webSocketUrl ? undefined : around.latestClientVersion,
  });
  await clientVersion.start();
  const { queue, usage, progress, outbox } = outgoing;
  const { cluster, log, chats, messages, effects, library, box, times } = around;
  const supervisor = new Supervisor(
    {
      ...{ database, box, store, messages, library, groups, settings, logger, times },
      recorder: recorderOf(around, groups, groupPages),
      pumpFor: (session) =>
        new OutboxPump(session, {
          ...{ database, chats, messages, effects, outbox, queue, progress, settings, usage, log },
          times: around.outboxTimes,
          logger: logger.child({ session: session.row.id }),
        }),
      engineFactory: ({ engine }) => {
        const factory = engines[engine];
        if (!factory) throw new Error(`the engine ${engine} is not part of this build`);
        return factory;
      },
      unavailable: around.unavailable,
      holdsFor: () => cluster.holdsFor(),
      endpoint: config.endpoint,
      clientVersion: () => clientVersion.get(),
      deviceName: config.deviceName,
    },
    (Object.keys(engines) as EngineKind[]).filter((kind) => !without.includes(kind)),
    cluster,
    { wakeup: log.wakeup, limits: config.limits },
  );
  const abilities = new SessionAbilities(supervisor);
  return { supervisor, abilities, clientVersion, groupPages };
}

function recorderOf(around: Surroundings, groups: GroupStore, pages: GroupPages): EventRecorder {
  const { database, chats, messages, effects, log, passing, inbox, team, outgoing } = around;
  const nextEvent = (session: EventSource) => fence(database.kysely, session);
  const { progress } = outgoing;
  return new EventRecorder(database, chats, messages, effects, progress, log, passing, inbox, {
    groups: new GroupRecorder(groups, pages, chats, log, nextEvent),
    settings: new ChatSettingsRecorder(database, chats, log, nextEvent, (id, chat) =>
      team.forget(id, chat),
    ),
    calls: new CallRecorder(chats, log, nextEvent),
    team,
  });
}
