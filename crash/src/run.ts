import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type CrashPoint, CrashPointPlan } from './crash-points.js';
import { type Death, type InFlight, inFlightAt } from './deaths.js';
import { Disturbances } from './disturbances.js';
import { readDurability, weaknesses } from './durability.js';
import type { Finding } from './finding.js';
import { gatherCast } from './lanes.js';
import { PhoneWatcher } from './phone-watcher.js';
import { Random } from './random.js';
import { runRound } from './rounds.js';
import { SandboxProgram } from './sandbox-program.js';
import { ServerProgram } from './server-program.js';
import { settle } from './settle.js';
import { SseReader } from './sse-reader.js';
import type { Storage } from './storage.js';
import { type Sent, Traffic } from './traffic.js';
import type { Witnesses } from './truths.js';
import { WebSocketReader } from './web-socket-reader.js';
import { WebhookReceiver } from './webhook-receiver.js';

export interface RunOptions {
  rounds: number;
  seed: number;
  /** Messages a second. */
  rate: number;
  folder: string;
  storage: Storage;
  /** Mechanisms to switch off. */
  unsafe: string[];
  /** Where the server is told to die. */
  points: readonly CrashPoint[];
  /** Whether bad luck comes from outside too: cuts, doubles, a sandbox that dies. */
  disturbed: boolean;
  /** The receipts of all phones get lost. */
  unheard: boolean;
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

/** Milliseconds between disturbances, on average. */
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
  const receiver = await WebhookReceiver.open();
  // A server without webhooks calls nobody.
  const isCalled = await server.call('POST', '/api/webhooks', receiver.registration).then(
    () => true,
    () => false,
  );
  const watcher = new PhoneWatcher(sandbox);
  const readers = [new WebSocketReader(server), new SseReader(server)];
  for (const reader of readers) reader.start();
  try {
    const cast = await gatherCast(server, sandbox, seed);
    const deaths: Death[] = [];
    const { where: database } = options.storage;
    const everyone = { cast, server, sandbox, readers, receiver, isCalled, deaths, database };
    await settle(everyone, []);
    const { sent, ...happened } = await live(options, everyone);
    const findings = await settle(everyone, sent);
    const open = inFlightAt(deaths, cast, sent, watcher, readers[0]!);
    const outbound = sent.filter(({ lane }) => lane.via === 'api').length;
    return {
      durability,
      messages: { outbound, inbound: sent.length - outbound },
      deaths: deaths.map((death, index) => ({ ...death, ...open[index]! })),
      ...happened,
      findings,
    };
  } finally {
    for (const reader of readers) await reader.close();
    await watcher.close();
    receiver.close();
  }
}

/** The rounds: traffic, deaths and bad luck. Everyone is well at the end, and nobody sends any more. */
async function live(
  { seed, rounds, points, disturbed, unheard, rate, say }: RunOptions,
  everyone: Witnesses,
): Promise<{ sent: Sent[] } & Pick<RunResult, 'crashPoints' | 'disturbances'>> {
  const { cast, server, sandbox, deaths } = everyone;
  const phones = [...cast.sessions.keys(), ...cast.contacts];
  if (unheard) for (const phone of phones) await sandbox.loseReceipts(phone);
  const traffic = new Traffic(cast, server, sandbox, { rate, seed });
  const crashPoints = new CrashPointPlan(new Random(seed, 'crash points'), points);
  const random = new Random(seed, 'rounds');
  const luck = new Random(seed, 'disturbances');
  const disturbances = new Disturbances(everyone, luck, disturbed ? DISTURBED_EVERY : Infinity);
  await server.kill();
  for (let round = 1; round <= rounds; round += 1) {
    traffic.round = round;
    const died = await runRound(round, server, crashPoints, random, deaths);
    say(`round ${round}: ${died.join(', ')}`);
  }
  await disturbances.stop();
  await server.start();
  await traffic.stop();
  return { sent: traffic.sent, crashPoints, disturbances: disturbances.counts };
}

/** @throws when a power cut could take what was answered */
function requireDurability(printed: string): string {
  const { dialect, settings } = readDurability(printed);
  const weak = weaknesses(dialect, settings);
  if (weak.length > 0) throw new Error(`the database is not durable: ${weak.join('; ')}`);
  const shown = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  return `${dialect}, ${shown.join(', ')}`;
}
