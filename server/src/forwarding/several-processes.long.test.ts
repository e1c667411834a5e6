import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { TestCluster } from '../testing/test-cluster.js';
import { TestRedis } from '../testing/test-redis.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { severalProcesses } from './testing/several-processes.js';

const shared = databases.filter((name) => name === 'postgres');

describe.each(shared)('several processes on %s and Redis', (name) => {
  severalProcesses(name, () => TestRedis.start());
});

describe.each(shared)('processes for requests and for sessions at once, on %s', (name) => {
  let sandbox: TestSandbox;
  let cluster: TestCluster;

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    cluster = await TestCluster.start(sandbox, name, { one: 'all', two: 'all', api: 'api' });
  });
  afterAll(async () => {
    await cluster?.stop();
    await sandbox?.stop();
  });

  it('ask each other, and wait for a new owner when one dies', async () => {
    const own = await sandbox.phone('Own');
    await cluster.api('one').linked(sandbox, 'main', own);
    const owner = (await cluster.ownerOf('main')) ?? '';
    const other = owner === 'one' ? 'two' : 'one';
    const check = async (name: string) =>
      (
        await cluster
          .api(name)
          .call('POST', '/api/sessions/main/contacts/check', { phones: ['4915100000000'] })
      ).status;
    expect([await check(other), await check('api')]).toEqual([200, 200]);
    await cluster.kill(owner);
    // Asked in the moment in which nobody has it: its new owner may not be connected yet.
    const asked = await Promise.all([check('api'), check(other)]);
    for (const status of asked) expect([200, 409, 503]).toContain(status);
    await eventually(
      'its new owner answers',
      async () => (await check('api')) === 200 || undefined,
    );
    expect(await cluster.ownerOf('main')).toBe(other);
  });

  it('say clearly when there is no process for sessions', async () => {
    for (const [name, { role }] of cluster.members) if (role === 'all') await cluster.kill(name);
    const answer = await cluster
      .api('api')
      .call<{ error: { code: string } }>('POST', '/api/sessions/main/restart');
    expect([answer.status, answer.body.error.code]).toEqual([503, 'session_elsewhere']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    const { status } = await cluster.api('api').call('GET', '/api/sessions/main');
    expect(status).toBe(200);
  });
});
