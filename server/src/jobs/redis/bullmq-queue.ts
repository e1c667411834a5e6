import type { Job as BullJob } from 'bullmq';
import type { Logger } from 'pino';
import type { Clock } from '../../clock.js';
import { systemClock } from '../../clock.js';
import type { Database } from '../../db/database.js';
import type { WriteStep } from '../../db/write-unit.js';
import type { Redis } from '../../redis/redis.js';
import { within } from '../../within.js';
import type { AddOptions, Job, JobHandler, OfferedJob } from '../job.js';
import type { AttemptResult, Handled } from '../job-attempts.js';
import { JobAttempts } from '../job-attempts.js';
import { JobLanes } from '../job-lanes.js';
import { JobPlacement } from '../job-placement.js';
import type { JobQueue, QueueState, RunnerState } from '../job-queue.js';
import type { JobRow } from '../job-store.js';
import { JobStore, laneOf, rowIdOf, rowOfId } from '../job-store.js';
import { doOutsideJob } from './outside-jobs.js';
import { RedisQueues } from './redis-queues.js';

/** So often (ms) what was handed over is looked for in Redis. */
const LOOK_EVERY = 5000;
/** Before trying again what Redis refused (ms). */
const PAUSE = 1000;
/** The answer to a person does not wait longer for Redis (ms). */
const COUNT_WITHIN = 1000;

export interface RedisTimes {
  /** A worker that died is noticed after this (ms). */
  lock: number;
}

interface HandedOver {
  row: JobRow;
  /** Redis has it, or had it. */
  added: boolean;
  back(): void;
}

/**
 * The job queue of any number of processes: the rows of the table, run through BullMQ. A row that is
 * due is put into Redis under its id and stays until its work is noted, so a Redis that was away or
 * comes back empty gets it again. Pauses, order and lanes are those of the rows.
 */
export class BullMqQueue implements JobQueue {
  private readonly store: JobStore;
  private readonly handled = new Map<string, Handled>();
  private readonly offered = new Map<string, OfferedJob<unknown>>();
  private readonly attempts: JobAttempts;
  private readonly lanes: JobLanes;
  private readonly queues: RedisQueues;
  private readonly handedOver = new Map<string, HandedOver>();
  private looking = false;
  private stopped = false;
  private cancelLook: (() => void) | undefined;
  private readonly freed: (() => void)[] = [];

  constructor(
    private readonly database: Database,
    private readonly redis: Redis,
    private readonly logger: Logger,
    private readonly clock: Clock = systemClock,
    private readonly attempted: (name: string, result: AttemptResult) => void = () => {},
    times: RedisTimes = { lock: 5000 },
    private readonly placement = new JobPlacement(),
  ) {
    this.store = new JobStore(database);
    const { store } = this;
    this.attempts = new JobAttempts({ store, database, logger, clock, attempted });
    this.lanes = new JobLanes({
      ...{ store, logger, clock, placement },
      jobOf: (name) => this.handled.get(name)?.job ?? this.offered.get(name),
      run: (row) => this.run(row),
      // What was handed over is done once by Redis, whoever has put it there.
      lost: () => undefined,
    });
    this.queues = new RedisQueues(redis, times, (error) => this.fault(error));
  }

  handle<Payload>(job: Job<Payload>, handler: JobHandler<Payload>): void {
    this.handled.set(job.name, { job, handler } as unknown as Handled);
  }

  /** Leaves a job to programs of users; `freed` is called when one was done. Before `start`. */
  offer<Payload>(job: OfferedJob<Payload>, freed: () => void): void {
    this.offered.set(job.name, job as OfferedJob<unknown>);
    this.freed.push(freed);
  }

  add<Payload>(job: Job<Payload>, payload: Payload, options: AddOptions = {}): WriteStep {
    return this.store.insert(job.name, payload, options, this.clock.now());
  }

  wake(job: { name: string }, lane?: string): void {
    this.lanes.wake(job.name, lane);
  }

  hurry(job: { name: string }, lane?: string): WriteStep {
    return this.store.hurry(laneOf(job.name, lane), this.clock.now());
  }

  async start(): Promise<void> {
    for (const handled of this.handled.values()) {
      if (handled.job.ofSession || !this.placement.works) continue;
      this.queues.work(handled.job.name, {
        run: (job, token) => this.work(job, token, handled),
        ended: (id) => this.back(id),
        fault: () => void this.lookInRedis(),
      });
    }
    for (const name of this.offered.keys()) {
      this.queues.watch(name, (id) => void this.lookAt(id));
    }
    this.queues.hear((id) => this.back(id));
    this.redis.onReady(() => void this.lookInRedis());
    this.lookLater();
    await this.lanes.start();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.lanes.stop();
    this.cancelLook?.();
    const closing = this.queues.stopTaking();
    await this.attempts.stop();
    await within(PAUSE, closing);
    await this.placement.stop();
    for (const id of [...this.handedOver.keys()]) this.back(id);
  }

