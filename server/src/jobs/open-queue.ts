import type { Logger } from 'pino';
import type { Audit } from '../auth/audit.js';
import type { Clock } from '../clock.js';
import type { Database } from '../db/database.js';
import type { Redis } from '../redis/redis.js';
import { EmbeddedQueue } from './embedded-queue.js';
import { FailedJobs } from './failed-jobs.js';
import type { AttemptResult } from './job-attempts.js';
import { JobCounts } from './job-counts.js';
import type { JobPlacement } from './job-placement.js';
import type { JobQueue } from './job-queue.js';
import type { BullMqQueue } from './redis/bullmq-queue.js';

interface Surroundings {
  database: Database;
  logger: Logger;
  clock: Clock;
  audit: Audit;
  placement: JobPlacement;
  attempted(name: string, result: AttemptResult): void;
}

/** The runner of jobs by configuration, and the Redis that it uses. */
interface Runner {
  jobs: JobQueue;
  /** Absent without REDIS_URL. */
  redis?: { client: Redis; jobs: BullMqQueue };
}

/** The runner, and what people see of it. */
export interface OpenedQueue extends Runner {
  failedJobs: FailedJobs;
  /** What the controllers call. */
  parts: object[];
}

export async function openQueue(
  redisUrl: string | undefined,
  around: Surroundings,
): Promise<OpenedQueue> {
  const { database, audit, clock } = around;
  const runner = await openRunner(redisUrl, around);
  const failedJobs = new FailedJobs(database, runner.jobs, audit, clock);
  const parts = [failedJobs, new JobCounts(database, runner.jobs, clock)];
  return { ...runner, failedJobs, parts };
}

/** What Redis needs is loaded only where there is one. */
async function openRunner(
  redisUrl: string | undefined,
  { database, logger, clock, attempted, placement }: Surroundings,
): Promise<Runner> {
  if (!redisUrl) {
    return { jobs: new EmbeddedQueue(database, logger, clock, attempted, placement) };
  }
  const { Redis } = await import('../redis/redis.js');
  const { BullMqQueue } = await import('./redis/bullmq-queue.js');
  const client = new Redis(redisUrl, logger);
  const jobs = new BullMqQueue(database, client, logger, clock, attempted, undefined, placement);
  return { jobs, redis: { client, jobs } };
}
