import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CrashPoint } from '../../crash-point.js';
import { emptyDatabase, longOn } from '../../testing/databases.js';
import { eventually } from '../../testing/eventually.js';
import { ExampleProgram } from '../../testing/example-program.js';
import { TestProcess } from '../../testing/processes.js';
import { RemoteApi } from '../../testing/test-api.js';
import { hasRedis, TestRedis } from '../../testing/test-redis.js';
import { TestSandbox } from '../../testing/test-sandbox.js';
import { environmentFor } from '../../testing/test-server.js';
import { Talk } from './testing/talk.js';

/** The server as a process of its own, killed while a user's program works with its queues. */
describe.runIf(hasRedis).each(longOn('sqlite'))('queues of a killed server, on %s', (name) => {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-queues-'));
  let database: Awaited<ReturnType<typeof emptyDatabase>>;
  let redis: TestRedis;
  let sandbox: TestSandbox;
  let process: TestProcess;
  let program: ExampleProgram;
  let talk: Talk;
  let listener: Redis;
  /** Ids of the events that were published on channels. */
  const heard: string[] = [];

  const start = async (environment: Record<string, string> = {}) => {
    const started = await TestProcess.start('server', {
      ...environmentFor(sandbox.address, join(folder, 'server')),
      ...(database.url && { DATABASE_URL: database.url }),
      REDIS_URL: redis.url,
      ...environment,
    });
    process = started.process;
    return new RemoteApi(started.url);
  };

  beforeAll(async () => {
    database = await emptyDatabase(name);
    redis = await TestRedis.start();
    sandbox = await TestSandbox.start();
    listener = new Redis(redis.url, { maxRetriesPerRequest: null });
    listener.on('error', () => undefined);
    listener.on('pmessage', (_pattern, _channel, text) => heard.push(JSON.parse(text).id));
    await listener.psubscribe('wa:msg:*');
    talk = await Talk.between(sandbox, 3);
    const server = await start();
    await server.linked(sandbox, 'main', talk.own);
    program = ExampleProgram.start('queue-worker', [], { REDIS_URL: redis.url });
    await program.prints(/waiting for messages/);
  }, 60_000);
  afterAll(async () => {
    listener.disconnect();
    await program.kill();
    await process.kill();
    await sandbox.stop();
    await redis.stop();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each<[string, () => Promise<void>]>([
    ['at once', async () => undefined],
    [
      'and Redis too, which comes back with nothing',
      async () => {
        await redis.kill();
        await redis.start();
      },
    ],
  ])(
    'in the middle of traffic, %s: each message is answered once',
    async (what, beside) => {
      await talk.say(what, 4, async () => {
        await process.kill();
        await beside();
      });
      await start();
      await talk.expectAnswers(what, 4);
    },
    90_000,
  );

  it.each<CrashPoint>(['before-cursor-advance', 'after-accept'])(
    'at the moment %s: each message is answered once',
    async (point) => {
      await process.kill();
      await start({ PATCHBAY_CRASH_AT: `${point}:2` });
      await talk.say(point, 2);
      await eventually('it died', () => process.printed.includes('crash point') || undefined);
      await start();
      await talk.expectAnswers(point, 2);
    },
    90_000,
  );

  it('through all of it nothing was published twice on the channels', async () => {
    const before = heard.length;
    await talk.say('published', 1);
    await eventually('it is heard', () => heard.length > before || undefined);
    expect(heard.filter((id, at) => heard.indexOf(id) !== at)).toEqual([]);
  });
});
