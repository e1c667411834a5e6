import { engineContract } from '../testing/engine-contract.js';
import { Browsers, wwebjsEngine } from './index.js';

engineContract(
  'wwebjs',
  ({ server }, folder) =>
    wwebjsEngine(new Browsers({ folder, path: '/usr/bin', page: server.info.webPage })),
  { speaksTheWire: false, isCostly: true },
);
