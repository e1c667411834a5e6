import type { CrashPointPlan } from './crash-points.js';
import type { Death } from './deaths.js';
import type { Random } from './random.js';
import type { ServerProgram } from './server-program.js';
import { pause } from './until.js';

/** After so long at a crash point that nobody passes, the server dies anyway (ms). */
const PATIENCE = 45_000;
/** A random death comes within this time of the ready line (ms). */
const LONGEST_LIFE = 5000;
const DEATHS_AT_CRASH_POINTS = 3;
/** A point that was not reached does not count, but there is an end to that. */
const MOST_TRIES = 6;

/**
 * Lets the server live and die some times; it is dead at the end.
 * @param deaths gets the new ones
 * @returns where it died
 */
export async function runRound(
  round: number,
  server: ServerProgram,
  plan: CrashPointPlan,
  random: Random,
  deaths: Death[],
): Promise<string[]> {
  const died: string[] = [];
  const note = (where: string) => {
    deaths.push({ round, where, at: Date.now() });
    died.push(where);
  };
  for (let hits = 0, tries = 0; hits < DEATHS_AT_CRASH_POINTS && tries < MOST_TRIES; tries += 1) {
    const { where, reached } = await dieAtCrashPoint(server, plan);
    note(where);
    if (reached) hits += 1;
  }
  note(await dieAtRandom(server, random));
  return died;
}

async function dieAtCrashPoint(
  server: ServerProgram,
  plan: CrashPointPlan,
): Promise<{ where: string; reached: boolean }> {
  const { point, passage } = plan.next();
  await server.start(`${point}:${passage}`);
  const patience = new AbortController();
  await Promise.race([server.ended, pause(PATIENCE, patience.signal)]);
  patience.abort();
  if (!server.isGone) {
    plan.missed(point);
    await server.kill();
    return { where: `${point} (not reached)`, reached: false };
  }
  if (server.ending !== 'SIGKILL') throw new Error(`the server ended by ${server.ending}`);
  plan.hit(point);
  return { where: point, reached: true };
}

async function dieAtRandom(server: ServerProgram, random: Random): Promise<string> {
  const [life, early, inOrder] = [random.next() * LONGEST_LIFE, random.next(), random.next()];
  if (early < 0.2) return await dieWhileStarting(server, life / 2);
  await server.start();
  await pause(life);
  if (inOrder < 0.2) {
    await server.stop();
    return 'SIGTERM';
  }
  await server.kill();
  return 'SIGKILL';
}

/** In the middle of restoring, or before it listens. */
async function dieWhileStarting(server: ServerProgram, after: number): Promise<string> {
  const starting = server.start().catch(() => undefined);
  await pause(after);
  await server.kill();
  await starting;
  return 'SIGKILL while starting';
}
