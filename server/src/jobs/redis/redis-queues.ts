import type { Job as BullJob, JobsOptions } from 'bullmq';
import { Queue, QueueEvents, Worker } from 'bullmq';
import type { Redis } from '../../redis/redis.js';
import type { OfferedJob } from '../job.js';
import type { JobRow } from '../job-store.js';
import type { RedisTimes } from './bullmq-queue.js';

/** Lanes say how many of a job run at once; this only must not be less. */
const AT_ONCE = 10_000;
const DAY = 24 * 3600;
/** What ended in Redis and was not taken away, as after a death in between (seconds). */
const FORGOTTEN = { age: DAY, count: 100_000 };
/** Of jobs of other programs that say nothing else. */
const KEPT = { done: { age: DAY, count: 10_000 }, failed: { age: 7 * DAY, count: 10_000 } };

/** Tells every process that a job ended. Only a hint: whoever misses it finds out by looking. */
const ENDED = 'patchbay:job-ended';

interface WorkerTold {
  run(job: BullJob, token: string): Promise<unknown>;
  /** BullMQ has let go of the job. */
  ended(id: string): void;
  fault(): void;
}

interface Found {
  state: string;
  attempts: number;
  reason: string;
}

/** Queues, workers and listeners of BullMQ, one of each name; the only place that makes them. */
export class RedisQueues {
  private readonly queues = new Map<string, Queue>();
  private readonly workers: Worker[] = [];
  private readonly events: QueueEvents[] = [];

  constructor(
    private readonly redis: Redis,
    private readonly times: RedisTimes,
    private readonly fault: (error: Error) => void,
  ) {}

  /**
   * Puts a row there under an id; nothing changes when it is there already. The name within the queue
   * is the lane, so that whoever does it can look there for what comes next.
   */
  async add(row: JobRow, id: string, offered: OfferedJob<unknown> | undefined): Promise<void> {
    const options: JobsOptions = offered
      ? {
          attempts: offered.outside.attempts,
          backoff: { type: 'exponential', delay: offered.outside.firstPause },
          removeOnComplete: FORGOTTEN,
          removeOnFail: FORGOTTEN,
        }
      : { removeOnComplete: true, removeOnFail: true };
    await this.queue(row.name).add(row.lane, JSON.parse(row.payload), { jobId: id, ...options });
  }

  /** How a job is there; undefined when it is not. */
  async find(name: string, id: string): Promise<Found | undefined> {
    const queue = this.queue(name);
    const state = await queue.getJobState(id);
    if (state === 'unknown') return undefined;
    const job = state === 'failed' ? await queue.getJob(id) : undefined;
    return { state, attempts: job?.attemptsMade ?? 0, reason: job?.failedReason ?? '' };
  }

  async remove(name: string, id: string): Promise<void> {
    await this.queue(name).remove(id);
  }

  async counts(name: string): Promise<{ waiting: number; active: number; delayed: number }> {
    const counts = await this.queue(name).getJobCounts('wait', 'prioritized', 'active', 'delayed');
    const { wait = 0, prioritized = 0, active = 0, delayed = 0 } = counts;
    return { waiting: wait + prioritized, active, delayed };
  }

  work(name: string, { run, ended, fault }: WorkerTold): void {
    const worker = new Worker(name, (job, token = '') => run(job, token), {
      connection: this.redis.client,
      concurrency: AT_ONCE,
      lockDuration: this.times.lock,
      stalledInterval: this.times.lock / 4,
      // A row is not lost by having died with its worker many times.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
      removeOnComplete: KEPT.done,
      removeOnFail: KEPT.failed,
    });
    const tell = (id = '') => {
      ended(id);
      if (this.redis.connected) void this.redis.client.publish(ENDED, id).catch(this.fault);
    };
    worker.on('completed', ({ id }) => tell(id));
    worker.on('failed', (job) => tell(job?.id));
    worker.on('error', (error) => {
      this.fault(error);
      fault();
    });
    this.workers.push(worker);
  }

  /** Calls back when a job ended that another process has done. */
  hear(ended: (id: string) => void): void {
    const listener = this.redis.client.duplicate();
    listener.on('message', (_channel, id) => ended(id));
    void listener.subscribe(ENDED).catch(this.fault);
  }

  /** Calls back when a job of this name ended, whoever did it. */
  watch(name: string, ended: (id: string) => void): void {
    // Reading events blocks its connection.
    const events = new QueueEvents(name, { connection: this.redis.client.duplicate() });
    events.on('completed', ({ jobId }) => ended(jobId));
    events.on('failed', ({ jobId }) => ended(jobId));
    events.on('error', this.fault);
    this.events.push(events);
  }

  /** Takes no more jobs; resolves, while Redis is there, when those that run have ended there too. */
  async stopTaking(): Promise<void> {
    await Promise.all([...this.workers, ...this.events].map((one) => one.close()));
  }

  private queue(name: string): Queue {
    let queue = this.queues.get(name);
    if (!queue) {
      queue = new Queue(name, { connection: this.redis.client });
      queue.on('error', this.fault);
      this.queues.set(name, queue);
    }
    return queue;
  }
}
