import type { Sandbox } from '@patchbay/sandbox';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import type { EngineFactory } from '../engine.js';
import { abilities } from './contract-abilities.js';
import { basics } from './contract-basics.js';
import { endings } from './contract-endings.js';
import { linking } from './contract-linking.js';
import { messages } from './contract-messages.js';
import { onTheWire } from './contract-wire.js';
import { type EngineTraits, EngineWorld } from './engine-world.js';

/** What every engine must do, told by what it tells its session and by what the phones see. */
export function engineContract(
  name: string,
  make: (sandbox: Sandbox, folder: string) => EngineFactory,
  traits?: EngineTraits,
): void {
  const world = new EngineWorld(make, traits);
  beforeAll(() => world.start());
  afterEach(() => world.closeEngines());
  afterAll(() => world.stop());
  describe(`${name}: basics`, () => basics(world));
  describe(`${name}: linking`, () => linking(world));
  describe(`${name}: messages`, () => messages(world));
  describe(`${name}: abilities`, () => abilities(world));
  describe(`${name}: endings`, () => endings(world));
  if (world.traits.speaksTheWire) describe(`${name}: on the wire`, () => onTheWire(world));
}
