import type { JobOverview } from '@patchbay/contract';
import { sql } from 'kysely';
import type { Clock } from '../clock.js';
import type { Database } from '../db/database.js';
import type { JobQueue } from './job-queue.js';

/** How many jobs of each name there are in which state, whichever runner has them. */
export class JobCounts {
  constructor(
    private readonly database: Database,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
  ) {}

  async overview(): Promise<JobOverview> {
    const { runner, connected, queues } = await this.queue.state();
    const { kysely } = this.database;
    const later = sql<number>`sum(case when due_at > ${this.clock.now()} then 1 else 0 end)`;
    const rows = await kysely
      .selectFrom('jobs')
      .select((e) => ['name', e.fn.countAll<number>().as('all'), later.as('later')])
      .groupBy('name')
      .execute();
    const failed = await kysely
      .selectFrom('failed_jobs')
      .select((e) => ['name', e.fn.countAll<number>().as('count')])
      .groupBy('name')
      .execute();
    const ofRows = new Map(rows.map((row) => [row.name, row]));
    const ofFailed = new Map(failed.map((row) => [row.name, Number(row.count)]));
    const names = new Set([...queues.keys(), ...ofRows.keys(), ...ofFailed.keys()]);
    const counts = [...names].sort().map((name) => {
      const { all, later: delayed } = ofRows.get(name) ?? { all: 0, later: 0 };
      const there = queues.get(name) ?? { handedOver: 0, waiting: 0, active: 0, delayed: 0 };
      const here = Number(all) - Number(delayed) - there.handedOver;
      return {
        name,
        // What ends between the two looks must not show as fewer than none.
        waiting: Math.max(0, here) + there.waiting,
        active: there.active,
        delayed: Number(delayed) + there.delayed,
        failed: ofFailed.get(name) ?? 0,
      };
    });
    return { runner, connected, queues: counts };
  }
}
