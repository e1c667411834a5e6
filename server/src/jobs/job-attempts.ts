import type { Logger } from 'pino';
import type { Clock } from '../clock.js';
import type { Database } from '../db/database.js';
import { isStorageAway } from '../db/storage-away.js';
import type { WriteUnit } from '../db/write-unit.js';
import { WriteRefused } from '../db/write-unit.js';
import { within } from '../within.js';
import type { Job, JobHandler, JobOutcome } from './job.js';
import { Hopeless, Postponed } from './job.js';
import type { JobRow, JobStore } from './job-store.js';
import { jobIdOf } from './job-store.js';

/** Before trying again what the database refused (ms). */
const STORAGE_PAUSE = 1000;
/** So often an outcome is tried to be written before it counts as a failed attempt. */
const STORAGE_TRIES = 5;
/** What runs when the queue stops gets so long to end, and again when it was aborted (ms). */
const GRACE = 2000;
const MAX_ERROR = 500;

export interface Handled {
  job: Job<unknown>;
  handler: JobHandler<unknown>;
}

/** What came of an attempt. */
export type AttemptResult = 'done' | 'failed' | 'given up';

interface Surroundings {
  store: JobStore;
  database: Database;
  logger: Logger;
  clock: Clock;
  /** Told of each attempt that came to an end. */
  attempted?(name: string, result: AttemptResult): void;
}

/** A job that another program added and that has no row of ours. */
export interface OutsideJob {
  id: string;
  data: unknown;
  /** Attempts that failed. */
  attempts: number;
  /** Milliseconds since the epoch. */
  createdAt: number;
}

/** What is to become of it. */
export type OutsideVerdict =
  | { result: unknown }
  | { again: number; attempts: number; error: string | null }
  | { givenUp: string };

/** Why an attempt was ended that another process makes. */
class Left extends Error {}

/** Makes attempts at jobs, from their begin to the commit of what came of them. */
export class JobAttempts {
  private readonly running = new Map<
    string,
    { abort: AbortController; job: Job<unknown>; ending: Promise<unknown> }
  >();
  private stopped = false;
  private readonly stopping = new AbortController();

  constructor(private readonly around: Surroundings) {}

  /** How many attempts are under way. */
  get count(): number {
    return this.running.size;
  }

  /** One attempt at a row. Of a row that runs already it waits for that attempt. Never rejects. */
  async run(row: JobRow, handled: Handled): Promise<void> {
    await this.once(jobIdOf(row), handled.job, (signal) => this.attempt(row, handled, signal));
  }

  /** One attempt at a job without a row; undefined: the queue stopped meanwhile. Never rejects. */
  async runOutside(job: OutsideJob, handled: Handled): Promise<OutsideVerdict | undefined> {
    return await this.once(job.id, handled.job, (signal) =>
      this.attemptOutside(job, handled, signal),
    );
  }

  /** Gives what runs a moment, then aborts it; resolves when it has ended or is left. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.stopping.abort();
    const ended = Promise.all([...this.running.values()].map(({ ending }) => ending));
    if (await within(GRACE, ended)) return;
    for (const { abort } of this.running.values()) abort.abort(new Error('the server stops'));
    await within(GRACE, ended);
  }

  /** Another process does such jobs from now on: what runs here is left to it. */
  leave(which: (job: Job<unknown>) => boolean): void {
    for (const { abort, job } of this.running.values()) if (which(job)) abort.abort(new Left());
  }

  private async once<Result>(
    id: string,
    job: Job<unknown>,
    work: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    const under = this.running.get(id);
    if (under) return (await under.ending) as Result;
    const abort = new AbortController();
    const cancel = this.around.clock.after(job.timeout, () => {
      abort.abort(new Error(`no end within ${job.timeout / 1000} s`));
    });
    const ending = work(abort.signal).finally(() => {
      cancel();
      this.running.delete(id);
    });
    this.running.set(id, { abort, job, ending });
    return await ending;
  }

  private async attempt(row: JobRow, handled: Handled, signal: AbortSignal): Promise<void> {
    const { store } = this.around;
    const { job, handler } = handled;
    const number = row.attempts + 1;
    let payload: unknown;
    let unit: WriteUnit;
    let outcome: JobOutcome = {};
    let result: AttemptResult = 'done';
    const failed = (error: unknown) => {
      const failure = this.afterFailure(row, handled, payload, error);
      result = failure.result;
      return failure.unit;
    };
    try {
      payload = parse(job, JSON.parse(row.payload));
      outcome = await handler.run(payload, { id: jobIdOf(row), number, signal });
      unit = [...store.end(row), ...(outcome.steps ?? [])];
    } catch (error) {
      if (signal.aborted && (this.stopped || signal.reason instanceof Left)) return;
      if (error instanceof Postponed) return await this.postpone(row, error.until);
      unit = failed(error);
    }
    const written = await this.record(unit, row, failed);
    if (written) this.around.attempted?.(row.name, result);
    if (written === unit) outcome.committed?.();
  }

