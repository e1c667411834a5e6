import type { EngineFactory } from '../engine.js';
import type { RemoteTimes } from './remote-engine.js';
import { RemoteEngine } from './remote-engine.js';
import type { SessionProcess } from './session-process.js';

const TIMES: RemoteTimes = { lookEvery: 5000, qrShown: 60_000 };

/** Sessions that a separate process has. */
export function remoteEngine(process: SessionProcess, times = TIMES): EngineFactory {
  return (host) => new RemoteEngine(host, process, times);
}

export type { RemoteTimes } from './remote-engine.js';
export { SessionProcess } from './session-process.js';
