export { type Ceiling, measureCeiling } from './load/ceiling.js';
export type { Load, LoadBatch, LoadResult } from './load/load.js';
export { LoadContact } from './load/load-contact.js';
export type {
  Fault,
  FaultControl,
  FaultKind,
  FaultRequest,
  RandomFaults,
} from './protocol/fault-kinds.js';
export { FAULT_KINDS } from './protocol/fault-kinds.js';
export type {
  Account,
  CompanionInfo,
  DeviceQueue,
  PhoneConnection,
  PhoneReceiver,
  PhoneStore,
  QueuedStanza,
  SandboxInfo,
  SandboxServer,
  UnknownIq,
} from './protocol/seam.js';
export { type Sandbox, type SandboxOptions, startSandbox } from './sandbox.js';
