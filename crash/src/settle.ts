import { compare, type Finding } from './compare.js';
import type { Sent } from './traffic.js';
import { gatherTruths, type Witnesses } from './truths.js';
import { pause, until } from './until.js';

/** All sessions must be connected again within this time of a start (ms). */
const CONNECTED_WITHIN = 60_000;
/** What is on its way must have arrived after this (ms): an ack is awaited 20 s, then asked again. */
const ARRIVED_WITHIN = 75_000;
const LOOK_EVERY = 1500;

/**
 * Lets everything arrive on a server that nobody disturbs, and compares what everyone has.
 * @returns what is still wrong when nothing more happens
 */
export async function settle(witnesses: Witnesses, sent: Sent[]): Promise<Finding[]> {
  const { cast, server } = witnesses;
  await until(
    'all sessions are connected',
    async () => ((await server.connected()).length === cast.sessions.size ? true : undefined),
    CONNECTED_WITHIN,
    200,
  );
  const deadline = performance.now() + ARRIVED_WITHIN;
  for (;;) {
    const findings = compare(cast, sent, await gatherTruths(witnesses));
    if (findings.length === 0 || performance.now() > deadline) return findings;
    await pause(LOOK_EVERY);
  }
}
