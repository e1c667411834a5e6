import { compare } from './compare.js';
import type { Deeds } from './deeds.js';
import type { Finding } from './finding.js';
import { readPulse } from './stored.js';
import type { Sent } from './traffic.js';
import { gatherTruths, type Witnesses } from './truths.js';
import { pause, until } from './until.js';

/** All sessions must be connected again within this time of a start (ms). */
const CONNECTED_WITHIN = 300_000;
/**
 * When so long (ms) nothing changed any more, nothing will: an ack is awaited 20 s, then asked for
 * again, a job may pause for a minute, and a busy machine needs some time for each step.
 */
const QUIET = 90_000;
const LOOK_EVERY = 1500;
/** Looked at closely after this time (ms), however much is still going on. */
const STILL_WITHIN = 600_000;
/** What time can mend. */
const MENDING: ReadonlySet<Finding['kind']> = new Set([
  'lost',
  'undecryptable',
  'wrong status',
  'not acknowledged',
  'wrong knowledge',
]);

/**
 * Lets everything arrive on a server that nobody disturbs, and compares what everyone has.
 * @returns what is still wrong when nothing more happens
 */
export async function settle(witnesses: Witnesses, sent: Sent[], deeds: Deeds): Promise<Finding[]> {
  const { cast, server } = witnesses;
  await until(
    'all sessions are connected',
    async () => ((await server.connected()).length === cast.sessions.size ? true : undefined),
    CONNECTED_WITHIN,
    200,
  );
  let last = '';
  let since = performance.now();
  for (;;) {
    await stillness(witnesses.database);
    const findings = compare(cast, sent, await gatherTruths(witnesses), deeds);
    const mending = findings.filter(({ kind }) => MENDING.has(kind));
    if (mending.length === 0) return findings;
    const now = JSON.stringify(mending);
    if (now !== last) since = performance.now();
    else if (performance.now() - since > QUIET) return findings;
    last = now;
    await pause(LOOK_EVERY);
  }
}

/**
 * Resolves when nothing was recorded between two looks. Asking everyone for everything takes the time
 * that a server with much to catch up on needs itself.
 */
async function stillness(database: Witnesses['database']): Promise<void> {
  const until = performance.now() + STILL_WITHIN;
  let last = '';
  while (performance.now() < until) {
    const pulse = await readPulse(database);
    if (pulse === last) return;
    last = pulse;
    await pause(LOOK_EVERY);
  }
}
