import type { CompiledQuery } from 'kysely';

/**
 * One statement of a write unit, and what it means when it changes no row:
 * `stop`: what follows has happened before, skip the rest and keep what was done so far;
 * `fail`: the ground is gone (a newer owner took the session), undo the whole unit;
 * `again`: what the unit was made from has changed meanwhile, undo it and let the caller look again.
 */
export interface WriteStep {
  query: { compile(): CompiledQuery };
  whenUnchanged?: 'stop' | 'fail' | 'again';
}

/** Statements that become durable together or not at all. No reading back in between. */
export type WriteUnit = readonly WriteStep[];

export interface WriteResult {
  /** False when a `stop` step found that this was done before. */
  applied: boolean;
  /** Changed rows of each statement that ran. */
  changes: number[];
}

/** A `fail` step changed no row; nothing of its unit was kept. */
export class WriteRefused extends Error {
  constructor() {
    super('the write was refused: its owner is no longer the current one');
    this.name = 'WriteRefused';
  }
}

/** An `again` step changed no row; nothing of its unit was kept. */
export class WriteStale extends Error {
  constructor() {
    super('the write was made from what is no longer so');
    this.name = 'WriteStale';
  }
}

/** Rows changed → go on, skip the rest, or refuse the unit. */
export function verdict(
  step: Pick<WriteStep, 'whenUnchanged'>,
  changes: number,
): 'continue' | 'stop' {
  if (changes > 0 || !step.whenUnchanged) return 'continue';
  if (step.whenUnchanged === 'fail') throw new WriteRefused();
  if (step.whenUnchanged === 'again') throw new WriteStale();
  return 'stop';
}
