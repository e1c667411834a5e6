import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Database } from '../../db/database.js';
import { Redis } from '../../redis/redis.js';
import { emptyDatabase, longOn } from '../../testing/databases.js';
import { eventually } from '../../testing/eventually.js';
import { hasRedis, TestRedis } from '../../testing/test-redis.js';
import type { Job } from '../job.js';
import { attempts } from '../job.js';
import { BullMqQueue } from './bullmq-queue.js';

const job: Job<{ n: number }> = {
  name: 'count',
  payload: z.object({ n: z.number() }),
  retry: attempts(3, 100),
  concurrency: 8,
  timeout: 30_000,
};
const COUNT = 60;

/** Queues over one database and one Redis, as several processes have them. */
describe.runIf(hasRedis).each(longOn('postgres'))(
  'queues of several processes on Redis and %s',
  (name) => {
    const logger = pino({ level: 'silent' });
    let server: TestRedis;
    let database: Database;
    let folder: string;
    let drop: () => Promise<void>;
    const open: { queue: BullMqQueue; redis: Redis; ran: number[] }[] = [];

    /** A process whose work takes a moment, as work does. */
    const start = async () => {
      const redis = new Redis(server.url, logger);
      const queue = new BullMqQueue(database, redis, logger, undefined, undefined, { lock: 1500 });
      const ran: number[] = [];
      queue.handle(job, {
        run: async ({ n }) => {
          ran.push(n);
          await new Promise((resolve) => setTimeout(resolve, 5));
          const done = { key: `done ${n}`, value: 'yes' };
          return { steps: [{ query: database.kysely.insertInto('settings').values(done) }] };
        },
      });
      open.push({ queue, redis, ran });
      await queue.start();
      return { queue, redis, ran };
    };
    const add = async (queue: BullMqQueue) => {
      const numbers = Array.from({ length: COUNT }, (_, n) => n);
      await database.write(numbers.map((n) => queue.add(job, { n })));
      queue.wake(job);
    };
    const empty = () =>
      eventually('no job is left', async () => {
        const rows = await database.kysely.selectFrom('jobs').select('id').execute();
        return rows.length === 0 || undefined;
      });
    const done = async () =>
      (await database.kysely.selectFrom('settings').select('key').execute()).length;

    beforeEach(async () => {
      const created = await emptyDatabase(name);
      ({ drop } = created);
      folder = mkdtempSync(join(tmpdir(), 'patchbay-jobs-'));
      database = await Database.open({ url: created.url, storageRoot: folder, logger });
      server = await TestRedis.start();
    });
    afterEach(async () => {
      for (const { queue, redis } of open.splice(0)) {
        await queue.stop();
        redis.close();
      }
      await database.close();
      await drop();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    it('share the work, and each job is done once', async () => {
      const [one, two] = [await start(), await start()];
      await add(one.queue);
      await empty();
      expect([...one.ran, ...two.ran].sort((a, b) => a - b)).toEqual(
        Array.from({ length: COUNT }, (_, n) => n),
      );
      expect(one.ran.length).toBeGreaterThan(0);
      expect(two.ran.length).toBeGreaterThan(0);
    });

    it('one that dies leaves its work to the other', async () => {
      const [one, two] = [await start(), await start()];
      await add(one.queue);
      await eventually('some are done', () => one.ran.length > 5 || undefined);
      one.redis.close();
      await one.queue.stop();
      await empty();
      expect(await done()).toBe(COUNT);
      expect(two.ran.length).toBeGreaterThan(0);
    });

    it('begin without Redis, end without it, and go on when it is there', async () => {
      await server.kill();
      const one = await start();
      await add(one.queue);
      expect(await one.queue.state()).toMatchObject({ connected: false });
      const before = performance.now();
      await one.queue.stop();
      expect(performance.now() - before).toBeLessThan(5000);
      one.redis.close();
      const two = await start();
      await server.start();
      await empty();
      expect(await done()).toBe(COUNT);
      expect(two.ran).toHaveLength(COUNT);
    });

    it('lose nothing when Redis is emptied again and again', async () => {
      const [one] = [await start(), await start()];
      await add(one.queue);
      for (let round = 0; round < 3; round += 1) {
        const at = await done();
        await server.flush();
        await eventually('it goes on', async () => (await done()) > at || undefined);
        if ((await done()) >= COUNT - 20) break;
      }
      await empty();
      expect(await done()).toBe(COUNT);
    });
  },
);
