import { type Ceiling, measureCeiling } from '@patchbay/sandbox';
import type { Variant } from './bare/main.js';
import type { House } from './house.js';
import { bareMemory, type MemoryPlan, type MemorySlope, serverMemory } from './memory.js';
import { bareOpening, type Opening, serverOpening, wantServerSessions } from './opening.js';
import { bareInbound } from './throughput.js';

export interface Plan {
  /** Each figure is the median of so many runs. */
  runs: number;
  memory: MemoryPlan;
  /** Sessions that open at once. */
  opening: number;
  inbound: { sessions: number; messages: number };
  ceilingMessages: number;
}

export const LONG: Plan = {
  runs: 3,
  memory: { few: 25, many: 200, idleMs: 3000, readings: 5 },
  opening: 100,
  inbound: { sessions: 20, messages: 500 },
  ceilingMessages: 20_000,
};

/** Shows that everything works; its figures are too noisy to judge by. */
export const SHORT: Plan = {
  runs: 1,
  memory: { few: 3, many: 12, idleMs: 300, readings: 3 },
  opening: 12,
  inbound: { sessions: 4, messages: 50 },
  ceilingMessages: 4000,
};

export interface Results {
  memory: Record<'server' | Variant, MemorySlope[]>;
  opening: Record<'server' | Variant, Opening[]>;
  inbound: Record<Variant, number[]>;
  ceiling: Ceiling[];
}

/**
 * Runs everything. What is compared is measured in turn within a run, not one after the other in
 * blocks, so that a busy moment of the machine hits all alike.
 */
export async function measureAll(
  house: House,
  plan: Plan,
  say: (line: string) => void,
): Promise<Results> {
  const results: Results = {
    memory: { server: [], hardened: [], plain: [] },
    opening: { server: [], hardened: [], plain: [] },
    inbound: { hardened: [], plain: [] },
    ceiling: [],
  };
  const { memory, opening, inbound } = results;
  for (let run = 1; run <= plan.runs; run++) {
    say(`memory, run ${run}`);
    memory.server.push(await serverMemory(house, plan.memory));
    memory.hardened.push(await bareMemory(house, 'hardened', plan.memory));
    memory.plain.push(await bareMemory(house, 'plain', plan.memory));
  }
  await wantServerSessions(house, plan.opening, true);
  for (let run = 1; run <= plan.runs; run++) {
    say(`opening, run ${run}`);
    opening.server.push(await serverOpening(house, plan.opening));
    opening.hardened.push(await bareOpening(house, 'hardened', plan.opening));
    opening.plain.push(await bareOpening(house, 'plain', plan.opening));
  }
  await wantServerSessions(house, plan.opening, false);
  const { sessions, messages } = plan.inbound;
  for (let run = 1; run <= plan.runs; run++) {
    say(`throughput, run ${run}`);
    inbound.hardened.push(await bareInbound(house, 'hardened', sessions, messages));
    inbound.plain.push(await bareInbound(house, 'plain', sessions, messages));
    results.ceiling.push(await measureCeiling(plan.ceilingMessages, sessions));
  }
  return results;
}
