import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_KEY } from '../testing/test-api.js';
import { PASSWORD, TestPerson } from '../testing/test-person.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { TestServer } from '../testing/test-server.js';

describe('guessing', () => {
  let sandbox: TestSandbox;
  let server: TestServer;

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    const environment = { TRUST_PROXY: '127.0.0.1' };
    server = await TestServer.start(sandbox, { database: 'sqlite', environment });
    await TestPerson.setUp(server);
  });
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
  });

  const open = (method: string, path: string, body: unknown, from: string) =>
    server.call(method, path, body, { 'x-forwarded-for': from });

  it('who guesses elsewhere locks nobody out, and more addresses are no more guesses', async () => {
    const email = 'ada@example.org';
    const guess = (from: string) =>
      open('POST', '/api/auth/sign-in', { email, password: 'wrong guess' }, from);
    const many = async (count: number, from: (n: number) => string) =>
      await Promise.all(Array.from({ length: count }, (_, n) => guess(from(n))));
    const sameNetwork = await many(12, (n) => `2001:db8:1:1::${n}`);
    expect(sameNetwork.filter(({ status }) => status === 429)).toHaveLength(2);
    for (let n = 0; n < 2; n += 1) await many(10, () => `198.51.100.${n}`);
    expect((await guess('198.51.100.200')).status).toBe(429);
    const right = { email, password: PASSWORD };
    const stranger = await open('POST', '/api/auth/sign-in', right, '198.51.100.201');
    expect(stranger.status).toBe(429);
    const home = await server.call('POST', '/api/auth/sign-in', right, {});
    expect(home.status).toBe(200);
  });

  it('whoever guesses the set-up token does not keep the operator out', async () => {
    const fresh = await TestServer.start(sandbox, { database: 'sqlite' });
    try {
      const user = { email: 'ada@example.org', name: 'Ada', password: PASSWORD };
      const setUp = (token: string) => fresh.call('POST', '/api/setup', { token, ...user }, {});
      const guesses = await Promise.all(Array.from({ length: 51 }, () => setUp('guess')));
      expect(guesses.filter(({ status }) => status === 429)).toHaveLength(1);
      expect((await setUp(API_KEY)).status).toBe(200);
    } finally {
      await fresh.stop();
    }
  });
});
