import { sql } from 'kysely';
import type { Database } from '../db/database.js';
import type { WriteStep } from '../db/write-unit.js';
import type { AddOptions } from './job.js';

/** Which jobs run beside each other: the job's name, or `<name>/<lane>`. */
export function laneOf(jobName: string, lane: string | undefined): string {
  return lane === undefined ? jobName : `${jobName}/${lane}`;
}

export interface JobRow {
  id: number;
  lane: string;
  name: string;
  key: string | null;
  payload: string;
  attempts: number;
  due_at: number;
  created_at: number;
  /** The id that it had before its row. */
  origin: string | null;
}

/** How the job of a row is called; never again for another, also if the database begins anew. */
export function rowIdOf({ id, created_at }: Pick<JobRow, 'id' | 'created_at'>): string {
  return `patchbay-${id}-${created_at}`;
}

/** The `id` that `rowIdOf` was made from; undefined for any other text. */
export function rowOfId(text: string): number | undefined {
  const id = /^patchbay-(\d+)-\d+$/.exec(text)?.[1];
  return id === undefined ? undefined : Number(id);
}

/** The id under which a handler knows the job. */
export function jobIdOf(row: Pick<JobRow, 'id' | 'origin' | 'created_at'>): string {
  return row.origin ?? rowIdOf(row);
}

const COLUMNS = [
  ...(['id', 'lane', 'name', 'key', 'payload', 'attempts', 'due_at', 'created_at'] as const),
  'origin',
] as const;

/**
 * The rows of the embedded queue. Of the jobs of one lane with one key only the oldest is not
 * `blocked`, so that looking for work never walks over the rows that stand in line behind it.
 */
export class JobStore {
  constructor(private readonly database: Database) {}

  /** Step: adds a job, unless one of the same `unique` name is there. */
  insert(
    name: string,
    payload: unknown,
    { lane, key, dueAt, unique }: AddOptions,
    now: number,
    origin: string | null = null,
  ): WriteStep {
    const fullLane = laneOf(name, lane);
    const blocked =
      key === undefined
        ? 0
        : sql<number>`(select case when exists (
            select 1 from jobs where lane = ${fullLane} and key = ${key}) then 1 else 0 end)`;
    return {
      query: this.database.kysely
        .insertInto('jobs')
        .values({
          lane: fullLane,
          name,
          key: key ?? null,
          unique_name: unique ?? null,
          payload: JSON.stringify(payload),
          blocked,
          due_at: dueAt ?? now,
          attempts: 0,
          created_at: now,
          origin,
        })
        .onConflict((c) => c.column('unique_name').doNothing()),
    };
  }

  /** What can run now, the longest due first; `except` are running. */
  async due(lane: string, now: number, except: number[], limit: number): Promise<JobRow[]> {
    let query = this.database.kysely
      .selectFrom('jobs')
      .select(COLUMNS)
      .where('lane', '=', lane)
      .where('blocked', '=', 0)
      .where('due_at', '<=', now)
      .orderBy('due_at')
      .orderBy('id')
      .limit(limit);
    if (except.length > 0) query = query.where('id', 'not in', except);
    return await query.execute();
  }

  /** A job that is due; undefined when it was done, has to wait, or stands in line. */
  async dueById(id: number, now: number): Promise<JobRow | undefined> {
    return await this.database.kysely
      .selectFrom('jobs')
      .select(COLUMNS)
      .where('id', '=', id)
      .where('blocked', '=', 0)
      .where('due_at', '<=', now)
      .executeTakeFirst();
  }

  /** When the next job of a lane becomes due that is not due yet. */
  async nextDue(lane: string, now: number): Promise<number | undefined> {
    const row = await this.database.kysely
      .selectFrom('jobs')
      .select('due_at')
      .where('lane', '=', lane)
      .where('blocked', '=', 0)
      .where('due_at', '>', now)
      .orderBy('due_at')
      .limit(1)
      .executeTakeFirst();
    return row?.due_at;
  }

  /** Every lane that has a job. */
  async lanes(): Promise<{ lane: string; name: string }[]> {
    return await this.database.kysely
      .selectFrom('jobs')
      .select(['lane', 'name'])
      .where('blocked', '=', 0)
      .groupBy(['lane', 'name'])
      .execute();
  }

  /** Steps: the job is over, and the next of its key may run. Refused when it was over before. */
  end({ id, lane, key }: JobRow): WriteStep[] {
    const { kysely } = this.database;
    const remove: WriteStep = {
      query: kysely.deleteFrom('jobs').where('id', '=', id),
      whenUnchanged: 'fail',
    };
    if (key === null) return [remove];
    const next = kysely
      .selectFrom('jobs')
      .select((e) => e.fn.min('id').as('id'))
      .where('lane', '=', lane)
      .where('key', '=', key);
    return [
      remove,
      { query: kysely.updateTable('jobs').set({ blocked: 0 }).where('id', '=', next) },
    ];
  }

  /** Step: what was given up is kept, to be seen and taken up again. */
  giveUp(
    row: Pick<JobRow, 'id' | 'origin' | 'name' | 'lane' | 'key' | 'payload' | 'created_at'>,
    attempts: number,
    reason: string,
    now: number,
  ): WriteStep {
    return {
      query: this.database.kysely.insertInto('failed_jobs').values({
        job_id: jobIdOf(row),
        name: row.name,
        lane: row.lane,
        key: row.key,
        payload: row.payload,
        attempts,
        reason,
        created_at: row.created_at,
        failed_at: now,
      }),
    };
  }

  /** Step: the job runs again later. */
  again(
    { id, attempts: before }: JobRow,
    { dueAt, attempts, error }: { dueAt: number; attempts: number; error: string | null },
  ): WriteStep {
    return {
      query: this.database.kysely
        .updateTable('jobs')
        .set({ due_at: dueAt, attempts, last_error: error })
        .where('id', '=', id)
        // Another process may have made this attempt meanwhile.
        .where('attempts', '=', before),
      whenUnchanged: 'fail',
    };
  }

  /** Step: what waits for its time in a lane is due at this moment. */
  hurry(lane: string, now: number): WriteStep {
    return {
      query: this.database.kysely
        .updateTable('jobs')
        .set({ due_at: now })
        .where('lane', '=', lane)
        .where('due_at', '>', now),
    };
  }
}
