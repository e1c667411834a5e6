import { baileysEngineWith } from './baileys/index.js';
import { engineContract } from './engine-contract.js';

engineContract('baileys', baileysEngineWith({ queryTimeoutMs: 5_000 }));
