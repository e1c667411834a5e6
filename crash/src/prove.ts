import type { Finding } from './finding.js';
import { MECHANISMS } from './mechanisms.js';
import type { RunOptions, RunResult } from './run.js';

export interface Proof {
  mechanism: string;
  /** The harm that was looked for and found; nothing when the harness missed it. */
  caught: Finding[];
}

/**
 * Shows that the harness sees what it is there to see: with each mechanism switched off in turn, and
 * deaths at the places that it guards, the loss or the double must be found.
 * @returns whether all were caught
 */
export async function prove(
  runWith: (
    options: Pick<RunOptions, 'unsafe' | 'points' | 'disturbed' | 'unheard'>,
  ) => Promise<RunResult>,
  only: string[],
  tell: (proof: Proof) => void,
): Promise<boolean> {
  let all = true;
  for (const { name, points, harm, unheard = false } of MECHANISMS) {
    if (only.length > 0 && !only.includes(name)) continue;
    const { findings } = await runWith({ unsafe: [name], points, disturbed: false, unheard });
    const caught = findings.filter(({ kind }) => harm.includes(kind));
    tell({ mechanism: name, caught });
    all &&= caught.length > 0;
  }
  return all;
}
