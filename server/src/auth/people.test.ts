import type { AuditPage, LoginPage, NewApiKey, OneTimeLink, UserPage } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { longOn } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import type { Answer } from '../testing/test-api.js';
import { API_KEY } from '../testing/test-api.js';
import { PASSWORD, TestPerson } from '../testing/test-person.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { TestServer } from '../testing/test-server.js';

interface Refusal {
  error: { code: string; message: string };
}

describe.each(longOn('sqlite'))('people on %s', (name) => {
  let sandbox: TestSandbox;
  let server: TestServer;
  let ada: TestPerson;
  let ben: TestPerson;

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    server = await TestServer.start(sandbox, { database: name });
  });
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
  });

  const codeOf = ({ status, body }: Answer) => [status, (body as Refusal).error?.code];
  const open = (method: string, path: string, body?: unknown) =>
    server.call(method, path, body, {});
  const withKey = (key: string, method: string, path: string, body?: unknown) =>
    server.call(method, path, body, { 'x-api-key': key });

  it('the first admin needs what only the operator knows, and there is one first', async () => {
    expect((await open('GET', '/api/setup')).body).toEqual({ needed: true });
    const body = { email: 'ada@example.org', name: 'Ada', password: PASSWORD };
    expect(codeOf(await open('POST', '/api/setup', { ...body, token: 'guess' }))).toEqual([
      401,
      'unauthorized',
    ]);
    const short = { ...body, token: API_KEY, password: 'short' };
    expect(codeOf(await open('POST', '/api/setup', short))).toEqual([400, 'invalid_request']);
    const token = server.house.instanceKey.setUpToken();
    const both = await Promise.all([
      open('POST', '/api/setup', { ...body, token }),
      open('POST', '/api/setup', { ...body, token: API_KEY, email: 'eve@example.org' }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await open('GET', '/api/setup')).body).toEqual({ needed: false });
    const { body: users } = await server.call<UserPage>('GET', '/api/users');
    expect(users.users).toMatchObject([{ id: 'owner', role: 'admin' }]);
    ada = await TestPerson.signIn(server, users.users[0]?.email ?? '');
    expect((await ada.call('GET', '/api/me')).body).toMatchObject({
      userId: 'owner',
      role: 'admin',
      onboarded: false,
    });
  });

  it('an invitation lets one person in, once', async () => {
    const invited = await ada.call<OneTimeLink>('POST', '/api/invitations', {
      role: 'agent',
      email: 'ben@example.org',
    });
    expect(invited.status).toBe(201);
    const { token } = invited.body;
    expect((await open('POST', '/api/auth/links/look', { token })).body).toMatchObject({
      kind: 'invitation',
      role: 'agent',
      email: 'ben@example.org',
    });
    const accept = (email: string) =>
      open('POST', '/api/auth/links/use', { token, email, name: 'Ben', password: PASSWORD });
    expect(codeOf(await accept('eve@example.org'))).toEqual([400, 'invalid_request']);
    const both = await Promise.all([accept('ben@example.org'), accept('ben@example.org')]);
    expect(both.map(({ status }) => status).sort()[0]).toBe(200);
    expect(both.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(codeOf(await accept('ben@example.org'))).toEqual([410, 'link_not_usable']);
    ben = await TestPerson.signIn(server, 'BEN@example.org');
    expect((await ben.call('GET', '/api/me')).body).toMatchObject({ role: 'agent', name: 'Ben' });
    const taken = { role: 'agent', email: 'ben@example.org' };
    expect(codeOf(await ada.call('POST', '/api/invitations', taken))).toEqual([409, 'email_taken']);
    const other = await ada.call<OneTimeLink>('POST', '/api/invitations', { role: 'agent' });
    expect((await ada.call('DELETE', `/api/invitations/${other.body.id}`)).status).toBe(200);
    expect(codeOf(await open('POST', '/api/auth/links/look', { token: other.body.token }))).toEqual(
      [410, 'link_not_usable'],
    );
  });

  it('agents may not do what is for admins', async () => {
    const id = await ben.userId();
    const tries: [string, string, unknown?][] = [
      ['GET', '/api/audit'],
      ['GET', '/api/invitations'],
      ['POST', '/api/invitations', { role: 'admin' }],
      ['PATCH', `/api/users/${id}`, { role: 'admin' }],
      ['DELETE', '/api/users/owner'],
      ['POST', '/api/users/owner/reset-link'],
      ['GET', '/api/metrics'],
    ];
    for (const [method, path, body] of tries) {
      expect([path, ...codeOf(await ben.call(method, path, body))]).toEqual([
        path,
        403,
        'forbidden',
      ]);
    }
  });

  it('a new password ends the other sign-ins, and a reset all of them', async () => {
    const other = await TestPerson.signIn(server, 'ben@example.org');
    const wrong = { current: 'not the password', next: 'another good password' };
    expect(codeOf(await ben.call('POST', '/api/auth/password', wrong))).toEqual([403, 'forbidden']);
    const right = { current: PASSWORD, next: 'another good password' };
    expect((await ben.call('POST', '/api/auth/password', right)).status).toBe(200);
    expect((await other.call('GET', '/api/me')).status).toBe(401);
    expect((await ben.call('GET', '/api/me')).status).toBe(200);

    const path = `/api/users/${await ben.userId()}/reset-link`;
    const [first, second] = [
      await ada.call<OneTimeLink>('POST', path),
      await ada.call<OneTimeLink>('POST', path),
    ];
    const set = (token: string) =>
      open('POST', '/api/auth/links/use', { token, password: PASSWORD });
    expect(codeOf(await set(first.body.token))).toEqual([410, 'link_not_usable']);
    expect((await set(second.body.token)).status).toBe(200);
    expect((await ben.call('GET', '/api/me')).status).toBe(401);
    ben = await TestPerson.signIn(server, 'ben@example.org');
  });

  it('sign-ins are listed, ended one by one, and all at once', async () => {
    const spare = await TestPerson.signIn(server, 'ben@example.org');
    const { body } = await ben.call<LoginPage>('GET', '/api/auth/logins');
    expect(body.logins.filter(({ current }) => current)).toHaveLength(1);
    const { body: seen } = await spare.call<LoginPage>('GET', '/api/auth/logins');
    const id = seen.logins.find(({ current }) => current)?.id;
    expect(codeOf(await ada.call('DELETE', `/api/auth/logins/${id}`))).toEqual([
      404,
      'login_not_found',
    ]);
    expect((await ben.call('DELETE', `/api/auth/logins/${id}`)).status).toBe(200);
    expect((await spare.call('GET', '/api/me')).status).toBe(401);
    expect((await ben.call('POST', '/api/auth/sign-out-everywhere')).status).toBe(200);
    expect((await ben.call('GET', '/api/me')).status).toBe(401);
    ben = await TestPerson.signIn(server, 'ben@example.org');
    expect((await ben.call('POST', '/api/auth/sign-out')).status).toBe(200);
    expect((await ben.call('GET', '/api/me')).status).toBe(401);
    ben = await TestPerson.signIn(server, 'ben@example.org');
  });

  it('a key may do what it was made for, is shown once and ends at once', async () => {
    await server.call('PUT', '/api/sessions/one');
    await server.call('PUT', '/api/sessions/two');
    const made = await ada.call<NewApiKey>('POST', '/api/keys', {
      name: 'reader',
      actions: ['read'],
      sessions: ['one'],
    });
    expect(made.status).toBe(201);
    const { key, id } = made.body;
    expect((await withKey(key, 'GET', '/api/sessions/one')).status).toBe(200);
    expect(codeOf(await withKey(key, 'GET', '/api/sessions/two'))).toEqual([
      404,
      'session_not_found',
    ]);
    expect(codeOf(await withKey(key, 'DELETE', '/api/sessions/one'))).toEqual([403, 'forbidden']);
    expect(codeOf(await withKey(key, 'GET', '/api/keys'))).toEqual([403, 'forbidden']);
    const { body: list } = await server.call<{ sessions: { id: string }[] }>(
      'GET',
      '/api/sessions',
      undefined,
      { 'x-api-key': key },
    );
    expect(list.sessions.map((session) => session.id)).toEqual(['one']);
    const shown = await eventually('its last use is noted', async () => {
      const { body } = await ada.call<{ keys: NewApiKey[] }>('GET', '/api/keys');
      return body.keys[0]?.lastUsedAt ? body : undefined;
    });
    expect(JSON.stringify(shown)).not.toContain(key);
    const foreign = { name: 'x', actions: ['read'], sessions: ['one'] };
    expect(codeOf(await ben.call('POST', '/api/keys', foreign))).toEqual([
      404,
      'session_not_found',
    ]);
    expect(codeOf(await ben.call('DELETE', `/api/keys/${id}`))).toEqual([404, 'key_not_found']);
    expect((await ada.call('DELETE', `/api/keys/${id}`)).status).toBe(200);
    expect((await withKey(key, 'GET', '/api/sessions/one')).status).toBe(401);
  });

  it('a bearer allows no more than who asked for it, and ends with it', async () => {
    const { key, id } = (
      await ada.call<NewApiKey>('POST', '/api/keys', { name: 'k', actions: ['read', 'send'] })
    ).body;
    const token = async (body?: object) =>
      (await withKey(key, 'POST', '/api/auth/token', body)) as Answer<{ token: string }>;
    expect(codeOf(await token({ actions: ['manage'] }))).toEqual([403, 'forbidden']);
    const bearer = (await token({ actions: ['read'], sessions: ['one'] })).body.token;
    const asBearer = (method: string, path: string, given = bearer) =>
      server.call(method, path, undefined, { authorization: `Bearer ${given}` });
    expect((await asBearer('GET', '/api/sessions/one')).status).toBe(200);
    expect((await asBearer('GET', '/api/sessions/two')).status).toBe(404);
    expect((await asBearer('POST', '/api/sessions/one/send/text')).status).toBe(403);
    expect((await asBearer('POST', '/api/auth/token')).status).toBe(403);
    const [header = '', payload = '', signature = ''] = bearer.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const more = Buffer.from(JSON.stringify({ ...claims, sessions: null })).toString('base64url');
    const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
    for (const forged of [
      `${header}.${more}.${signature}`,
      `${none}.${payload}.`,
      `${none}.${payload}.${signature}`,
    ]) {
      expect((await asBearer('GET', '/api/me', forged)).status).toBe(401);
    }
    await ada.call('DELETE', `/api/keys/${id}`);
    expect((await asBearer('GET', '/api/sessions/one')).status).toBe(401);
  });

  it('accounts have slots: a connected one is refused, another is used again', async () => {
    const made = await ben.call<{ id: string; slot: number }>('POST', '/api/sessions', { slot: 2 });
    expect([made.status, made.body.slot]).toEqual([201, 2]);
    const again = await ben.call<{ id: string }>('POST', '/api/sessions', { slot: 2 });
    expect(again.body.id).toBe(made.body.id);
    expect(codeOf(await ben.call('POST', '/api/sessions', { slot: 4 }))).toEqual([
      400,
      'invalid_request',
    ]);
    const phone = await sandbox.phone('Of Ben');
    const qr = await server.qrOf(made.body.id);
    await sandbox.call('POST', `/api/phones/${phone}/scan`, { qr });
    await server.reaches(made.body.id, 'connected');
    expect(codeOf(await ben.call('POST', '/api/sessions', { slot: 2 }))).toEqual([
      409,
      'slot_connected',
    ]);
    expect((await ben.call('POST', '/api/accounts')).status).toBe(201);
    expect((await ben.call('PUT', '/api/sessions/of-ben')).status).toBe(200);
    expect(codeOf(await ben.call('POST', '/api/accounts'))).toEqual([409, 'no_free_slot']);
    // The operator's key has no such limit.
    for (const id of ['three', 'four']) {
      expect((await server.call('PUT', `/api/sessions/${id}`)).status).toBe(200);
    }
  });

  it('there is always an admin; who is removed has no way in, and the accounts stay', async () => {
    for (const [method, body] of [
      ['PATCH', { role: 'agent' }],
      ['DELETE', undefined],
    ] as const) {
      expect(codeOf(await ada.call(method, '/api/users/owner', body))).toEqual([409, 'last_admin']);
    }
    const id = await ben.userId();
    expect((await ada.call('PATCH', `/api/users/${id}`, { role: 'admin' })).status).toBe(200);
    expect((await ben.call('GET', '/api/audit')).status).toBe(200);
    const { key } = (
      await ben.call<NewApiKey>('POST', '/api/keys', { name: 'of ben', actions: ['read'] })
    ).body;
    expect((await withKey(key, 'GET', '/api/sessions/one')).status).toBe(200);
    expect((await ada.call('PATCH', `/api/users/${id}`, { role: 'agent' })).status).toBe(200);
    expect((await withKey(key, 'GET', '/api/sessions/one')).status).toBe(404);
    expect((await ada.call('DELETE', `/api/users/${id}`)).status).toBe(200);
    expect((await ben.call('GET', '/api/me')).status).toBe(401);
    expect((await withKey(key, 'GET', '/api/me')).status).toBe(401);
    expect(
      codeOf(
        await open('POST', '/api/auth/sign-in', { email: 'ben@example.org', password: PASSWORD }),
      ),
    ).toEqual([401, 'unauthorized']);
    expect((await ada.call('GET', '/api/sessions/of-ben')).status).toBe(200);
  });

  it('what admins do is noted, with who and what, and without secrets', async () => {
    const { body } = await ada.call<AuditPage>('GET', '/api/audit?limit=200');
    const actions = new Set(body.entries.map(({ action }) => action));
    for (const action of [
      'server.set_up',
      'user.joined',
      'user.changed',
      'user.removed',
      'user.password_reset',
      'invitation.created',
      'invitation.revoked',
      'key.created',
      'key.revoked',
      'session.created',
    ]) {
      expect(actions).toContain(action);
    }
    expect(body.entries.every(({ address }) => address.includes('127.0.0.1'))).toBe(true);
    const text = JSON.stringify(body);
    for (const secret of [PASSWORD, API_KEY, 'pbk_', 'pbj_', 'pbl_']) {
      expect(text).not.toContain(secret);
    }
    const page = await ada.call<AuditPage>('GET', '/api/audit?limit=2&action=key.created');
    expect(page.body.entries).toHaveLength(2);
    const next = await ada.call<AuditPage>(
      'GET',
      `/api/audit?limit=2&action=key.created&before=${page.body.before}`,
    );
    expect(
      next.body.entries.every(({ number }) => number < (page.body.entries[1]?.number ?? 0)),
    ).toBe(true);
  });

  it('guessing is slowed down for an account, also many at once, and tells how long', async () => {
    const guess = () =>
      open('POST', '/api/auth/sign-in', { email: 'ada@example.org', password: 'wrong guess' });
    const answers = await Promise.all(Array.from({ length: 14 }, guess));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(10);
    const refused = answers.find(({ status }) => status === 429);
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
    // Who has signed in already is not locked out by it.
    expect((await ada.call('GET', '/api/me')).status).toBe(200);
  });
});

it('requests are limited by key and by user, and not for the operator', async () => {
  const sandbox = await TestSandbox.start();
  const environment = { RATE_LIMIT_PER_MINUTE: '20' };
  const server = await TestServer.start(sandbox, { database: 'sqlite', environment });
  try {
    const ada = await TestPerson.setUp(server);
    const made = await ada.call<NewApiKey>('POST', '/api/keys', { name: 'k', actions: ['read'] });
    const call = () => server.call('GET', '/api/me', undefined, { 'x-api-key': made.body.key });
    const answers = await Promise.all(Array.from({ length: 25 }, call));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(5);
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await ada.call('GET', '/api/me')).status).toBe(200);
    const operator = await Promise.all(
      Array.from({ length: 30 }, () => server.call('GET', '/api/me')),
    );
    expect(operator.every(({ status }) => status === 200)).toBe(true);
  } finally {
    await server.stop();
    await sandbox.stop();
  }
});
