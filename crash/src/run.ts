import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from './compare.js';
import { CrashPointPlan } from './crash-points.js';
import { type Death, type InFlight, inFlightAt } from './deaths.js';
import { Disturbances } from './disturbances.js';
import { readDurability, weaknesses } from './durability.js';
import { gatherCast } from './lanes.js';
import { PhoneWatcher } from './phone-watcher.js';
import { Random } from './random.js';
import { runRound } from './rounds.js';
import { SandboxProgram } from './sandbox-program.js';
import { ServerProgram } from './server-program.js';
import { settle } from './settle.js';
import type { Storage } from './storage.js';
import { StreamReader } from './stream-reader.js';
import { Traffic } from './traffic.js';

export interface RunOptions {
  rounds: number;
  seed: number;
  /** Messages a second. */
  rate: number;
  folder: string;
  storage: Storage;
  /** Mechanisms to switch off. */
  unsafe: string[];
  say(line: string): void;
}

export interface RunResult {
  durability: string;
  messages: { outbound: number; inbound: number };
  deaths: (Death & InFlight)[];
  crashPoints: CrashPointPlan;
  disturbances: Map<string, number>;
  findings: Finding[];
}

const DISTURBED_EVERY = 1500;

/** A whole run: traffic over all the rounds, then what everyone has is compared. */
export async function run(options: RunOptions): Promise<RunResult> {
  const { folder, storage, unsafe } = options;
  mkdirSync(join(folder, 'server'), { recursive: true });
  const sandbox = new SandboxProgram(folder);
  await sandbox.start();
  const server = new ServerProgram({ folder, sandbox, databaseUrl: storage.url, unsafe });
  try {
    await server.start();
    return await runWith(options, sandbox, server);
  } finally {
    await server.kill();
    await sandbox.kill();
  }
}

async function runWith(
  options: RunOptions,
  sandbox: SandboxProgram,
  server: ServerProgram,
): Promise<RunResult> {
  const { seed, say } = options;
  const durability = requireDurability(server.printed);
  say(`database: ${durability}`);
  const cast = await gatherCast(server, sandbox, seed);
  const reader = new StreamReader(server);
  const watcher = new PhoneWatcher(sandbox);
  const witnesses = { cast, server, sandbox, reader, receiver: undefined };
  const everyone = { ...witnesses, database: options.storage.where };
  try {
    await settle(everyone, []);
    const traffic = new Traffic(cast, server, sandbox, options);
    const crashPoints = new CrashPointPlan(new Random(seed, 'crash points'));
    const random = new Random(seed, 'rounds');
    const disturbances = new Disturbances(
      witnesses,
      new Random(seed, 'disturbances'),
      DISTURBED_EVERY,
    );
    const deaths: Death[] = [];
    await server.kill();
    for (let round = 1; round <= options.rounds; round += 1) {
      traffic.round = round;
      deaths.push(...(await runRound(round, server, crashPoints, random)));
      say(
        `round ${round}: ${deaths
          .slice(-4)
          .map(({ where }) => where)
          .join(', ')}`,
      );
    }
    await disturbances.stop();
    await server.start();
    await traffic.stop();
    const findings = await settle(everyone, traffic.sent);
    const open = inFlightAt(deaths, cast, traffic.sent, watcher, reader);
    const outbound = traffic.sent.filter(({ lane }) => lane.via === 'api').length;
    return {
      durability,
      messages: { outbound, inbound: traffic.sent.length - outbound },
      deaths: deaths.map((death, index) => ({ ...death, ...open[index]! })),
      crashPoints,
      disturbances: disturbances.counts,
      findings,
    };
  } finally {
    await reader.close();
    await watcher.close();
  }
}

/** @throws when a power cut could take what was answered */
function requireDurability(printed: string): string {
  const { dialect, settings } = readDurability(printed);
  const weak = weaknesses(dialect, settings);
  if (weak.length > 0) throw new Error(`the database is not durable: ${weak.join('; ')}`);
  const shown = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  return `${dialect}, ${shown.join(', ')}`;
}
