import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import type { EngineFactory } from '../engine.js';
import { abilities } from './contract-abilities.js';
import { endings } from './contract-endings.js';
import { linking } from './contract-linking.js';
import { messages } from './contract-messages.js';
import { EngineWorld } from './engine-world.js';

/** What every engine must do, told by what it tells its session and by what the phones see. */
export function engineContract(name: string, factory: EngineFactory): void {
  const world = new EngineWorld(factory);
  beforeAll(() => world.start());
  afterEach(() => world.closeEngines());
  afterAll(() => world.stop());
  describe(`${name}: linking`, () => linking(world));
  describe(`${name}: messages`, () => messages(world));
  describe(`${name}: abilities`, () => abilities(world));
  describe(`${name}: endings`, () => endings(world));
}
