import type { EngineKind } from '@patchbay/contract';
import { baileysEngine } from './baileys/index.js';
import type { EngineFactory } from './engine.js';

export { latestClientVersion } from './baileys/latest-client-version.js';

/** The engines of this build by kind. */
export const engines: Partial<Record<EngineKind, EngineFactory>> = { baileys: baileysEngine };
