import { readFileSync } from 'node:fs';
import { ClusterProgram } from './cluster-program.js';
import { blowsInTurn, type Field, runClusterRound } from './cluster-rounds.js';
import type { Death } from './deaths.js';
import { doubleOwners, type Heard, type Testimony, takeovers } from './double-owners.js';
import { type Blow, failoversOf } from './failovers.js';
import { gatherCast } from './lanes.js';
import { noteOwnership, readOwnership } from './ownership.js';
import { PostgresProgram } from './postgres-program.js';
import { Random } from './random.js';
import { RedisProgram } from './redis-program.js';
import { type Ordeal, type RunOptions, type RunResult, runWith } from './run.js';
import { SandboxProgram } from './sandbox-program.js';

export type ClusterOptions = Omit<RunOptions, 'storage' | 'withRedis' | 'browser'> & {
  sessions: number;
};

/** A whole run of several processes: one blow in each round, and nobody may have acted for another. */
export async function runCluster(options: ClusterOptions): Promise<RunResult> {
  const { folder, unsafe, say } = options;
  const ends: (() => Promise<unknown>)[] = [];
  try {
    const postgres = await PostgresProgram.open(folder);
    ends.unshift(() => postgres.stop('SIGQUIT'));
    const redis = await RedisProgram.open(folder);
    ends.unshift(() => redis.kill());
    const sandbox = new SandboxProgram(folder, true);
    await sandbox.start();
    ends.unshift(() => sandbox.kill());
    const cluster = await ClusterProgram.start(
      { folder, sandbox, databaseUrl: postgres.url, redisUrl: redis.url, unsafe },
      () => noteOwnership(postgres.url),
    );
    ends.unshift(() => cluster.kill());
    say('all processes are up');
    return await judgedRun(options, { postgres, redis, sandbox, cluster });
  } finally {
    for (const end of ends) await end();
  }
}

interface Parts {
  postgres: PostgresProgram;
  redis: RedisProgram;
  sandbox: SandboxProgram;
  cluster: ClusterProgram;
}

async function judgedRun(options: ClusterOptions, parts: Parts): Promise<RunResult> {
  const { postgres, redis, sandbox, cluster } = parts;
  const blows: Blow[] = [];
  let phones = new Map<string, string>();
  const gather = async () => {
    const cast = await gatherCast(cluster, sandbox, options.seed, options.sessions - 1);
    options.say(`${cast.sessions.size} sessions are linked`);
    phones = cast.sessions;
    return cast;
  };
  const result = await runWith(
    { ...options, browser: false },
    {
      ...{ sandbox, server: cluster, redis, gather, database: { url: postgres.url } },
      printed: cluster.members[0]!.program.printed,
    },
    (scene) => strikeAgainAndAgain(options, parts, blows, scene),
  );
  const heard: Heard = {
    testimonies: sandbox.testimonies.map(readTestimonies),
    ownership: await readOwnership(postgres.url),
    workersOf: cluster.workersOf(),
    sessions: phones,
  };
  return {
    ...result,
    findings: [...result.findings, ...doubleOwners(heard)],
    cluster: [blowsLine(result.deaths), ...linesOf(heard, blows, cluster)],
  };
}

async function strikeAgainAndAgain(
  { seed, rounds, say, sessions }: ClusterOptions,
  { postgres, redis, sandbox, cluster }: Parts,
  blows: Blow[],
  { traffic, crashPoints: plan, deaths, calm }: Parameters<Ordeal>[0],
): Promise<void> {
  const random = new Random(seed, 'blows');
  const field: Field = { cluster, postgres, redis, plan, random, sessions, deaths, blows };
  const kinds = blowsInTurn(random);
  for (let round = 1; round <= rounds; round += 1) {
    traffic.round = round;
    say(`round ${round}: ${await runClusterRound(round, kinds.next().value, field)}`);
  }
  await calm();
  // What a phone's receipt got lost of comes again with the next connection: everyone has one.
  await sandbox.kill();
  await sandbox.start();
}

function blowsLine(deaths: Death[]): string {
  const counts = new Map<string, number>();
  for (const { where } of deaths) counts.set(where, (counts.get(where) ?? 0) + 1);
  return `blows: ${[...counts].map(([where, count]) => `${where} ${count}`).join(', ')}`;
}

function readTestimonies(file: string): Testimony[] {
  // The last line of a life may be cut short.
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Testimony);
}

function linesOf(heard: Heard, blows: Blow[], cluster: ClusterProgram): string[] {
  const stanzas = heard.testimonies.flat().filter(({ what }) => what === 'stanza').length;
  const asked = [...cluster.asksAgain].map(([status, count]) => `${status} ${count}`);
  const lines = [
    `judged: ${stanzas} stanzas of clients, ${heard.ownership.owners.length} changes of owners, ${takeovers(heard)} logins that replaced another`,
    `finished by its owner after its time, with the session locked: ${heard.ownership.strangers.filter(({ owner, writer }) => owner === writer).length} rows`,
    `sends that were asked for again by the answer: ${asked.join(', ') || 'none'}`,
    'failover, until WhatsApp had the session from another process (ms):',
  ];
  for (const [kind, { times, hindered, never }] of failoversOf(blows, heard.testimonies)) {
    const sorted = [...times].sort((a, b) => a - b);
    const [median = 0, most = 0] = [sorted[sorted.length >> 1], sorted.at(-1)];
    const missing = never > 0 ? `, ${never} never` : '';
    const others = hindered > 0 ? `; ${hindered} more while the sandbox was away` : '';
    lines.push(
      `  ${kind}: ${times.length} sessions, median ${median}, longest ${most}${missing}${others}`,
    );
  }
  return lines;
}