  get running(): number {
    return this.attempts.count;
  }

  async state(): Promise<RunnerState> {
    const { connected } = this.redis;
    const underWay = this.lanes.underWay();
    const names = [...this.handled.keys(), ...this.offered.keys()];
    const queues = new Map<string, QueueState>();
    const count = async (name: string) => {
      const none = { waiting: 0, active: 0, delayed: 0 };
      queues.set(name, { handedOver: 0, ...none });
      const counts = await this.queues.counts(name);
      queues.set(name, { handedOver: underWay.get(name) ?? 0, ...counts });
    };
    const counted = connected ? Promise.all(names.map(count)) : Promise.resolve();
    await within(COUNT_WITHIN, counted);
    for (const name of names) {
      if (!queues.has(name)) {
        queues.set(name, { handedOver: 0, waiting: 0, active: 0, delayed: 0 });
      }
    }
    return { runner: 'redis', connected, queues };
  }

  /** What needs the session that runs here is not for others to take. */
  private async run(row: JobRow): Promise<void> {
    const handled = this.handled.get(row.name);
    if (handled?.job.ofSession) await this.attempts.run(row, handled);
    else await this.handOver(row);
  }

  /** Puts a row into Redis; resolves when it came back from there or is gone. */
  private async handOver(row: JobRow): Promise<void> {
    const id = rowIdOf(row);
    let entry: HandedOver | undefined;
    const back = new Promise<void>((resolve) => {
      entry = { row, added: false, back: resolve };
      this.handedOver.set(id, entry);
    });
    try {
      await this.queues.add(row, id, this.offered.get(row.name));
      if (entry) entry.added = true;
      // It may have been there before, and ended while nobody looked.
      if (this.offered.has(row.name)) await this.lookAt(id);
    } catch (error) {
      this.fault(error);
      if (!this.stopped) await new Promise<void>((again) => this.clock.after(PAUSE, again));
      this.back(id);
    }
    await back;
  }

  private back(id: string): void {
    this.handedOver.get(id)?.back();
    this.handedOver.delete(id);
  }

  private async work(job: BullJob, token: string, handled: Handled): Promise<unknown> {
    const rowId = rowOfId(job.id ?? '');
    if (rowId === undefined) return await doOutsideJob(job, token, handled, this.attempts);
    const row = await this.store.dueById(rowId, this.clock.now());
    // Otherwise it was done by somebody else, or its time is later.
    if (row && rowIdOf(row) === job.id) await this.attempts.run(row, handled);
    // Whoever handed it over may be dead; what comes after it must not wait for that.
    const { name } = handled.job;
    if (!this.handedOver.has(job.id ?? '')) this.lanes.goOn({ name, lane: job.name });
    return null;
  }

  private lookLater(): void {
    if (this.stopped) return;
    this.cancelLook = this.clock.after(LOOK_EVERY, () => {
      void this.lookInRedis().finally(() => this.lookLater());
    });
  }

  /** What Redis has lost is put there again; what ended there unnoticed is noted. */
  private async lookInRedis(): Promise<void> {
    if (this.looking || this.stopped) return;
    this.looking = true;
    try {
      await Promise.all([...this.handedOver.keys()].map((id) => this.lookAt(id)));
    } finally {
      this.looking = false;
    }
  }

  private async lookAt(id: string): Promise<void> {
    const entry = this.handedOver.get(id);
    if (!entry?.added || this.stopped) return;
    const { row } = entry;
    try {
      const found = await this.queues.find(row.name, id);
      if (!found) return this.back(id);
      if (!this.offered.has(row.name)) return;
      if (found.state === 'completed') await this.settle(row, id, this.store.end(row), 'done');
      if (found.state !== 'failed') return;
      const { attempts, reason } = found;
      const failed = this.store.giveUp(row, attempts, reason, this.clock.now());
      await this.settle(row, id, [...this.store.end(row), failed], 'given up');
    } catch (error) {
      this.fault(error);
    }
  }

  /** Errors of Redis carry the command with all that was to be stored: only their text is told. */
  private fault(error: unknown): void {
    if (this.stopped) return;
    const reason = error instanceof Error ? error.message : String(error);
    this.logger.debug({ reason }, 'jobs: Redis did not do as it was asked');
  }

  /** A user's program has done it, or failed for good: the row goes, and then the job in Redis. */
  private async settle(
    row: JobRow,
    id: string,
    unit: WriteStep[],
    result: AttemptResult,
  ): Promise<void> {
    await this.database.write(unit);
    this.attempted(row.name, result);
    await this.queues.remove(row.name, id);
    this.back(id);
    for (const freed of this.freed) freed();
  }
}
