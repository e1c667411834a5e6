export { type Ceiling, measureCeiling } from './load/ceiling.js';
export type { Load, LoadBatch, LoadResult } from './load/load.js';
export { LoadContact } from './load/load-contact.js';
export type {
  Account,
  CompanionInfo,
  DeviceQueue,
  Fault,
  FaultControl,
  FaultKind,
  FaultRequest,
  PhoneConnection,
  PhoneReceiver,
  PhoneStore,
  QueuedStanza,
  RandomFaults,
  SandboxInfo,
  SandboxServer,
  UnknownIq,
} from './protocol/seam.js';
export { FAULT_KINDS } from './protocol/seam.js';
export { type Sandbox, type SandboxOptions, startSandbox } from './sandbox.js';
