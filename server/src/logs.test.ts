import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestProcess } from './testing/processes.js';
import { API_KEY, RemoteApi } from './testing/test-api.js';
import { TestSandbox } from './testing/test-sandbox.js';
import { environmentFor } from './testing/test-server.js';

const SECRET_TEXT = 'the gate code is 4711-wren';
const folder = mkdtempSync(join(tmpdir(), 'patchbay-logs-'));
let sandbox: TestSandbox;

beforeAll(async () => {
  sandbox = await TestSandbox.start();
});
afterAll(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Signs people in and out by every way, and returns what must not be read anywhere. */
async function peopleOf(api: RemoteApi): Promise<Record<string, string>> {
  const [password, wrong] = ['the-password-of-ada-77', 'the-wrong-password-88'];
  const ask = async (path: string, body: object, cookie?: string) => {
    const headers = { ...(cookie && { cookie, 'sec-fetch-site': 'same-origin' }) };
    const answer = await api.call<{ token?: string; key?: string }>('POST', path, body, headers);
    const [given = ''] = (answer.headers.get('set-cookie') ?? '').split(';');
    return { ...answer, cookie: given };
  };
  const user = { email: 'ada@example.org', name: 'Ada', password };
  const { cookie } = await ask('/api/setup', { token: API_KEY, ...user });
  expect(cookie).toMatch(/^patchbay=pbl_/);
  await ask('/api/auth/sign-in', { email: user.email, password: wrong });
  const invitation = (await ask('/api/invitations', { role: 'agent' }, cookie)).body.token ?? '';
  const key = (await ask('/api/keys', { name: 'k', actions: ['read'] }, cookie)).body.key ?? '';
  const bearer = (await ask('/api/auth/token', {}, cookie)).body.token ?? '';
  await api.call('GET', '/api/me', undefined, { authorization: `Bearer ${bearer}` });
  await api.call('GET', '/api/me', undefined, { 'x-api-key': key });
  await api.call('GET', `/api/events/stream?apiKey=${key}`, undefined, {});
  await ask('/api/auth/links/use', { token: invitation, password, email: 'no', name: 'No' });
  const token = cookie.slice('patchbay='.length);
  return { password, wrong, invitation, key, bearer, cookie: token };
}

it('the most verbose log is JSON with the session’s id, and tells no secret, text or number', async () => {
  const { process: server, url } = await TestProcess.start('server', {
    ...environmentFor(sandbox.address, folder),
    LOG_FORMAT: 'json',
    BAILEYS_DEBUG: '1',
  });
  try {
    const api = new RemoteApi(url);
    const [own, other] = [await sandbox.phone('Own'), await sandbox.phone('Other')];
    const qr = (await api.call<{ qr: { code: string } }>('PUT', '/api/sessions/main')).body.qr.code;
    await sandbox.call('POST', `/api/phones/${own}/scan`, { qr });
    await api.reaches('main', 'connected');
    await api.message('main', await sandbox.write(other, { to: own, text: SECRET_TEXT }));
    const sent = await api.send('main', other, `${SECRET_TEXT} back`);
    await api.message('main', sent, ({ status }) => status === 'delivered');
    const pairing = await api.call('PUT', '/api/sessions/typing', { phone: await sandbox.phone() });
    expect(pairing.status).toBe(200);
    const people = await peopleOf(api);
    await server.stop();

    const lines = server.printed.split('\n').filter((line) => line.startsWith('{'));
    const parsed = lines.map((line) => JSON.parse(line) as { session?: string; level: number });
    expect(parsed.filter(({ session }) => session === 'main').length).toBeGreaterThan(20);
    expect(parsed.some(({ level }) => level <= 20)).toBe(true);

    const [, noise = '', identity = '', adv = ''] = qr.split('#')[1]?.split(',') ?? [];
    const { pairingCode = '' } = pairing.body as { pairingCode?: string };
    const secrets = {
      text: 'gate code',
      own,
      other,
      adv,
      noise,
      identity,
      pairingCode: pairingCode.replace('-', ''),
      apiKey: API_KEY,
      ...people,
      secret: readFileSync(join(folder, 'secret.key'), 'utf8').trim(),
    };
    for (const [name, secret] of Object.entries(secrets)) {
      expect(secret.length).toBeGreaterThan(6);
      expect([name, server.printed.includes(secret)]).toEqual([name, false]);
    }
  } finally {
    await server.kill();
  }
});
