import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Clock } from '../../clock.js';
import { Database } from '../../db/database.js';
import type { WriteStep } from '../../db/write-unit.js';
import { WriteRefused } from '../../db/write-unit.js';
import type { DatabaseName } from '../../testing/databases.js';
import { emptyDatabase, takeStorageAway } from '../../testing/databases.js';
import { eventually } from '../../testing/eventually.js';
import { ManualClock } from '../../testing/manual-clock.js';
import type { Failure, Job } from '../job.js';
import { backoff, Hopeless, Postponed } from '../job.js';
import type { JobQueue } from '../job-queue.js';

/** A kind of queue, and what it needs around it. */
export interface QueueKind {
  create(database: Database, logger: Logger, clock: Clock): JobQueue;
  /** The process of a queue dies, as far as others can tell. */
  die?(queue: JobQueue): Promise<void>;
  /** After each test. */
  cleanUp?(): Promise<void>;
}

const MINUTE = 60_000;
const job: Job<{ n: number }> = {
  name: 'count',
  payload: z.object({ n: z.number() }),
  retry: backoff({ first: 1000, longest: 60_000, giveUpAfter: 10 * MINUTE }, () => 1),
  concurrency: 2,
  timeout: 30_000,
};

const untilAborted = (_n: number, signal: AbortSignal): Promise<void> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });

