import type { ClusterProgram, Member } from './cluster-program.js';
import type { CrashPointPlan } from './crash-points.js';
import type { Death } from './deaths.js';
import type { Blow } from './failovers.js';
import { busyAddresses, ownedSessions } from './ownership.js';
import type { PostgresProgram } from './postgres-program.js';
import type { Random } from './random.js';
import type { RedisProgram } from './redis-program.js';
import { pause } from './until.js';

/** What happens to a cluster, one of these in a round, each as often as the others. */
const BLOWS = [
  'SIGKILL of a worker',
  'SIGKILL of an API process',
  'crash point',
  'crash point',
  'SIGSTOP of a worker',
  'network cut of a worker',
  'network cut of a worker from Redis',
  'slow network of a worker',
  'restart of Redis',
  'restart of PostgreSQL',
] as const;

type Kind = (typeof BLOWS)[number];

/** Milliseconds. */
const STOPPED_FOR = 30_000;
const CUT_AT_LEAST = 15_000;
const CUT_AT_MOST = 30_000;
/** In each direction, so that a statement takes twice as long. */
const SLOW_AT_LEAST = 20;
const SLOW_AT_MOST = 250;
const AWAY_AT_MOST = 12_000;
const BETWEEN_AT_MOST = 6000;
/** After so long at a crash point that nobody passes, the process dies anyway. */
const PATIENCE = 25_000;
/** Those that are passed where requests are answered; the others in any process, or in workers. */
const OF_API: readonly string[] = ['after-accept'];
/** Of sessions: API processes have none. */
const OF_SESSIONS: readonly string[] = [
  'after-decrypt',
  'after-commit',
  'before-receipt',
  'after-receipt',
  'after-handed-over',
  'before-stanza',
  'after-stanza',
  'after-ack-recorded',
];
/** All sessions must have an owner within this time, before the next blow. */
const OWNED_WITHIN = 180_000;
const LOOK_EVERY = 250;

export interface Field {
  cluster: ClusterProgram;
  postgres: PostgresProgram;
  redis: RedisProgram;
  plan: CrashPointPlan;
  random: Random;
  /** How many there are. */
  sessions: number;
  /** Gets the new ones. */
  deaths: Death[];
  blows: Blow[];
}

/** The blows of a run in their order: all kinds once, by chance, then all of them again. */
export function* blowsInTurn(random: Random): Generator<Kind, never> {
  for (;;) {
    const left: Kind[] = [...BLOWS];
    while (left.length > 0) yield left.splice(random.whole(0, left.length - 1), 1)[0]!;
  }
}

/** One blow, and all that takes part is there again. @returns what happened */
export async function runClusterRound(round: number, kind: Kind, field: Field): Promise<string> {
  const { random, cluster } = field;
  await allOwned(field);
  await pause(random.next() * BETWEEN_AT_MOST);
  const worker = random.pick(await busyWorkers(field));
  const away = random.next() * AWAY_AT_MOST;
  switch (kind) {
    case 'SIGKILL of a worker':
      return await killed(round, kind, field, worker, away);
    case 'SIGKILL of an API process':
      return await killed(round, kind, field, random.pick(cluster.apis), away);
    case 'crash point':
      return await diedAtCrashPoint(round, field, away);
    case 'SIGSTOP of a worker':
      return await gone(round, kind, field, worker, STOPPED_FOR, {
        leave: () => worker.program.signal('SIGSTOP'),
        comeBack: () => worker.program.signal('SIGCONT'),
      });
    case 'network cut of a worker': {
      const time = CUT_AT_LEAST + random.next() * (CUT_AT_MOST - CUT_AT_LEAST);
      return await gone(round, kind, field, worker, time, {
        leave: () => worker.links.database.cut(),
        comeBack: () => worker.links.database.heal(),
      });
    }
    case 'network cut of a worker from Redis':
      return await disturbed(round, kind, field, away, {
        begin: () => worker.links.redis.cut(),
        end: () => worker.links.redis.heal(),
      });
    case 'slow network of a worker': {
      const delay = random.whole(SLOW_AT_LEAST, SLOW_AT_MOST);
      const links = Object.values(worker.links);
      return await disturbed(round, kind, field, CUT_AT_LEAST, {
        begin: () => {
          for (const link of links) link.slow(delay);
        },
        end: () => {
          for (const link of links) link.heal();
        },
      });
    }
    case 'restart of Redis':
      return await disturbed(round, kind, field, away, {
        begin: () => field.redis.kill(),
        end: () => field.redis.start(),
      });
    case 'restart of PostgreSQL': {
      const how = random.next() < 0.5 ? 'SIGINT' : 'SIGQUIT';
      return await disturbed(round, `${kind} (${how})`, field, away, {
        begin: () => field.postgres.stop(how),
        end: () => field.postgres.start(),
      });
    }
  }
}

