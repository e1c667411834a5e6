import { baileysEngineWith } from './baileys/index.js';
import { engineContract } from './testing/engine-contract.js';

engineContract('baileys', () => baileysEngineWith({ queryTimeoutMs: 5_000 }));