/** What every job queue keeps, whatever it is made of. */
export function jobQueueContract(databaseName: DatabaseName, kind: QueueKind): void {
  describe(`a job queue on ${databaseName}`, () => {
    const logger = pino({ level: 'silent' });
    let database: Database;
    let folder: string;
    let url: string | undefined;
    let drop: () => Promise<void>;
    let clock: ManualClock;
    let queue: JobQueue;
    let ran: number[];
    let failures: (Failure & { n: number })[];
    let work: (n: number, signal: AbortSignal) => Promise<void>;

    /** A setting that the handler writes: stands for what the work does in the database. */
    let mark: (n: number) => WriteStep;
    const marks = async () =>
      (await database.kysely.selectFrom('settings').select('key').orderBy('key').execute()).map(
        ({ key }) => key,
      );
    const handle = (on: JobQueue) =>
      on.handle(job, {
        run: async ({ n }, { signal }) => {
          ran.push(n);
          await work(n, signal);
          return { steps: [mark(n)] };
        },
        failed: ({ n }, failure) => {
          failures.push({ n, ...failure });
          return [];
        },
      });
    const add = async (n: number, options: Parameters<JobQueue['add']>[2] = {}) => {
      await database.write([queue.add(job, { n }, options)]);
      queue.wake(job, options.lane);
    };
    const until = (what: string, holds: () => boolean) =>
      eventually(what, () => holds() || undefined);
    /** Until nothing is left to do. */
    const empty = () =>
      eventually('no job is left', async () => {
        const rows = await database.kysely.selectFrom('jobs').select('id').execute();
        return rows.length === 0 || undefined;
      });

    beforeEach(async () => {
      const created = await emptyDatabase(databaseName);
      ({ drop, url } = created);
      folder = mkdtempSync(join(tmpdir(), 'patchbay-jobs-'));
      database = await Database.open({ url: created.url, storageRoot: folder, logger });
      clock = new ManualClock();
      ran = [];
      failures = [];
      mark = (n) => ({
        query: database.kysely.insertInto('settings').values({ key: `done ${n}`, value: 'yes' }),
      });
      work = async () => undefined;
      queue = kind.create(database, logger, clock);
      handle(queue);
      await queue.start();
    });
    afterEach(async () => {
      await queue.stop();
      await kind.cleanUp?.();
      await database.close();
      await drop();
      rmSync(folder, { recursive: true, force: true });
    });

    it('does what is added, and writes what came of it with the end of the job', async () => {
      await add(1);
      await add(2);
      await empty();
      expect(ran.sort()).toEqual([1, 2]);
      expect(await marks()).toEqual(['done 1', 'done 2']);
    });

    it('knows nothing of a job whose unit was refused', async () => {
      const refused = database.kysely.deleteFrom('settings').where('key', '=', 'missing');
      const unit = [queue.add(job, { n: 1 }), { query: refused, whenUnchanged: 'fail' as const }];
      await expect(database.write(unit)).rejects.toBeInstanceOf(WriteRefused);
      queue.wake(job);
      await add(2);
      await empty();
      expect(ran).toEqual([2]);
    });

    it('keeps the order of a key, through failures, while other keys go on', async () => {
      let down = true;
      work = async (n) => {
        if (down && n === 1) throw new Error('down');
      };
      for (const n of [1, 2, 3]) await add(n, { key: 'a' });
      for (const n of [11, 12]) await add(n, { key: 'b' });
      await until('the other key is done', () => ran.includes(12));
      expect(ran.filter((n) => n > 10)).toEqual([11, 12]);
      await until('the first failure is noted', () => failures.length === 1);
      expect(ran).not.toContain(2);
      down = false;
      await moveUntil('all is done', () => ran.includes(3));
      expect(ran.filter((n) => n < 10)).toEqual([1, 1, 2, 3]);
      await empty();
    });

    it('tries again with growing pauses, gives up, and lets the next of the key go', async () => {
      work = async (n) => {
        if (n === 1) throw new Error('never');
      };
      await add(1, { key: 'a' });
      await add(2, { key: 'a' });
      for (let noted = 0; !ran.includes(2); noted += 1) {
        await eventually('the next attempt', () => {
          clock.advance(0);
          return failures.length > noted || ran.includes(2) || undefined;
        });
        const next = failures[noted]?.nextAttemptAt;
        if (next) clock.advance(next - clock.now());
      }
      const pauses = ran.filter((n) => n === 1).length;
      expect(failures.map(({ attempt }) => attempt)).toEqual(failures.map((_, i) => i + 1));
      expect(failures.slice(0, -1).every(({ nextAttemptAt }) => nextAttemptAt !== null)).toBe(true);
      expect(failures.at(-1)?.nextAttemptAt).toBeNull();
      // After 1, 2, 4, 8, 16, 32 s, then each minute while the ten minutes last.
      expect(pauses).toBe(1 + 6 + 8);
      await empty();
      expect(await marks()).toEqual(['done 2']);
    });

    it('does not repeat what is hopeless', async () => {
      work = async () => {
        throw new Hopeless('no such thing');
      };
      await add(1);
      await empty();
      expect(failures).toMatchObject([{ n: 1, attempt: 1, nextAttemptAt: null }]);
    });

    it('runs so many of a lane at once and lets no lane wait for another', async () => {
      const stuck: (() => void)[] = [];
      work = (n) => (n < 10 ? new Promise((resolve) => stuck.push(resolve)) : Promise.resolve());
      for (const n of [1, 2, 3]) await add(n, { lane: 'slow' });
      await until('two of them run', () => stuck.length === 2);
      await add(10, { lane: 'quick' });
      await until('the other lane is done', () => ran.includes(10));
      expect(stuck.length).toBe(2);
      stuck[0]?.();
      await until('the third runs', () => stuck.length === 3);
      for (const resolve of stuck) resolve();
      await empty();
    });

    it('begins nothing before its time', async () => {
      await add(1, { dueAt: clock.now() + MINUTE });
      await add(2);
      await until('the second ran', () => ran.length === 1);
      clock.advance(MINUTE - 1);
      await add(3);
      await until('the third ran', () => ran.includes(3));
      expect(ran).toEqual([2, 3]);
      clock.advance(1);
      await until('the first ran', () => ran.includes(1));
      await empty();
    });

    it('hurries what waits', async () => {
      await add(1, { lane: 'x', dueAt: clock.now() + MINUTE });
      await add(2, { dueAt: clock.now() + MINUTE });
      await database.write([queue.hurry(job, 'x')]);
      queue.wake(job, 'x');
      await until('it ran', () => ran.length === 1);
      expect(ran).toEqual([1]);
    });

    it('does not count an attempt that was postponed', async () => {
      let ready = false;
      work = async () => {
        if (!ready) throw new Postponed(clock.now() + MINUTE);
      };
      await add(1);
      await until('it was postponed', () => ran.length === 1);
      await eventually('the row says so', async () => {
        const row = await database.kysely.selectFrom('jobs').selectAll().executeTakeFirst();
        return row && row.due_at > clock.now() ? true : undefined;
      });
      ready = true;
      clock.advance(MINUTE);
      await empty();
      expect(failures).toEqual([]);
    });

    it('adds a job of one name once', async () => {
      const later = { unique: 'the one', dueAt: clock.now() + MINUTE };
      await add(1, later);
      await add(2, later);
      await moveUntil('it ran', () => ran.length > 0);
      await empty();
      expect(ran).toEqual([1]);
      await add(3, { unique: 'the one' });
      await empty();
      expect(ran).toEqual([1, 3]);
    });

    it('aborts what takes too long', async () => {
      work = untilAborted;
      await add(1);
      await until('it runs', () => ran.length === 1);
      clock.advance(29_999);
      expect(failures).toEqual([]);
      clock.advance(1);
      await until('it failed', () => failures.length === 1);
      expect(String(failures[0]?.error)).toContain('30 s');
    });

    it('finds by itself what nobody told it of', async () => {
      await database.write([queue.add(job, { n: 1 }, { lane: 'unheard' })]);
      await moveUntil('it ran', () => ran.length === 1);
      await empty();
    });

    it('goes on where another left off', async () => {
      work = untilAborted;
      await add(1, { key: 'a' });
      await add(2, { key: 'a' });
      await until('the first runs', () => ran.length === 1);
      // As after a death: the first queue never comes back to its job.
      work = async () => undefined;
      await kind.die?.(queue);
      const next = kind.create(database, logger, clock);
      handle(next);
      await next.start();
      await empty();
      expect(ran).toEqual([1, 1, 2]);
      await next.stop();
    });

    it('treats an outcome that cannot be written as a failure, without doing the work again', async () => {
      await database.write([mark(1)]);
      await add(1);
      await moveUntil('it failed', () => failures.length === 1);
      expect(ran).toEqual([1]);
      await database.write([
        { query: database.kysely.deleteFrom('settings').where('key', '=', 'done 1') },
      ]);
      await moveUntil('it ran again', () => ran.length === 2);
      await empty();
    });

    it('keeps what was done until the storage is back, however long that takes', async () => {
      // More than fits into the free space of a page.
      const long = { key: 'done 1', value: 'x'.repeat(9000) };
      mark = () => ({ query: database.kysely.insertInto('settings').values(long) });
      let bringBack: (() => Promise<void>) | undefined;
      const begun = clock.now();
      work = async () => {
        bringBack = await takeStorageAway(database, url);
      };
      await add(1);
      await moveUntil('a long time', () => bringBack && clock.now() > begun + MINUTE);
      if (!url) expect(await marks()).toEqual([]);
      await bringBack?.();
      await moveUntil('it is noted', async () => (await marks()).length === 1);
      await empty();
      expect([ran, failures]).toEqual([[1], []]);
    });

    /** Moves the clock from alarm to alarm until the condition holds. */
    async function moveUntil(
      what: string,
      holds: () => boolean | undefined | Promise<boolean>,
    ): Promise<void> {
      await eventually(
        what,
        async () => {
          if (await holds()) return true;
          clock.advance((clock.next ?? clock.now()) - clock.now());
          return undefined;
        },
        15_000,
      );
    }
  });
}
