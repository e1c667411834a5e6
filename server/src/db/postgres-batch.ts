import type pg from 'pg';
import type { UnitOutcome } from './group-commit.js';
import type { PipelineStatement } from './postgres-pipeline.js';
import { runPipeline, wireValue } from './postgres-pipeline.js';
import type { WriteResult, WriteStep, WriteUnit } from './write-unit.js';
import { verdict } from './write-unit.js';

/** Pipelines of a whole batch before its units are run step by step. */
const MAX_ATTEMPTS = 4;

/** Errors that lie in the statement or its values (data, integrity, names): they would come again. */
const OWN_ERROR = /^(22|23|42)/;

/** How much of a unit is sent; as long as nobody knows better, all of it. */
type Share =
  | { kind: 'whole' }
  /** A `stop` step changes nothing: what is behind it is not sent. */
  | { kind: 'until'; step: number }
  /** A `fail` or `again` step changes nothing: what comes before it is undone. */
  | { kind: 'undone'; step: number; error: unknown }
  | { kind: 'left out'; error: unknown };

interface PlannedUnit {
  unit: WriteUnit;
  statements: PipelineStatement[];
  share: Share;
}

const WHOLE: Share = { kind: 'whole' };
const plain = (text: string): PipelineStatement => ({ text, values: [] });
const SAVEPOINT = plain('savepoint unit');
const RELEASE = plain('release unit');
const UNDO = [plain('rollback to unit'), RELEASE];

/**
 * Many write units in one transaction, all their statements in one round trip. That a step changed
 * nothing, and so ended its unit, shows only afterwards: then all is rolled back and sent again with
 * what is known now. That is a guess for units behind the first that was sent wrongly, which is why
 * every attempt is checked, and settles at least one unit more.
 */
export class PostgresBatch {
  private readonly planned: PlannedUnit[];

  /**
   * @param opening begins the transaction and takes its locks
   * @param nameOf the name that a statement goes by on every connection, if it has one
   */
  constructor(
    private readonly client: pg.ClientBase,
    private readonly opening: readonly PipelineStatement[],
    units: readonly WriteUnit[],
    nameOf: (text: string) => string | undefined,
  ) {
    this.planned = units.map((unit) => plan(unit, nameOf));
  }

  /** Resolves when the transaction can be committed; rejects when it must be given up as a whole. */
  async run(): Promise<UnitOutcome[]> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const before = attempt === 0 ? this.opening : [plain('rollback'), ...this.opening];
      const outcomes = await this.attempt(before);
      if (outcomes) return outcomes;
    }
    await this.must([plain('rollback'), ...this.opening]);
    const outcomes: UnitOutcome[] = [];
    for (const one of this.planned) outcomes.push(await this.stepByStep(one));
    return outcomes;
  }

  /** The outcomes, unless something was sent that should not have been. */
  private async attempt(before: readonly PipelineStatement[]): Promise<UnitOutcome[] | undefined> {
    const shares = this.planned.map(sent);
    const { counts, error } = await runPipeline(this.client, [...before, ...shares.flat()]);
    if (counts.length < before.length) throw error;
    const outcomes: UnitOutcome[] = [];
    let settled = true;
    let start = before.length;
    for (const [index, one] of this.planned.entries()) {
      const length = (shares[index] as PipelineStatement[]).length;
      const changes = changesOf(one, counts.slice(start, start + length));
      start += length;
      const found = seen(one, changes);
      if (!same(found, one.share)) {
        one.share = found;
        settled = false;
      } else if (start > counts.length && settled && OWN_ERROR.test(error?.code ?? '')) {
        one.share = { kind: 'left out', error };
      }
      if (start > counts.length) return undefined;
      outcomes.push(outcomeOf(one, changes));
    }
    return settled ? outcomes : undefined;
  }

  private async stepByStep({ unit, statements, share }: PlannedUnit): Promise<UnitOutcome> {
    if (share.kind === 'left out') return { error: share.error };
    await this.must([SAVEPOINT]);
    const changes: number[] = [];
    for (const [index, step] of unit.entries()) {
      const { counts, error } = await runPipeline(this.client, [
        statements[index] as PipelineStatement,
      ]);
      changes.push(...counts);
      const end = error ? { error } : ending(step, counts[0] ?? 0);
      if (typeof end === 'object') {
        await this.must(UNDO);
        return end;
      }
      if (end === 'stop') break;
    }
    await this.must([RELEASE]);
    return { result: resultOf(unit, changes) };
  }

  private async must(statements: readonly PipelineStatement[]): Promise<void> {
    const { error } = await runPipeline(this.client, statements);
    if (error) throw error;
  }
}

function plan(unit: WriteUnit, nameOf: (text: string) => string | undefined): PlannedUnit {
  try {
    const statements = unit.map((step) => {
      const { sql, parameters } = step.query.compile();
      return { name: nameOf(sql), text: sql, values: parameters.map(wireValue) };
    });
    return { unit, statements, share: WHOLE };
  } catch (error) {
    return { unit, statements: [], share: { kind: 'left out', error } };
  }
}

function sent({ statements, share }: PlannedUnit): PipelineStatement[] {
  if (share.kind === 'whole') return statements;
  if (share.kind === 'left out') return [];
  const steps = statements.slice(0, share.step + 1);
  return share.kind === 'until' ? steps : [SAVEPOINT, ...steps, ...UNDO];
}

/** Of the counts of all that was sent for a unit, those of its own steps. */
function changesOf({ share }: PlannedUnit, counts: number[]): number[] {
  return share.kind === 'undone' ? counts.slice(1, share.step + 2) : counts;
}

/** What should have been sent, as far as the changes of what was sent tell. */
function seen({ unit, share }: PlannedUnit, changes: readonly number[]): Share {
  if (share.kind === 'left out') return share;
  for (const [step, changed] of changes.entries()) {
    const end = ending(unit[step] as WriteStep, changed);
    if (typeof end === 'object') return { kind: 'undone', step, error: end.error };
    if (end === 'stop' && step < unit.length - 1) return { kind: 'until', step };
  }
  return WHOLE;
}

function ending(step: WriteStep, changed: number): 'continue' | 'stop' | { error: unknown } {
  try {
    return verdict(step, changed);
  } catch (error) {
    return { error };
  }
}

function same(a: Share, b: Share): boolean {
  return a.kind === b.kind && ('step' in a ? a.step : -1) === ('step' in b ? b.step : -1);
}

function outcomeOf({ unit, share }: PlannedUnit, changes: number[]): UnitOutcome {
  return 'error' in share ? { error: share.error } : { result: resultOf(unit, changes) };
}

/** Of a unit whose changes are those that should be: a step without any can only be its stop. */
function resultOf(unit: WriteUnit, changes: number[]): WriteResult {
  const last = changes.length - 1;
  const stopped = unit[last]?.whenUnchanged === 'stop' && changes[last] === 0;
  return { applied: !stopped, changes };
}
