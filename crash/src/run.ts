import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { gatherBrowserCast } from './browser-cast.js';
import { engageConsumers } from './consumers.js';
import { type CrashPoint, CrashPointPlan } from './crash-points.js';
import { type Death, type InFlight, inFlightAt } from './deaths.js';
import { Deeds } from './deeds.js';
import { Disturbances } from './disturbances.js';
import { readDurability, weaknesses } from './durability.js';
import { type Finding, isForgiven } from './finding.js';
import { type Cast, type ConsumersCast, gatherCast } from './lanes.js';
import { PhoneWatcher } from './phone-watcher.js';
import { Random } from './random.js';
import { RedisProgram } from './redis-program.js';
import { Responder } from './responder.js';
import { runRound } from './rounds.js';
import { SandboxProgram } from './sandbox-program.js';
import type { ServerApi } from './server-api.js';
import { ServerProgram } from './server-program.js';
import { settle } from './settle.js';
import { SseReader } from './sse-reader.js';
import { Starring } from './starring.js';
import type { Storage } from './storage.js';
import { TakingOver } from './taking-over.js';
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
  /** Jobs run through a Redis. */
  withRedis: boolean;
  /** Mechanisms to switch off. */
  unsafe: string[];
  /** Where the server is told to die. */
  points: readonly CrashPoint[];
  /** Whether bad luck comes from outside too: cuts, doubles, a sandbox that dies. */
  disturbed: boolean;
  /** The receipts of all phones get lost. */
  unheard: boolean;
  /** Two sessions only, one of them in a browser; of what came to that one, losses are reported. */
  browser: boolean;
  say(line: string): void;
}

export interface RunResult {
  durability: string;
  messages: {
    outbound: number;
    inbound: number;
    approved: number;
    questions: number;
    toAPerson: number;
  };
  deaths: (Death & InFlight)[];
  crashPoints: CrashPointPlan;
  disturbances: Map<string, number>;
  /** What must not be. */
  findings: Finding[];
  /** Of the session in a browser: what its library cannot exclude. */
  ofBrowser: Finding[] | undefined;
  /** Of several processes, what is reported beside what was found. */
  cluster?: string[];
}

/** What runs, whatever form the product has. */
export interface Programs {
  sandbox: SandboxProgram;
  server: ServerApi;
  redis: RedisProgram | undefined;
  /** What the server says about its database. */
  printed: string;
  /** Of the database, for looking into it. */
  database: Storage['where'];
  gather(): Promise<Cast>;
}

type Everyone = Witnesses & { watcher: PhoneWatcher; redis: RedisProgram | undefined };

/** What the product goes through under traffic; it is well again at the end. */
export type Ordeal = (scene: {
  cast: Cast;
  traffic: Traffic;
  crashPoints: CrashPointPlan;
  deaths: Death[];
  /** Ends the bad luck from outside. */
  calm(): Promise<void>;
}) => Promise<void>;

/** Milliseconds between disturbances, on average. */
const DISTURBED_EVERY = 1500;

/** A whole run: traffic over all the rounds, then what everyone has is compared. */
export async function run(options: RunOptions): Promise<RunResult> {
  const { folder, storage, withRedis, unsafe } = options;
  mkdirSync(join(folder, 'server'), { recursive: true });
  const sandbox = new SandboxProgram(folder);
  await sandbox.start();
  const redis = withRedis ? await RedisProgram.open(folder) : undefined;
  const addresses = { databaseUrl: storage.url, redisUrl: redis?.url };
  const server = new ServerProgram({ folder, sandbox, ...addresses, unsafe });
  try {
    await server.start();
    const gather = options.browser ? gatherBrowserCast : gatherCast;
    const programs = {
      ...{ sandbox, server, redis, printed: server.printed, database: storage.where },
      gather: () => gather(server, sandbox, options.seed),
    };
    return await runWith(options, programs, (scene) => dieAgainAndAgain(options, server, scene));
  } finally {
    await server.kill();
    await sandbox.kill();
    await redis?.kill();
  }
}

async function dieAgainAndAgain(
  { seed, rounds, say }: RunOptions,
  server: ServerProgram,
  { traffic, crashPoints, deaths, calm }: Parameters<Ordeal>[0],
): Promise<void> {
  const random = new Random(seed, 'rounds');
  await server.kill();
  for (let round = 1; round <= rounds; round += 1) {
    traffic.round = round;
    const died = await runRound(round, server, crashPoints, random, deaths);
    say(`round ${round}: ${died.join(', ')}`);
  }
  await calm();
  await server.start();
}

