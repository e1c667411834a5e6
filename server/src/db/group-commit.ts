import type { WriteResult, WriteUnit } from './write-unit.js';

interface Waiting {
  unit: WriteUnit;
  resolve(result: WriteResult): void;
  reject(error: unknown): void;
}

export type UnitOutcome = { result: WriteResult } | { error: unknown };

/**
 * Runs many units in one database transaction and resolves with one outcome per unit; rejects when
 * the transaction as a whole was not committed.
 */
export type CommitBatch = (units: readonly WriteUnit[]) => Promise<UnitOutcome[]>;

/** Units that wait for one commit together; bounded so that one batch does not hold the rest up. */
const MAX_BATCH = 128;

/**
 * The one writer of a process: units that arrive while a commit is under way share the next one,
 * so that durability costs one disk sync for many.
 */
export class GroupCommit {
  private waiting: Waiting[] = [];
  private running: Promise<void> | undefined;

  constructor(private readonly commitBatch: CommitBatch) {}

  /** Resolves when the unit is durable. Rejects with `WriteRefused` or the database's error. */
  write(unit: WriteUnit): Promise<WriteResult> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ unit, resolve, reject });
      this.running ??= this.drain();
    });
  }

  /** Resolves when everything handed over so far is committed or has failed. */
  async settled(): Promise<void> {
    await this.running;
  }

  private async drain(): Promise<void> {
    // Let the units of this turn of the event loop gather.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, MAX_BATCH);
      try {
        const outcomes = await this.commitBatch(batch.map((entry) => entry.unit));
        for (const [index, entry] of batch.entries()) {
          const outcome = outcomes[index] as UnitOutcome;
          if ('result' in outcome) entry.resolve(outcome.result);
          else entry.reject(outcome.error);
        }
      } catch (error) {
        for (const entry of batch) entry.reject(error);
      }
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    this.running = undefined;
  }
}