/** Nobody is struck twice before the others have taken over. */
async function allOwned({ postgres, sessions }: Field): Promise<void> {
  const deadline = performance.now() + OWNED_WITHIN;
  let owned: number | undefined;
  while (performance.now() < deadline) {
    owned = await ownedSessions(postgres.url).catch(() => undefined);
    if (owned === sessions) return;
    await pause(LOOK_EVERY);
  }
  throw new Error(`after ${OWNED_WITHIN} ms ${owned} of ${sessions} sessions have an owner`);
}

/** Those that have something to lose; one that has just come has no session yet. */
async function busyWorkers({ cluster, postgres }: Field): Promise<Member[]> {
  const busy = await busyAddresses(postgres.url);
  const workers = cluster.workers.filter(({ program }) => busy.includes(program.url));
  return workers.length > 0 ? workers : cluster.workers;
}

async function killed(
  round: number,
  kind: string,
  field: Field,
  member: Member,
  away: number,
): Promise<string> {
  strike(round, kind, field, member);
  await field.cluster.killMember(member);
  await comesBack(field, member, away);
  return `${kind}, ${member.program.label}, ${Math.round(away)} ms`;
}

/** Started anew with the order to die at a place that it may pass or not. */
async function diedAtCrashPoint(round: number, field: Field, away: number): Promise<string> {
  const { cluster, plan, random } = field;
  const { point, passage } = plan.next();
  const member = random.pick(passersOf(point, cluster));
  strike(round, 'SIGKILL before a crash point', field, member);
  await cluster.killMember(member);
  await cluster.startMember(member, `${point}:${passage}`);
  const patience = new AbortController();
  await Promise.race([member.program.ended, pause(PATIENCE, patience.signal)]);
  patience.abort();
  const reached = member.program.isGone;
  const where = reached ? point : `${point} (not reached)`;
  strike(round, where, field, member, 'crash point');
  if (reached) plan.hit(point);
  else plan.missed(point);
  const { label } = member.program;
  await cluster.killMember(member);
  await comesBack(field, member, away);
  return `${where}, ${label}, ${Math.round(away)} ms`;
}

function passersOf(point: string, { apis, workers, members }: ClusterProgram): Member[] {
  if (OF_API.includes(point)) return apis;
  return OF_SESSIONS.includes(point) ? workers : members;
}

async function comesBack({ cluster }: Field, member: Member, away: number): Promise<void> {
  await pause(away);
  await cluster.startMember(member);
}

async function gone(
  round: number,
  kind: string,
  field: Field,
  member: Member,
  time: number,
  { leave, comeBack }: { leave(): void; comeBack(): void },
): Promise<string> {
  const death = strike(round, kind, field, member);
  leave();
  await pause(time);
  comeBack();
  death.until = Date.now();
  return `${kind}, ${member.program.label}, ${Math.round(time)} ms`;
}

/** What no process should be struck by: whoever has sessions keeps them, or has them again soon. */
async function disturbed(
  round: number,
  where: string,
  { deaths }: Field,
  time: number,
  { begin, end }: { begin(): unknown; end(): unknown },
): Promise<string> {
  const death: Death = { round, where, at: Date.now() };
  deaths.push(death);
  await begin();
  await pause(time);
  await end();
  death.until = Date.now();
  return `${where}, ${Math.round(time)} ms`;
}

function strike(
  round: number,
  where: string,
  { deaths, blows }: Field,
  member: Member,
  kind = where,
): Death {
  const at = Date.now();
  const death: Death = { round, where, at };
  deaths.push(death);
  if (member.role === 'worker') blows.push({ kind, label: member.program.label, at });
  return death;
}
