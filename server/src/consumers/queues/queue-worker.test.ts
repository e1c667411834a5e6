import type { FailedJobPage, JobOverview } from '@patchbay/contract';
import { Queue, QueueEvents } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { longOn } from '../../testing/databases.js';
import { eventually } from '../../testing/eventually.js';
import { ExampleProgram } from '../../testing/example-program.js';
import { hasRedis, TestRedis } from '../../testing/test-redis.js';
import { TestSandbox } from '../../testing/test-sandbox.js';
import { TestServer } from '../../testing/test-server.js';
import { Talk } from './testing/talk.js';

const QUEUE = 'whatsapp-qr-send';

/** A user's program in a process of its own, with BullMQ only. */
describe.runIf(hasRedis).each(longOn('sqlite'))('a worker of a user, on %s', (database) => {
  let redis: TestRedis;
  let sandbox: TestSandbox;
  let server: TestServer;
  let program: ExampleProgram;
  let connection: Redis;
  let outgoing: Queue;
  let ended: QueueEvents;
  let talk: Talk;

  beforeAll(async () => {
    redis = await TestRedis.start();
    sandbox = await TestSandbox.start();
    const environment = { REDIS_URL: redis.url };
    server = await TestServer.start(sandbox, { database, environment });
    talk = await Talk.between(sandbox, 3);
    await server.linked(sandbox, 'main', talk.own);
    connection = new Redis(redis.url, { maxRetriesPerRequest: null });
    outgoing = new Queue(QUEUE, { connection });
    ended = new QueueEvents(QUEUE, { connection: { url: redis.url } });
    connection.on('error', () => undefined);
    outgoing.on('error', () => undefined);
    ended.on('error', () => undefined);
    await ended.waitUntilReady();
    program = ExampleProgram.start('queue-worker', [], { REDIS_URL: redis.url });
    await program.prints(/waiting for messages/);
  }, 60_000);
  afterAll(async () => {
    await program.kill();
    await outgoing.close();
    await ended.close();
    connection.disconnect();
    await server.stop();
    await sandbox.stop();
    await redis.stop();
  });

  const nothingLeft = () =>
    eventually('no job is left', async () => {
      const { body } = await server.call<JobOverview>('GET', '/api/jobs');
      const open = body.queues.filter(({ name }) => name === QUEUE || name === 'incoming-messages');
      return open.every(({ waiting, active, delayed }) => waiting + active + delayed === 0)
        ? body
        : undefined;
    });

  it('answers each message once, in the order of its chat', async () => {
    await talk.say('first', 4);
    await talk.expectAnswers('first', 4);
    expect(await nothingLeft()).toMatchObject({ runner: 'redis', connected: true });
  });

  it('also when Redis is emptied in the middle of it', async () => {
    await talk.say('emptied', 6, () => redis.flush());
    await talk.expectAnswers('emptied', 6);
    await nothingLeft();
  }, 90_000);

  it('also when Redis dies and comes back with nothing', async () => {
    await talk.say('away', 6, () => redis.kill());
    await redis.start();
    await talk.expectAnswers('away', 6);
    await nothingLeft();
  }, 90_000);

  it('also what waits there when it is emptied', async () => {
    await program.kill();
    await talk.say('waiting', 2);
    await eventually('it waits in Redis', async () => {
      const { body } = await server.call<JobOverview>('GET', '/api/jobs');
      const queue = body.queues.find(({ name }) => name === 'incoming-messages');
      return queue?.waiting === 2 * talk.others.length ? true : undefined;
    });
    await redis.flush();
    program = ExampleProgram.start('queue-worker', [], { REDIS_URL: redis.url });
    await talk.expectAnswers('waiting', 2);
    await nothingLeft();
  }, 60_000);

  it('sends what a program adds, and a job that is delivered again only once', async () => {
    const [chatId = ''] = talk.others;
    const send = async (id: string, data: object) => {
      const job = await outgoing.add('mine', data, { jobId: id });
      return (await job.waitUntilFinished(ended, 20_000)) as { messageId: string };
    };
    const first = await send('my-one', { sessionId: 'main', chatId, text: 'added once' });
    await outgoing.remove('my-one');
    const again = await send('my-one', { sessionId: 'main', chatId, text: 'added once' });
    expect(again).toEqual(first);
    // Of one account it is clear who sends; other kinds go by the content of `send`.
    const content = { type: 'location', latitude: -12.05, longitude: -77.04 };
    const place = await send('my-place', { chatId, content });
    await server.message('main', place.messageId, ({ status }) => status === 'delivered');
    const got = await sandbox.messagesOf(chatId);
    expect(got.filter(({ text }) => text === 'added once')).toHaveLength(1);
  });

  it('says of a wrong job what is wrong, there and to the admins', async () => {
    const [chatId] = talk.others;
    for (const [data, reason] of [
      [{ sessionId: 'main', text: 'to whom' }, /chatId/],
      [{ sessionId: 'main', chatId }, /either text or content/],
      [{ sessionId: 'main', chatId: '123', text: 'x' }, /country code/],
      [{ sessionId: 'nobody', chatId, text: 'x' }, /no account "nobody"/],
    ] as const) {
      const job = await outgoing.add('mine', data, { attempts: 5 });
      await expect(job.waitUntilFinished(ended, 20_000)).rejects.toThrow(reason);
      const { body } = await server.call<FailedJobPage>('GET', `/api/jobs/failed?queue=${QUEUE}`);
      expect(body.jobs[0]).toMatchObject({ queue: QUEUE, attempts: 1 });
      expect(body.jobs[0]?.reason).toMatch(reason);
    }
  });

  it('refuses jobs that are not for other programs', async () => {
    const inner = new Queue('retention', { connection });
    const job = await inner.add('mine', {});
    await eventually('it is refused', async () =>
      (await inner.getJobState(job.id ?? '')) === 'failed' ? true : undefined,
    );
    await inner.close();
  });
});