/** Traffic during an ordeal, then what everyone has is compared. */
export async function runWith(
  options: Omit<RunOptions, 'storage' | 'withRedis' | 'unsafe' | 'folder'>,
  { sandbox, server, redis, printed, database, gather }: Programs,
  ordeal: Ordeal,
): Promise<RunResult> {
  const durability = requireDurability(printed);
  options.say(`database: ${durability}`);
  const receiver = await WebhookReceiver.open();
  // A server without webhooks calls nobody.
  const isCalled = await server.call('POST', '/api/webhooks', receiver.registration).then(
    () => true,
    () => false,
  );
  const responder = await Responder.open();
  const watcher = new PhoneWatcher(sandbox);
  const readers = [new WebSocketReader(server), new SseReader(server)];
  for (const reader of readers) reader.start();
  try {
    const cast = await gather();
    const deaths: Death[] = [];
    const programs = { server, sandbox, redis, receiver, responder };
    const everyone = { cast, ...programs, readers, watcher, isCalled, deaths, database };
    const { consumers } = cast;
    const chatbotId = consumers && (await engageConsumers(cast, consumers, server, responder));
    await settle(everyone, [], new Deeds());
    const { sent, deeds, ...happened } = await live(options, everyone, chatbotId, ordeal);
    const found = await settle(everyone, sent, deeds);
    const isOfBrowser = (finding: Finding) => isForgiven(finding, cast);
    const open = inFlightAt(deaths, cast, sent, watcher, readers[0]!);
    const outbound = sent.filter(({ lane }) => lane.via === 'api').length;
    return {
      durability,
      messages: {
        outbound,
        inbound: sent.length - outbound,
        approved: deeds.stars.size,
        questions: sent.filter(({ lane }) => lane.chat === consumers?.bot).length,
        toAPerson: deeds.toAPerson.size,
      },
      deaths: deaths.map((death, index) => ({ ...death, ...open[index]! })),
      ...happened,
      findings: found.filter((finding) => !isOfBrowser(finding)),
      ofBrowser: cast.browser === undefined ? undefined : found.filter(isOfBrowser),
    };
  } finally {
    for (const reader of readers) await reader.close();
    await watcher.close();
    receiver.close();
    responder.close();
  }
}

/** The rounds: traffic, deaths and bad luck. Everyone is well at the end, and nobody sends any more. */
async function live(
  { seed, points, disturbed, unheard, rate }: Parameters<typeof runWith>[0],
  everyone: Everyone,
  chatbotId: string | undefined,
  ordeal: Ordeal,
): Promise<{ sent: Sent[]; deeds: Deeds } & Pick<RunResult, 'crashPoints' | 'disturbances'>> {
  const { cast, server, sandbox, watcher, deaths } = everyone;
  const phones = [...cast.sessions.keys(), ...cast.contacts];
  if (unheard) for (const phone of phones) await sandbox.loseReceipts(phone);
  const traffic = new Traffic(cast, server, sandbox, { rate, seed });
  const deeds = new Deeds();
  const people = peopleOf(cast.consumers, chatbotId, (consumers, id, name) => ({
    ...{ consumers, server, sandbox, watcher, traffic, deeds, chatbotId: id },
    random: new Random(seed, name),
  }));
  const crashPoints = new CrashPointPlan(new Random(seed, 'crash points'), points);
  const luck = new Random(seed, 'disturbances');
  const disturbances = new Disturbances(everyone, luck, disturbed ? DISTURBED_EVERY : Infinity);
  await ordeal({ cast, traffic, crashPoints, deaths, calm: () => disturbances.stop() });
  await Promise.all([traffic.stop(), ...people.map((person) => person.stop())]);
  return { sent: traffic.sent, deeds, crashPoints, disturbances: disturbances.counts };
}

/** @throws when a power cut could take what was answered */
function requireDurability(printed: string): string {
  const { dialect, settings } = readDurability(printed);
  const weak = weaknesses(dialect, settings);
  if (weak.length > 0) throw new Error(`the database is not durable: ${weak.join('; ')}`);
  const shown = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  return `${dialect}, ${shown.join(', ')}`;
}

/** Who does more than write: where there are knowledge and a chatbot. */
function peopleOf(
  consumers: ConsumersCast | undefined,
  chatbotId: string | undefined,
  toolsOf: (
    consumers: ConsumersCast,
    chatbotId: string,
    name: string,
  ) => ConstructorParameters<typeof Starring>[0] & ConstructorParameters<typeof TakingOver>[0],
): { stop(): Promise<void> }[] {
  if (!consumers || chatbotId === undefined) return [];
  return [
    new Starring(toolsOf(consumers, chatbotId, 'stars')),
    new TakingOver(toolsOf(consumers, chatbotId, 'taking over')),
  ];
}
