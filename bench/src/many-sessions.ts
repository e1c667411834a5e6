import { setTimeout as pause } from 'node:timers/promises';
import type { Child } from './child.js';
import { barePhone, type House, range } from './house.js';
import type { Memory } from './measured.js';
import { median, spread } from './median.js';
import { wantServerSessions } from './opening.js';
import { atMost, type Verdict } from './verdict.js';

export interface ManySessionsPlan {
  sessions: number;
  /** How long connections idle before memory is read, and between readings (ms). */
  idleMs: number;
  readings: number;
  /** How long it is looked on what idle sessions cost (ms). */
  lookMs: number;
}

/** A process that starts with many registered sessions. */
interface ColdStart {
  /** From the start of the process until the last session is open (ms). */
  total: number;
  /** Of the whole process, its sessions idle. */
  memory: Memory;
  /** CPU of an idle session in a minute (ms): pings of the connection, and what the process does anyway. */
  idleCpu: number;
}

export interface ManySessionsRun {
  server: ColdStart;
  bare: ColdStart;
}

export interface ManySessionsResult {
  database: string;
  runs: ManySessionsRun[];
}

/** @param runs how often */
export async function measureManySessions(
  house: House,
  plan: ManySessionsPlan,
  runs: number,
): Promise<ManySessionsRun[]> {
  const found: ManySessionsRun[] = [];
  await wantServerSessions(house, plan.sessions, true);
  for (let run = 1; run <= runs; run++) {
    found.push({ server: await serverStart(house, plan), bare: await bareStart(house, plan) });
  }
  return found;
}

async function serverStart(house: House, plan: ManySessionsPlan): Promise<ColdStart> {
  const server = await house.startServer();
  await server.connected(plan.sessions);
  const total = server.age;
  const idle = await idleFigures(house, server.child, plan);
  await house.stopServer(server);
  return { total, ...idle };
}

async function bareStart(house: House, plan: ManySessionsPlan): Promise<ColdStart> {
  const bare = await house.startBare('hardened');
  await bare.ask('open', range(0, plan.sessions).map(barePhone));
  const total = performance.now() - bare.startedAt;
  const idle = await idleFigures(house, bare, plan);
  await bare.ask('close');
  await bare.stop();
  return { total, ...idle };
}

async function idleFigures(
  house: House,
  child: Child,
  { sessions, idleMs, readings, lookMs }: ManySessionsPlan,
): Promise<Omit<ColdStart, 'total'>> {
  await house.sandbox.ask('settle');
  await pause(idleMs);
  const memory = await child.measure(readings, idleMs);
  await child.startSpending();
  await pause(lookMs);
  const { cpuMs } = await child.spent();
  return { memory, idleCpu: (cpuMs * 60_000) / lookMs / sessions };
}

const WITHIN_SECONDS = 30;

export function manySessionsVerdicts(
  { sessions }: ManySessionsPlan,
  { database, runs }: ManySessionsResult,
): Verdict[] {
  const rss = (which: keyof ManySessionsRun) => median(runs.map((run) => run[which].memory.rss));
  return [
    atMost(
      `${sessions} sessions connected after the start of the process, s (${database})`,
      median(runs.map(({ server }) => server.total / 1000)),
      WITHIN_SECONDS,
    ),
    atMost(
      `Memory (RSS) of a process with ${sessions} idle sessions, beside bare Baileys (${database})`,
      rss('server') / rss('bare'),
      1.5,
    ),
  ];
}

const MB = 1024 * 1024;

export function manySessionsTable(
  { sessions, idleMs, readings, lookMs }: ManySessionsPlan,
  { database, runs }: ManySessionsResult,
): string {
  const row = (name: string, which: keyof ManySessionsRun) => {
    const each = runs.map((run) => run[which]);
    const seconds = spread(
      each.map(({ total }) => total / 1000),
      1,
    );
    const rss = spread(
      each.map(({ memory }) => memory.rss / MB),
      0,
    );
    const heap = spread(
      each.map(({ memory }) => memory.heapUsed / MB),
      0,
    );
    const cpu = spread(
      each.map(({ idleCpu }) => idleCpu),
      2,
    );
    return `| ${name} | ${seconds} | ${rss} | ${heap} | ${cpu} |`;
  };
  return `## ${sessions} sessions in one process, ${database}

A process starts with ${sessions} registered sessions and opens them all; then they idle for ${(idleMs * readings) / 1000} s.
Memory: the lowest of ${readings} readings, each after a garbage collection. CPU: of ${lookMs / 1000} s in which nothing happens.

| | all open after the start of the process, s | RSS, MB | heap, MB | CPU of a session in a minute, ms |
| --- | --- | --- | --- | --- |
${row('Patchbay', 'server')}
${row('bare Baileys', 'bare')}`;
}
