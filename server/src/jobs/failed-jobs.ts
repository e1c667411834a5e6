import type { FailedJob } from '@patchbay/contract';
import type { Selectable } from 'kysely';
import type { Audit } from '../auth/audit.js';
import type { Actor } from '../auth/principal.js';
import type { Clock } from '../clock.js';
import type { Database } from '../db/database.js';
import type { Schema } from '../db/schema.js';
import type { WriteStep } from '../db/write-unit.js';
import { ApiError } from '../http/api-error.js';
import type { JobQueue } from './job-queue.js';
import { JobStore } from './job-store.js';

type FailedRow = Selectable<Schema['failed_jobs']>;

/** Jobs that one transaction takes up again. */
const AT_ONCE = 200;

/** Jobs that were given up: seen, and taken up again under the id that they had. */
export class FailedJobs {
  private readonly store: JobStore;

  constructor(
    private readonly database: Database,
    private readonly queue: JobQueue,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {
    this.store = new JobStore(database);
  }

  /** Newest first, before a number. */
  async list(name: string | undefined, limit: number, before: number): Promise<FailedJob[]> {
    const rows = await this.database.kysely
      .selectFrom('failed_jobs')
      .selectAll()
      .where('number', '<', before)
      .$if(name !== undefined, (all) => all.where('name', '=', name ?? ''))
      .orderBy('number', 'desc')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      number: row.number,
      jobId: row.job_id,
      queue: row.name,
      attempts: row.attempts,
      reason: row.reason,
      createdAt: new Date(row.created_at).toISOString(),
      failedAt: new Date(row.failed_at).toISOString(),
    }));
  }

  /** Takes up one; throws `job_not_found`, also when somebody else was quicker. */
  async retry(actor: Actor, number: number): Promise<void> {
    const row = await this.database.kysely
      .selectFrom('failed_jobs')
      .selectAll()
      .where('number', '=', number)
      .executeTakeFirst();
    if (!row || !(await this.takeUp(actor, [row]))) throw new ApiError('job_not_found');
  }

  /** Takes up all of a name, or all; resolves with how many. Those that fail meanwhile stay. */
  async retryAll(actor: Actor, name: string | undefined): Promise<number> {
    const [newest] = await this.list(name, 1, Number.MAX_SAFE_INTEGER);
    let taken = 0;
    for (let after = 0; newest; ) {
      const rows = await this.database.kysely
        .selectFrom('failed_jobs')
        .selectAll()
        .where('number', '>', after)
        .where('number', '<=', newest.number)
        .$if(name !== undefined, (all) => all.where('name', '=', name ?? ''))
        .orderBy('number')
        .limit(AT_ONCE)
        .execute();
      const last = rows.at(-1);
      if (!last) break;
      after = last.number;
      if (await this.takeUp(actor, rows, name)) taken += rows.length;
    }
    return taken;
  }

  /** Deletes the oldest; see `retention/`. */
  async deleteBefore(moment: number, limit: number): Promise<number> {
    const { kysely } = this.database;
    const old = kysely
      .selectFrom('failed_jobs')
      .select('number')
      .where('failed_at', '<', moment)
      .orderBy('failed_at')
      .limit(limit);
    const query = kysely.deleteFrom('failed_jobs').where('number', 'in', old);
    const { changes } = await this.database.write([{ query }]);
    return changes[0] ?? 0;
  }

  /** False when one of them is no longer there: then nothing was done. */
  private async takeUp(actor: Actor, rows: FailedRow[], name?: string): Promise<boolean> {
    const now = this.clock.now();
    const said = { jobs: rows.length };
    const target = rows.length === 1 ? (rows[0]?.job_id ?? null) : (name ?? null);
    const { applied } = await this.database.write([
      ...rows.flatMap((row): WriteStep[] => [
        {
          query: this.database.kysely.deleteFrom('failed_jobs').where('number', '=', row.number),
          whenUnchanged: 'stop',
        },
        this.store.insert(row.name, JSON.parse(row.payload), placeOf(row), now, row.job_id),
      ]),
      this.audit.step(actor, 'jobs.retried', target, said),
    ]);
    for (const row of rows) this.queue.wake(row, placeOf(row).lane);
    return applied;
  }
}

/** Where it stood in line. */
function placeOf({ name, lane, key }: FailedRow): { lane?: string; key?: string } {
  return {
    ...(lane !== name && { lane: lane.slice(name.length + 1) }),
    ...(key !== null && { key }),
  };
}
