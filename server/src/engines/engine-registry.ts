import type { EngineKind } from '@patchbay/contract';
import { baileysEngine } from './baileys/index.js';
import type { EngineFactory } from './engine.js';

export { importedAuth } from './baileys/imported-auth.js';
export { latestClientVersion } from './baileys/latest-client-version.js';
export { type RemoteTimes, remoteEngine, SessionProcess } from './remote/index.js';
export { Browsers, type WwebjsTimes, wwebjsEngine } from './wwebjs/index.js';

/** The engines of this build by kind; beside them those that are made for what a server has. */
export const engines: Partial<Record<EngineKind, EngineFactory>> = { baileys: baileysEngine };
