import type { Logger } from 'pino';
import type { EngineHost } from '../engines/engine.js';
import type { EngineEvent } from '../engines/engine-events.js';
import { SessionAuthStore } from './auth-store.js';
import { engineSettings } from './session-settings.js';
import { fencedBy, type SessionRow } from './session-store.js';
import type { SessionSurroundings } from './session-surroundings.js';
import { SessionJournal } from './stanza-journal.js';

/** What an engine tells its session. */
interface Told {
  logger: Logger;
  oursFor(): number;
  /** Resolves when the event is stored. */
  emit(event: EngineEvent): Promise<void>;
  /** Resolves when all events told so far are stored. */
  recorded(): Promise<void>;
  keysUnreadable(): void;
}

/** What a session gives to a new engine: its writes carry the epoch that the session has now. */
export async function engineHost(
  row: SessionRow,
  around: SessionSurroundings,
  { logger, oursFor, emit, recorded, keysUnreadable }: Told,
): Promise<EngineHost> {
  const { database, box } = around;
  const { id, epoch } = row;
  const session = { ...fencedBy(row), epoch };
  const journal = new SessionJournal(database, box, session);
  const settings = await around.settings.read(id);
  const clientVersion = around.clientVersion();
  return {
    sessionId: id,
    auth: new SessionAuthStore(database, box, session, journal, (kind, error) => {
      logger.error({ err: error, kind }, 'a stored key cannot be read');
      keysUnreadable();
    }),
    journal,
    // It may be asked for while it is still on its way to the store.
    sentMessage: (messageId) => recorded().then(() => around.messages.raw(id, messageId)),
    outgoingFile: (messageId) => around.library.outgoing(id, messageId),
    group: (jid) => around.groups.asEngineGroup(id, jid),
    logger,
    endpoint: around.endpoint,
    deviceName: settings.connection.deviceName ?? around.deviceName,
    settings: engineSettings(settings),
    ...(clientVersion && { clientVersion }),
    oursFor,
    emit,
  };
}
