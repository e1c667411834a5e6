import { setTimeout as pause } from 'node:timers/promises';
import type { Variant } from './bare/main.js';
import { barePhone, type House, range, sessionId } from './house.js';
import type { Memory } from './measured.js';

export interface MemoryPlan {
  few: number;
  many: number;
  /** How long connections idle before memory is read, and between readings (ms). */
  idleMs: number;
  readings: number;
}

/** Bytes for each idle linked session: the slope between few and many sessions. */
export interface MemorySlope {
  rss: number;
  heapUsed: number;
  /** The whole process with many sessions. */
  total: Memory;
}

/**
 * Few and many are measured in fresh processes, which restore their sessions by themselves: what
 * opening the first ones left behind would otherwise be room for the others.
 */
export async function serverMemory(house: House, plan: MemoryPlan): Promise<MemorySlope> {
  const { few, many } = plan;
  await wantSessions(house, 0, few);
  const before = await restoredMemory(house, few, plan);
  await wantSessions(house, few, many);
  const after = await restoredMemory(house, many, plan);
  const server = await house.startServer();
  await server.connected(many);
  await Promise.all(range(0, many).map((index) => server.close(sessionId(index))));
  await server.connected(0);
  await house.stopServer(server);
  return slope(before, after, plan);
}

/** The next process will restore sessions 0 to `to` - 1; those below `from` are wanted already. */
async function wantSessions(house: House, from: number, to: number): Promise<void> {
  const server = await house.startServer();
  await server.connected(from);
  await Promise.all(range(from, to).map((index) => server.open(sessionId(index))));
  await server.connected(to);
  await house.stopServer(server);
}

async function restoredMemory(house: House, sessions: number, plan: MemoryPlan): Promise<Memory> {
  const server = await house.startServer();
  await server.connected(sessions);
  await pause(plan.idleMs);
  const memory = await server.measure(plan.readings, plan.idleMs);
  await house.stopServer(server);
  return memory;
}

export async function bareMemory(
  house: House,
  variant: Variant,
  plan: MemoryPlan,
): Promise<MemorySlope> {
  const at = async (sessions: number): Promise<Memory> => {
    const bare = await house.startBare(variant);
    await bare.ask('open', range(0, sessions).map(barePhone));
    await pause(plan.idleMs);
    const memory = await bare.measure(plan.readings, plan.idleMs);
    await bare.ask('close');
    await bare.stop();
    return memory;
  };
  return slope(await at(plan.few), await at(plan.many), plan);
}

function slope(before: Memory, after: Memory, { few, many }: MemoryPlan): MemorySlope {
  return {
    rss: (after.rss - before.rss) / (many - few),
    heapUsed: (after.heapUsed - before.heapUsed) / (many - few),
    total: after,
  };
}
