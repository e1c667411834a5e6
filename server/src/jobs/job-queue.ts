import type { WriteStep } from '../db/write-unit.js';
import type { AddOptions, Job, JobHandler } from './job.js';

/** What a runner knows beside the rows. */
export interface RunnerState {
  runner: 'embedded' | 'redis';
  /** Whether Redis is there; null where none is used. */
  connected: boolean | null;
  /** By the name of the job, also of those that have no row. */
  queues: Map<string, QueueState>;
}

export interface QueueState {
  /** Rows that are handed over to be run: they are counted in the other three. */
  handedOver: number;
  waiting: number;
  active: number;
  delayed: number;
}

/**
 * Work that must happen, as rows: added in the transaction that makes it necessary, gone in the
 * transaction that says it is done. jobs/testing/job-queue-contract.ts tells what every queue keeps.
 */
export interface JobQueue {
  /** Says who does this work; before `start`. */
  handle<Payload>(job: Job<Payload>, handler: JobHandler<Payload>): void;

  /** Step: the job is there when its unit is committed. Then `wake` its lane. */
  add<Payload>(job: Job<Payload>, payload: Payload, options?: AddOptions): WriteStep;

  /** Hint: there may be something to do in this lane. A lost hint costs seconds, never a job. */
  wake(job: { name: string }, lane?: string): void;

  /** Step: what waits for its time in a lane waits no longer. Then `wake` it. */
  hurry(job: { name: string }, lane?: string): WriteStep;

  start(): Promise<void>;

  /** Begins nothing more and aborts what runs; resolves when that has ended. Rows stay. */
  stop(): Promise<void>;

  /** How many attempts are under way in this process. */
  readonly running: number;

  state(): Promise<RunnerState>;
}
