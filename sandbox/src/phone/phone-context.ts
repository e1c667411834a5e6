import type { BinaryNode } from 'baileys/lib/WABinary/index.js';
import type { Account, CompanionInfo, SandboxServer } from '../protocol/seam.js';
import type { PhoneCall } from './calls.js';
import type { Directory } from './directory.js';
import type { MessageLog, PhoneMessage } from './message-log.js';
import type { PhoneRecords } from './phone-records.js';
import type { DeviceAddress, SignalPeer } from './signal-peer.js';
import type { SignalState } from './signal-state.js';

/** What a member was told about its group. */
export interface GroupChangeNews {
  group: string;
  /** Who did it, phone digits. */
  by: string;
  /** `create`, `add`, `remove`, `promote`, `demote`, `subject`, `description`, `announcement`, … */
  action: string;
  /** Members that it is about, phone digits. */
  phones: string[];
  text?: string;
}

/** What happened on a phone, for pages that watch it. */
export type PhoneEvent =
  | { type: 'message'; message: PhoneMessage }
  | { type: 'typing'; chat: string; from: string; state: 'composing' | 'recording' | 'paused' }
  | { type: 'presence'; from: string; available: boolean }
  | { type: 'devices'; devices: CompanionInfo[] }
  | { type: 'groups'; change?: GroupChangeNews }
  | { type: 'call'; call: PhoneCall }
  | { type: 'chat-settings' }
  | { type: 'connection'; open: boolean };

/**
 * One phone, as the pieces of its behaviour see it. What they write to `records` and give to `send`
 * within a step becomes durable and leaves together when the step ends.
 */
export interface PhoneContext {
  /** Read at each use: the name may change. */
  account(): Account;
  /** The phone's own Signal address. */
  readonly self: DeviceAddress;
  readonly server: SandboxServer;
  readonly directory: Directory;
  readonly records: PhoneRecords;
  readonly signal: SignalPeer;
  readonly signalState: SignalState;
  readonly log: MessageLog;
  /** All linked devices. */
  devices(): CompanionInfo[];
  /** Stanzas of this step, sent in order after its writes. */
  send(stanza: BinaryNode): void;
  /** Asks the server; see `PhoneConnection.request`. */
  request(iq: BinaryNode): Promise<BinaryNode>;
  /** Told to watchers once the step is done. */
  tell(event: PhoneEvent): void;
  /** Runs work as a step of its own, after those before it. Not to be awaited from within a step. */
  step<T>(work: (context: PhoneContext) => Promise<T>): Promise<T>;
}
