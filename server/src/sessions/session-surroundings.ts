import type { EngineKind, ErrorCode } from '@patchbay/contract';
import type { Logger } from 'pino';
import type { MessageStore } from '../chats/message-store.js';
import type { Database } from '../db/database.js';
import type { EngineFactory, WhatsAppEndpoint } from '../engines/engine.js';
import type { GroupStore } from '../groups/group-store.js';
import type { MediaLibrary } from '../media/media-library.js';
import type { SecretBox } from '../secrets/secret-box.js';
import type { OutboxPump, PumpedSession } from './outbox-pump.js';
import type { EventRecorder } from './record-event.js';
import type { SessionSettingsStore } from './session-settings.js';
import type { SessionRow, SessionStore } from './session-store.js';

/** Everything a session needs from the house; the same for all of them. */
export interface SessionSurroundings {
  database: Database;
  box: SecretBox;
  store: SessionStore;
  recorder: EventRecorder;
  messages: MessageStore;
  library: MediaLibrary;
  groups: GroupStore;
  settings: SessionSettingsStore;
  pumpFor(session: PumpedSession): OutboxPump;
  engineFactory(row: SessionRow): EngineFactory;
  /** Why no other session of an engine can be started now; undefined when one can. */
  unavailable(kind: EngineKind): { code: ErrorCode; message: string } | undefined;
  /** How long (ms) what this process holds is its own at least; 0: no longer. */
  holdsFor(): number;
  endpoint: WhatsAppEndpoint;
  clientVersion(): readonly [number, number, number] | undefined;
  deviceName: string;
  logger: Logger;
  times: SessionTimes;
}

/** Milliseconds; shorter in tests. */
export interface SessionTimes {
  /** An intermediate state that lasts longer is taken for stuck. */
  stuckAfter: number;
  /** Connected for this long: earlier failures are forgotten. */
  stableAfter: number;
  /** A closing or logging-out engine is waited for no longer than this. */
  closeWithin: number;
}
