import type { Finding } from './finding.js';
import { MECHANISMS } from './mechanisms.js';
import type { RunOptions, RunResult } from './run.js';

/** What distinguishes one run from another; `another` makes a seed of its own. */
export type Choice = Pick<RunOptions, 'unsafe' | 'points' | 'disturbed' | 'unheard'> & {
  another: number;
};

export interface Proof {
  mechanism: string;
  /** The harm that was looked for and found; nothing when the harness missed it. */
  caught: Finding[];
}

/** A death does harm only where something was under way just then, so one run may see none. */
const MOST_RUNS = 3;

/**
 * Shows that the harness sees what it is there to see: with each mechanism switched off in turn, and
 * deaths at the places that it guards, the loss or the double must be found.
 * @returns whether all were caught
 */
export async function prove(
  runWith: (options: Choice) => Promise<RunResult>,
  only: string[],
  tell: (proof: Proof) => void,
): Promise<boolean> {
  let all = true;
  for (const { name, points, harm, unheard = false } of MECHANISMS) {
    if (only.length > 0 && !only.includes(name)) continue;
    let caught: Finding[] = [];
    for (let another = 0; another < MOST_RUNS && caught.length === 0; another += 1) {
      const choice = { unsafe: [name], points, disturbed: false, unheard, another };
      const { findings } = await runWith(choice);
      caught = findings.filter(({ kind }) => harm.includes(kind));
    }
    tell({ mechanism: name, caught });
    all &&= caught.length > 0;
  }
  return all;
}