  private async postpone(row: JobRow, until: number): Promise<void> {
    const again = this.around.store.again(row, {
      ...{ dueAt: until, attempts: row.attempts, error: null },
    });
    await this.record([again], row, () => [again]);
  }

  private afterFailure(
    row: JobRow,
    { job, handler }: Handled,
    payload: unknown,
    error: unknown,
  ): { unit: WriteUnit; result: AttemptResult } {
    const { store, clock, logger } = this.around;
    const now = clock.now();
    const attempt = row.attempts + 1;
    const delay = error instanceof Hopeless ? null : job.retry(attempt, now - row.created_at);
    const nextAttemptAt = delay === null ? null : now + delay;
    const text = reasonOf(error);
    const outcome =
      nextAttemptAt === null
        ? [
            ...store.end(row),
            ...(job.failedElsewhere ? [] : [store.giveUp(row, attempt, text, now)]),
          ]
        : [store.again(row, { dueAt: nextAttemptAt, attempts: attempt, error: text })];
    const result = nextAttemptAt === null ? 'given up' : 'failed';
    if (payload === undefined || !handler.failed) {
      logger.error({ job: row.name, attempt, nextAttemptAt, err: error }, 'job failed');
      return { unit: outcome, result };
    }
    try {
      const noted = handler.failed(payload, { error, attempt, nextAttemptAt });
      return { unit: [...outcome, ...noted], result };
    } catch (fault) {
      logger.error({ job: row.name, err: fault }, 'what failed cannot be noted');
      return { unit: outcome, result };
    }
  }

  /**
   * What was done must be noted before anything else happens to the job: doing it again because the
   * disk is full or the database away would repeat it without end. What cannot be written for another
   * reason is a failure in the end. Resolves with what was written, if anything.
   */
  private async record(
    unit: WriteUnit,
    row: JobRow,
    failed: (error: unknown) => WriteUnit,
  ): Promise<WriteUnit | undefined> {
    const { database, logger } = this.around;
    let outcome = unit;
    for (let tries = 0; ; ) {
      try {
        await database.write(outcome);
        return outcome;
      } catch (error) {
        if (error instanceof WriteRefused) return undefined;
        logger.error({ job: row.name, err: error }, 'jobs: an outcome cannot be written');
        if (this.stopped) return undefined;
        if (!isStorageAway(error)) tries += 1;
        if (tries === STORAGE_TRIES) outcome = failed(error);
        await this.pause(STORAGE_PAUSE);
      }
    }
  }

  private async attemptOutside(
    { id, data, attempts, createdAt }: OutsideJob,
    { job, handler }: Handled,
    signal: AbortSignal,
  ): Promise<OutsideVerdict | undefined> {
    const { database, store, clock, logger, attempted } = this.around;
    try {
      const payload = parse(job, data);
      const outcome = await handler.run(payload, { id, number: attempts + 1, signal });
      if (outcome.steps) await database.write(outcome.steps);
      outcome.committed?.();
      attempted?.(job.name, 'done');
      return { result: outcome.result ?? null };
    } catch (error) {
      if (this.stopped && signal.aborted) return undefined;
      if (error instanceof Postponed) return { again: error.until, attempts, error: null };
      const now = clock.now();
      const attempt = attempts + 1;
      const delay = error instanceof Hopeless ? null : job.retry(attempt, now - createdAt);
      const reason = reasonOf(error);
      logger.warn({ job: job.name, attempt, reason }, 'job failed');
      if (delay !== null) {
        attempted?.(job.name, 'failed');
        return { again: now + delay, attempts: attempt, error: reason };
      }
      const payload = JSON.stringify(data ?? null);
      const row = { name: job.name, lane: job.name, key: null, payload, created_at: createdAt };
      const noted = store.giveUp({ ...row, id: 0, origin: id }, attempt, reason, now);
      try {
        await database.write([noted]);
      } catch (fault) {
        logger.error({ job: job.name, err: fault }, 'what failed cannot be noted');
        return { again: now + STORAGE_PAUSE, attempts, error: reason };
      }
      attempted?.(job.name, 'given up');
      return { givenUp: reason };
    }
  }

  private async pause(time: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const end = () => {
        cancel();
        this.stopping.signal.removeEventListener('abort', end);
        resolve();
      };
      const cancel = this.around.clock.after(time, end);
      this.stopping.signal.addEventListener('abort', end);
    });
  }
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, MAX_ERROR);
}

function parse(job: Job<unknown>, data: unknown): unknown {
  const parsed = job.payload.safeParse(data);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => [...path, message].join(': '));
  throw new Hopeless(`the payload is not as it should be: ${wrong.join('; ')}`);
}
