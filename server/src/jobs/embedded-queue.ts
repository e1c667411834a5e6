import type { Logger } from 'pino';
import type { Clock } from '../clock.js';
import { systemClock } from '../clock.js';
import type { Database } from '../db/database.js';
import { isStorageAway } from '../db/storage-away.js';
import type { WriteStep, WriteUnit } from '../db/write-unit.js';
import { WriteRefused } from '../db/write-unit.js';
import { within } from '../within.js';
import type { AddOptions, Job, JobHandler, JobOutcome } from './job.js';
import { Hopeless, Postponed } from './job.js';
import type { JobQueue } from './job-queue.js';
import type { JobRow } from './job-store.js';
import { JobStore, laneOf } from './job-store.js';

/** Looks at all lanes this often (ms), for hints that were lost. */
const LOOK_EVERY = 10_000;
/** Before trying again what the database refused (ms). */
const STORAGE_PAUSE = 1000;
/** So often an outcome is tried to be written before it counts as a failed attempt. */
const STORAGE_TRIES = 5;
/** What runs when the queue stops gets so long to end, and again when it was aborted (ms). */
const GRACE = 2000;
const MAX_ERROR = 500;

interface Handled {
  job: Job<unknown>;
  handler: JobHandler<unknown>;
}

/** The state of one lane while it has something to do. */
interface Lane {
  running: Map<number, AbortController>;
  looking: boolean;
  lookAgain: boolean;
  cancelTimer: (() => void) | undefined;
}

