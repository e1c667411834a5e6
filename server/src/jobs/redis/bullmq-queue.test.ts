import { afterAll, beforeAll, describe } from 'vitest';
import { Redis } from '../../redis/redis.js';
import { databases } from '../../testing/databases.js';
import { hasRedis, TestRedis } from '../../testing/test-redis.js';
import type { JobQueue } from '../job-queue.js';
import { jobQueueContract } from '../testing/job-queue-contract.js';
import { BullMqQueue } from './bullmq-queue.js';

describe.runIf(hasRedis)('through Redis', () => {
  let server: TestRedis;
  const clients = new Map<JobQueue, Redis>();
  beforeAll(async () => {
    server = await TestRedis.start();
  });
  afterAll(() => server.stop());

  for (const name of databases) {
    jobQueueContract(name, {
      create: (database, logger, clock) => {
        const redis = new Redis(server.url, logger);
        // Short, so that the death of another is noticed soon.
        const queue = new BullMqQueue(database, redis, logger, clock, undefined, { lock: 1500 });
        clients.set(queue, redis);
        return queue;
      },
      die: async (queue) => clients.get(queue)?.close(),
      cleanUp: async () => {
        for (const redis of clients.values()) redis.close();
        clients.clear();
        await server.flush();
      },
    });
  }
});
