import { setTimeout as pause } from 'node:timers/promises';
import type { Variant } from './bare/main.js';
import { barePhone, type House, range, sessionId } from './house.js';
import type { Memory } from './measured.js';

export interface MemoryPlan {
  few: number;
  many: number;
  /** How long connections idle before memory is read (ms). */
  idleMs: number;
}

/** Bytes per idle linked session: the slope between few and many sessions of one process. */
export interface MemorySlope {
  rss: number;
  heapUsed: number;
  /** The whole process with many sessions. */
  total: Memory;
}

export async function serverMemory(house: House, plan: MemoryPlan): Promise<MemorySlope> {
  const { few, many, idleMs } = plan;
  const server = await house.startServer();
  const open = (from: number, to: number) =>
    Promise.all(range(from, to).map((index) => server.open(sessionId(index))));
  await open(0, few);
  await server.connected(few);
  await pause(idleMs);
  const before = await server.measure();
  await open(few, many);
  await server.connected(many);
  await pause(idleMs);
  const after = await server.measure();
  await Promise.all(range(0, many).map((index) => server.close(sessionId(index))));
  await server.connected(0);
  await house.stopServer(server);
  return slope(before, after, plan);
}

export async function bareMemory(
  house: House,
  variant: Variant,
  plan: MemoryPlan,
): Promise<MemorySlope> {
  const { few, many, idleMs } = plan;
  const bare = await house.startBare(variant);
  await bare.ask('open', range(0, few).map(barePhone));
  await pause(idleMs);
  const before = await bare.measure();
  await bare.ask('open', range(few, many).map(barePhone));
  await pause(idleMs);
  const after = await bare.measure();
  await bare.ask('close');
  await bare.stop();
  return slope(before, after, plan);
}

function slope(before: Memory, after: Memory, { few, many }: MemoryPlan): MemorySlope {
  return {
    rss: (after.rss - before.rss) / (many - few),
    heapUsed: (after.heapUsed - before.heapUsed) / (many - few),
    total: after,
  };
}
