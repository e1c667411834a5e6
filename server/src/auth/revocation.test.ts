import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ValueProvider } from '@nestjs/common';
import type { AuditPage, NewApiKey, OneTimeLink, UserPage, Webhook } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { longOn } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { API_KEY } from '../testing/test-api.js';
import { PASSWORD, TestPerson } from '../testing/test-person.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { TestServer } from '../testing/test-server.js';
import { COOKIE, Credentials } from './credentials.js';
import { Logins } from './logins.js';

const HOUR = 3_600_000;

/** What was given out must end with what it was given for, also in the moments between. */
describe.each(longOn('sqlite'))('what was taken away, on %s', (name) => {
  let sandbox: TestSandbox;
  let server: TestServer;
  let ada: TestPerson;

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    server = await TestServer.start(sandbox, {
      database: name,
      environment: { TRUST_PROXY: '127.0.0.1', ALLOW_PRIVATE_TARGETS: '127.0.0.1' },
      // What must end at once must not wait for the next look.
      streamTimes: { heartbeat: HOUR },
    });
    ada = await TestPerson.setUp(server);
  });
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
  });

  const part = <T extends object>(kind: new (...of: never[]) => T): T =>
    (server.house.providers as ValueProvider[]).find(({ provide }) => provide === kind)
      ?.useValue as T;
  const open = (method: string, path: string, body?: unknown, from = '203.0.113.1') =>
    server.call<{ error?: { code: string } }>(method, path, body, { 'x-forwarded-for': from });
  const withKey = (key: string, method: string, path: string) =>
    server.call(method, path, undefined, { 'x-api-key': key });

  it('a sign-in that was under way does not outlive the password it was made with', async () => {
    const ben = await ada.invites('agent', 'ben@example.org');
    const logins = part(Logins);
    const before = await server.house.users.get(await ben.userId());
    const change = { current: PASSWORD, next: 'another good password' };
    expect((await ben.call('POST', '/api/auth/password', change)).status).toBe(200);
    const origin = { address: '127.0.0.1', browser: '' };
    await expect(logins.open(before, origin)).rejects.toMatchObject({ code: 'unauthorized' });
    const after = await server.house.users.get(await ben.userId());
    expect(await logins.open(after, origin)).toMatch(/^pbl_/);
    await ada.call('DELETE', `/api/users/${await ben.userId()}`);
    await expect(logins.open(after, origin)).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it.each(['demoted', 'removed'])('the links of an admin who is %s let nobody in', async (how) => {
    const eve = await ada.invites('admin', `eve-${how}@example.org`);
    const id = await eve.userId();
    const links = await Promise.all([
      eve.call<OneTimeLink>('POST', '/api/invitations', { role: 'admin' }),
      eve.call<OneTimeLink>('POST', '/api/users/owner/reset-link'),
    ]);
    if (how === 'removed') await ada.call('DELETE', `/api/users/${id}`);
    else await ada.call('PATCH', `/api/users/${id}`, { role: 'agent' });
    for (const { status, body } of links) {
      expect(status).toBe(201);
      const use = { token: body.token, password: PASSWORD, email: 'back@example.org', name: 'Eve' };
      expect((await open('POST', '/api/auth/links/use', use)).body.error?.code).toBe(
        'link_not_usable',
      );
    }
  });

  it('an account that is made again under its id is not shared as the one before', async () => {
    const eve = await ada.invites('agent', 'eve@example.org');
    await server.call('PUT', '/api/sessions/again');
    await server.call('PUT', '/api/sessions/again/shares', { everybody: true, userIds: [] });
    expect((await eve.call('GET', '/api/sessions/again')).status).toBe(200);
    await server.call('DELETE', '/api/accounts/again');
    await server.call('PUT', '/api/sessions/again');
    expect((await eve.call('GET', '/api/sessions/again')).status).toBe(404);
    expect((await server.call('GET', '/api/sessions/again/shares')).body).toEqual({
      everybody: false,
      userIds: [],
    });
  });

  it('a stream does not begin with a key that was revoked while it was opened', async () => {
    const { key, id } = (
      await ada.call<NewApiKey>('POST', '/api/keys', { name: 'k', actions: ['read'] })
    ).body;
    const asking = { headers: { 'x-api-key': key }, cookies: {} };
    const principal = await part(Credentials).identify(asking as never);
    if (!principal) throw new Error('the key is not known');
    await ada.call('DELETE', `/api/keys/${id}`);
    const late = createServer((_, response) => {
      response.writeHead(200);
      void server.house.streams.serve(response, principal, {}, 0);
    }).listen(0);
    await once(late, 'listening');
    const { port } = late.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}`);
    expect(await answer.text()).toContain('hello');
    late.close();
  });

  it('what the operator’s key gave out ends when the operator signs out everywhere', async () => {
    const signedIn = await open('POST', '/api/auth/sign-in', { apiKey: API_KEY }, '192.0.2.9');
    const [cookie = ''] = (signedIn.headers.get('set-cookie') ?? '').split(';');
    expect(cookie).toContain(COOKIE);
    const operator = new TestPerson(server, cookie);
    const asked = await operator.call<{ token: string }>('POST', '/api/auth/token');
    const bearer = { authorization: `Bearer ${asked.body.token}` };
    const byBearer = () => server.call('GET', '/api/me', undefined, bearer);
    expect((await byBearer()).status).toBe(200);
    const streams = await Promise.all(
      [operator.headers, bearer].map((headers) =>
        fetch(`${server.url}/api/events/stream`, { headers }),
      ),
    );
    expect((await operator.call('POST', '/api/auth/sign-out-everywhere')).status).toBe(200);
    await Promise.all(streams.map((stream) => stream.text()));
    expect((await operator.call('GET', '/api/me')).status).toBe(401);
    expect((await byBearer()).status).toBe(401);
    await server.close();
    await server.open();
    expect((await operator.call('GET', '/api/me')).status).toBe(401);
    ada = await TestPerson.signIn(server, 'ada@example.org');
    const { body } = await ada.call<AuditPage>('GET', '/api/audit?limit=200');
    const ofOperator = body.entries.filter(({ address }) => address === '192.0.2.9');
    expect(ofOperator.map(({ action, via }) => [action, via])).toEqual([
      ['user.signed_in', 'instance-key'],
    ]);
    const ended = body.entries.find(({ action }) => action === 'user.signed_out_everywhere');
    expect(ended?.via).toBe('instance-key');
  });

  it('a key for some accounts sees no addresses of people', async () => {
    await server.call('PUT', '/api/sessions/narrow');
    const { key } = (
      await ada.call<NewApiKey>('POST', '/api/keys', {
        ...{ name: 'narrow', actions: ['read'], sessions: ['narrow'] },
      })
    ).body;
    const emails = async (headers: Record<string, string>) => {
      const { body } = await server.call<UserPage>('GET', '/api/users', undefined, headers);
      return body.users.map(({ email }) => email);
    };
    expect((await emails({ 'x-api-key': key })).every((email) => email === null)).toBe(true);
    expect(await emails(ada.headers)).toContain('ada@example.org');
  });

  it('of the first admin nothing goes on when another one removes them', async () => {
    const bea = await ada.invites('admin', 'bea@example.org');
    const { key } = (
      await ada.call<NewApiKey>('POST', '/api/keys', { name: 'k', actions: ['read'] })
    ).body;
    const made = { url: 'http://127.0.0.1:1/', name: 'of the first' };
    const webhook = await ada.call<Webhook>('POST', '/api/webhooks', made);
    expect(webhook.status).toBe(201);
    expect((await bea.call('DELETE', '/api/users/owner')).status).toBe(200);
    expect((await ada.call('GET', '/api/me')).status).toBe(401);
    expect((await withKey(key, 'GET', '/api/me')).status).toBe(401);
    const shares = { everybody: false, userIds: ['owner'] };
    expect((await bea.call('PUT', '/api/sessions/narrow/shares', shares)).status).toBe(404);
    await server.call('PUT', '/api/sessions/unseen');
    const seen = await bea.call<Webhook>('GET', `/api/webhooks/${webhook.body.id}`);
    expect([seen.body.enabled, seen.body.pending]).toEqual([false, 0]);
    // The operator's key is not that user: it goes on, also with webhooks.
    const again = await server.call<Webhook>('POST', '/api/webhooks', made);
    await server.call('PUT', '/api/sessions/seen');
    await eventually('the operator’s webhook is called', async () => {
      const path = `/api/webhooks/${again.body.id}`;
      return (await bea.call<Webhook>('GET', path)).body.pending > 0 ? true : undefined;
    });
  });
});
