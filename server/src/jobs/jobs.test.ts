import type { AuditPage, FailedJobPage, JobOverview, RetriedJobs } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendMessageJob } from '../outbox/send-message-job.js';
import type { DatabaseName } from '../testing/databases.js';
import { databases } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { hasRedis, TestRedis } from '../testing/test-redis.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { TestServer } from '../testing/test-server.js';

const QUEUE = sendMessageJob.name;
const runners = hasRedis ? (['embedded', 'redis'] as const) : (['embedded'] as const);
const kinds = runners.flatMap((runner) =>
  databases.map((database): [JobOverview['runner'], DatabaseName] => [runner, database]),
);

describe.each(kinds)('jobs as admins see them: %s, on %s', (runner, database) => {
  let redis: TestRedis | undefined;
  let sandbox: TestSandbox;
  let server: TestServer;
  let own: string;
  let other: string;

  beforeAll(async () => {
    redis = runner === 'redis' ? await TestRedis.start() : undefined;
    sandbox = await TestSandbox.start();
    const environment = { ...(redis && { REDIS_URL: redis.url }) };
    server = await TestServer.start(sandbox, { database, environment });
    [own, other] = [await sandbox.phone('Own'), await sandbox.phone('Other')];
  });
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
    await redis?.stop();
  });

  const add = async (sessionId: string, text: string) => {
    const { jobs, database: at } = server.house;
    await at.write([jobs.add(sendMessageJob, { sessionId, chatId: other, text })]);
    jobs.wake(sendMessageJob);
  };
  const failed = async (query = '') =>
    (await server.call<FailedJobPage>('GET', `/api/jobs/failed${query}`)).body;
  const counts = async () => {
    const { status, body } = await server.call<JobOverview>('GET', '/api/jobs');
    expect(status).toBe(200);
    expect(body).toMatchObject({ runner, connected: runner === 'redis' ? true : null });
    return body.queues.find(({ name }) => name === QUEUE);
  };
  const failedAre = (count: number) =>
    eventually(`${count} have failed`, async () => {
      const found = await counts();
      const rest = (found?.waiting ?? 0) + (found?.active ?? 0) + (found?.delayed ?? 0);
      return found?.failed === count && rest === 0 ? found : undefined;
    });
  const got = async () =>
    (await sandbox.messagesOf(other)).map(({ text }) => text).filter((text) => text !== undefined);

  it('shows what failed with its reason, page by page, and to admins only', async () => {
    expect(await counts()).toMatchObject({ waiting: 0, active: 0, delayed: 0, failed: 0 });
    for (const text of ['one', 'two', 'three']) await add('later', text);
    await failedAre(3);
    const first = await failed(`?queue=${QUEUE}&limit=2`);
    expect(first.jobs).toHaveLength(2);
    expect(first.jobs[0]).toMatchObject({
      queue: QUEUE,
      attempts: 1,
      reason: 'sessionId: there is no account "later"',
    });
    const second = await failed(`?queue=${QUEUE}&limit=2&before=${first.before}`);
    expect(second).toMatchObject({ jobs: [{ queue: QUEUE }], before: null });
    expect((await failed('?queue=other')).jobs).toEqual([]);
    const key = await server.call<{ key: string }>('POST', '/api/keys', {
      name: 'a program',
      actions: ['read'],
    });
    for (const path of ['/api/jobs', '/api/jobs/failed']) {
      const answer = await server.call('GET', path, undefined, { 'x-api-key': key.body.key });
      expect([path, answer.status]).toEqual([path, 403]);
    }
  });

  it('takes one up again, once, and notes who did it', async () => {
    const [newest] = (await failed()).jobs;
    await server.linked(sandbox, 'later', own);
    const path = `/api/jobs/failed/${newest?.number}/retry`;
    expect((await server.call('POST', path)).status).toBe(200);
    expect(await server.call('POST', path)).toMatchObject({
      status: 404,
      body: { error: { code: 'job_not_found' } },
    });
    await eventually('it is sent', async () => (await got()).length === 1 || undefined);
    await failedAre(2);
    const audit = await server.call<AuditPage>('GET', '/api/audit?action=jobs.retried');
    expect(audit.body.entries).toMatchObject([{ target: newest?.jobId, details: { jobs: 1 } }]);
  });

  it('takes all of a queue up again, each under its own id', async () => {
    const none = await server.call<RetriedJobs>('POST', '/api/jobs/failed/retry', { queue: 'x' });
    expect(none.body).toEqual({ retried: 0 });
    const all = await server.call<RetriedJobs>('POST', '/api/jobs/failed/retry', { queue: QUEUE });
    expect(all.body).toEqual({ retried: 2 });
    await eventually('they are sent', async () => ((await got()).length === 3 ? true : undefined));
    await failedAre(0);
    expect((await got()).sort()).toEqual(['one', 'three', 'two']);
  });

  it('counts attempts for the operator', async () => {
    const { body } = await server.call<string>('GET', '/api/metrics');
    const text = String(body);
    expect(text).toContain(`patchbay_job_attempts_total{name="${QUEUE}",result="done"} 3`);
    expect(text).toContain(`patchbay_job_attempts_total{name="${QUEUE}",result="given up"} 3`);
  });
});
