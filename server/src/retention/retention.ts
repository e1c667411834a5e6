import type { Logger } from 'pino';
import type { Clock } from '../clock.js';
import type { Database } from '../db/database.js';
import type { WriteStep } from '../db/write-unit.js';
import type { Attempt, JobHandler, JobOutcome } from '../jobs/job.js';
import type { JobQueue } from '../jobs/job-queue.js';
import { retentionJob } from './retention-job.js';

const DAY = 24 * 3_600_000;
const EVERY = 3_600_000;
/** Rows that one transaction deletes; more would hold up what else is written. */
const BATCH = 500;
/** Between two batches (ms), for everybody else. */
const BREATH = 10;

/** Something that grows, and is kept for a time. */
export interface Kept {
  what: string;
  /** Undefined: for ever. */
  days: number | undefined;
  /** Deletes some of what is older than a moment; resolves with how many, 0 when none is left. */
  deleteBefore(moment: number, limit: number): Promise<number>;
}

/** Keeps the tables from growing without bound, a small batch at a time. */
export class Retention implements JobHandler<Record<string, never>> {
  constructor(
    private readonly kept: readonly Kept[],
    private readonly tools: { database: Database; queue: JobQueue; clock: Clock; logger: Logger },
  ) {
    tools.queue.handle(retentionJob, this);
  }

  /** Sees to it that there is a next time. */
  async start(): Promise<void> {
    await this.tools.database.write([this.next(BREATH)]);
    this.tools.queue.wake(retentionJob);
  }

  async run(_payload: Record<string, never>, { signal }: Attempt): Promise<JobOutcome> {
    const { clock, logger } = this.tools;
    for (const { what, days, deleteBefore } of this.kept) {
      if (days === undefined) continue;
      let deleted = 0;
      for (;;) {
        signal.throwIfAborted();
        const count = await deleteBefore(clock.now() - days * DAY, BATCH);
        if (count === 0) break;
        deleted += count;
        await new Promise((resolve) => setTimeout(resolve, BREATH));
      }
      if (deleted > 0) logger.info({ what, deleted, days }, 'deleted what is no longer kept');
    }
    return { steps: [this.next(EVERY)], committed: () => this.tools.queue.wake(retentionJob) };
  }

  private next(delay: number): WriteStep {
    const { queue, clock } = this.tools;
    return queue.add(retentionJob, {}, { unique: retentionJob.name, dueAt: clock.now() + delay });
  }
}