/** The job queue of one process over the table `jobs`. */
export class EmbeddedQueue implements JobQueue {
  private readonly store: JobStore;
  private readonly handled = new Map<string, Handled>();
  private readonly lanes = new Map<string, Lane>();
  private readonly attempts = new Set<Promise<void>>();
  private started = false;
  private stopped = false;
  private readonly stopping = new AbortController();
  private cancelLook: (() => void) | undefined;

  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
    private readonly clock: Clock = systemClock,
  ) {
    this.store = new JobStore(database);
  }

  handle<Payload>(job: Job<Payload>, handler: JobHandler<Payload>): void {
    this.handled.set(job.name, { job, handler } as unknown as Handled);
  }

  add<Payload>(job: Job<Payload>, payload: Payload, options: AddOptions = {}): WriteStep {
    return this.store.insert(job.name, payload, options, this.clock.now());
  }

  wake(job: { name: string }, lane?: string): void {
    if (this.started && this.handled.has(job.name))
      void this.look(laneOf(job.name, lane), job.name);
  }

  hurry(job: { name: string }, lane?: string): WriteStep {
    return this.store.hurry(laneOf(job.name, lane), this.clock.now());
  }

  async start(): Promise<void> {
    this.started = true;
    await this.lookAtAll();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.stopping.abort();
    this.cancelLook?.();
    for (const lane of this.lanes.values()) lane.cancelTimer?.();
    const ended = Promise.all(this.attempts);
    if (await within(GRACE, ended)) return;
    this.abortAll();
    await within(GRACE, ended);
  }

  private abortAll(): void {
    for (const lane of this.lanes.values()) {
      for (const running of lane.running.values()) running.abort(new Error('the server stops'));
    }
  }

  /** How many attempts are under way. */
  get running(): number {
    return this.attempts.size;
  }

  private async lookAtAll(): Promise<void> {
    try {
      for (const { lane, name } of await this.store.lanes()) {
        if (this.handled.has(name)) void this.look(lane, name);
      }
    } catch (error) {
      this.logger.error({ err: error }, 'jobs: the table cannot be read');
    }
    if (!this.stopped) {
      this.cancelLook = this.clock.after(LOOK_EVERY, () => void this.lookAtAll());
    }
  }

  /** Begins what is due in a lane, and sets the alarm for what will be. */
  private async look(name: string, jobName: string): Promise<void> {
    const lane = this.lane(name);
    lane.lookAgain = true;
    if (lane.looking) return;
    lane.looking = true;
    try {
      while (lane.lookAgain && !this.stopped) {
        lane.lookAgain = false;
        await this.begin(name, lane, this.handled.get(jobName) as Handled);
      }
    } catch (error) {
      this.logger.error({ err: error, lane: name }, 'jobs: the table cannot be read');
      this.setTimer(name, lane, jobName, this.clock.now() + STORAGE_PAUSE);
    } finally {
      lane.looking = false;
      if (lane.running.size === 0 && !lane.cancelTimer) this.lanes.delete(name);
    }
  }

  private async begin(name: string, lane: Lane, handled: Handled): Promise<void> {
    const free = handled.job.concurrency - lane.running.size;
    if (free <= 0) return;
    const now = this.clock.now();
    const due = await this.store.due(name, now, [...lane.running.keys()], free);
    if (this.stopped) return;
    for (const row of due) {
      const ending = this.attempt(row, lane, handled).finally(() => {
        this.attempts.delete(ending);
        lane.running.delete(row.id);
        if (!this.stopped) void this.look(name, handled.job.name);
      });
      this.attempts.add(ending);
    }
    if (due.length === free) return;
    const next = await this.store.nextDue(name, now);
    this.setTimer(name, lane, handled.job.name, next);
  }

  private setTimer(name: string, lane: Lane, jobName: string, at: number | undefined): void {
    lane.cancelTimer?.();
    lane.cancelTimer = undefined;
    if (at === undefined || this.stopped) return;
    lane.cancelTimer = this.clock.after(at - this.clock.now(), () => {
      lane.cancelTimer = undefined;
      void this.look(name, jobName);
    });
  }

  /** One attempt from its begin to the commit of what came of it. Never rejects. */
  private async attempt(row: JobRow, lane: Lane, { job, handler }: Handled): Promise<void> {
    const abort = new AbortController();
    lane.running.set(row.id, abort);
    const cancel = this.clock.after(job.timeout, () => {
      abort.abort(new Error(`no end within ${job.timeout / 1000} s`));
    });
    const number = row.attempts + 1;
    let payload: unknown;
    const failed = (error: unknown) => this.afterFailure(row, { job, handler }, payload, error);
    let unit: WriteUnit;
    let outcome: JobOutcome = {};
    try {
      payload = parse(job, row);
      outcome = await handler.run(payload, { number, signal: abort.signal });
      unit = [...this.store.end(row), ...(outcome.steps ?? [])];
    } catch (error) {
      if (this.stopped && abort.signal.aborted) return;
      unit = failed(error);
    } finally {
      cancel();
    }
    if ((await this.record(unit, row, failed)) === unit) outcome.committed?.();
  }

  private afterFailure(
    row: JobRow,
    { job, handler }: Handled,
    payload: unknown,
    error: unknown,
  ): WriteUnit {
    const now = this.clock.now();
    if (error instanceof Postponed) {
      const { attempts } = row;
      return [this.store.again(row, { dueAt: error.until, attempts, error: null })];
    }
    const attempt = row.attempts + 1;
    const delay = error instanceof Hopeless ? null : job.retry(attempt, now - row.created_at);
    const nextAttemptAt = delay === null ? null : now + delay;
    const text = (error instanceof Error ? error.message : String(error)).slice(0, MAX_ERROR);
    const outcome =
      nextAttemptAt === null
        ? this.store.end(row)
        : [this.store.again(row, { dueAt: nextAttemptAt, attempts: attempt, error: text })];
    if (payload === undefined || !handler.failed) {
      this.logger.error({ job: row.name, attempt, nextAttemptAt, err: error }, 'job failed');
      return outcome;
    }
    try {
      return [...outcome, ...handler.failed(payload, { error, attempt, nextAttemptAt })];
    } catch (fault) {
      this.logger.error({ job: row.name, err: fault }, 'what failed cannot be noted');
      return outcome;
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
    let outcome = unit;
    for (let tries = 0; ; ) {
      try {
        await this.database.write(outcome);
        return outcome;
      } catch (error) {
        if (error instanceof WriteRefused) return undefined;
        this.logger.error({ job: row.name, err: error }, 'jobs: an outcome cannot be written');
        if (this.stopped) return undefined;
        if (!isStorageAway(error)) tries += 1;
        if (tries === STORAGE_TRIES) outcome = failed(error);
        await this.pause(STORAGE_PAUSE);
      }
    }
  }

  private async pause(time: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const cancel = this.clock.after(time, resolve);
      this.stopping.signal.addEventListener('abort', () => {
        cancel();
        resolve();
      });
    });
  }

  private lane(name: string): Lane {
    let lane = this.lanes.get(name);
    if (!lane) {
      lane = { running: new Map(), looking: false, lookAgain: false, cancelTimer: undefined };
      this.lanes.set(name, lane);
    }
    return lane;
  }
}

function parse(job: Job<unknown>, row: JobRow): unknown {
  const parsed = job.payload.safeParse(JSON.parse(row.payload));
  if (!parsed.success) throw new Hopeless(`payload: ${parsed.error.message}`);
  return parsed.data;
}
