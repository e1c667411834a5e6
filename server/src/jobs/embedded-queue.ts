import type { Logger } from 'pino';
import type { Clock } from '../clock.js';
import { systemClock } from '../clock.js';
import type { Database } from '../db/database.js';
import type { WriteStep } from '../db/write-unit.js';
import type { AddOptions, Job, JobHandler } from './job.js';
import type { AttemptResult, Handled } from './job-attempts.js';
import { JobAttempts } from './job-attempts.js';
import { JobLanes } from './job-lanes.js';
import { JobPlacement } from './job-placement.js';
import type { JobQueue, RunnerState } from './job-queue.js';
import { JobStore, laneOf } from './job-store.js';

/** The job queue without Redis: the rows of the table, run in the process that they are placed in. */
export class EmbeddedQueue implements JobQueue {
  private readonly store: JobStore;
  private readonly handled = new Map<string, Handled>();
  private readonly attempts: JobAttempts;
  private readonly lanes: JobLanes;

  constructor(
    database: Database,
    logger: Logger,
    private readonly clock: Clock = systemClock,
    attempted?: (name: string, result: AttemptResult) => void,
    private readonly placement = new JobPlacement(),
  ) {
    this.store = new JobStore(database);
    const { store } = this;
    this.attempts = new JobAttempts({
      ...{ store, database, logger, clock },
      ...(attempted && { attempted }),
    });
    this.lanes = new JobLanes({
      ...{ store, logger, clock, placement },
      lost: () => this.attempts.leave(({ ofSession }) => !ofSession),
      jobOf: (name) => this.handled.get(name)?.job,
      run: (row) => this.attempts.run(row, this.handled.get(row.name) as Handled),
    });
  }

  handle<Payload>(job: Job<Payload>, handler: JobHandler<Payload>): void {
    this.handled.set(job.name, { job, handler } as unknown as Handled);
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
    await this.lanes.start();
  }

  async stop(): Promise<void> {
    this.lanes.stop();
    await this.attempts.stop();
    await this.placement.stop();
  }

  get running(): number {
    return this.attempts.count;
  }

  async state(): Promise<RunnerState> {
    const queues = new Map(
      [...this.handled.keys()].map((name) => [
        name,
        { handedOver: 0, waiting: 0, active: 0, delayed: 0 },
      ]),
    );
    for (const [name, count] of this.lanes.underWay()) {
      queues.set(name, { handedOver: count, waiting: 0, active: count, delayed: 0 });
    }
    return { runner: 'embedded', connected: null, queues };
  }
}
