import type { Chat, SessionSettings } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { longOn } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { API_KEY } from '../testing/test-api.js';
import { PROXY_PASSWORD, TestProxy } from '../testing/test-proxy.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { TestServer } from '../testing/test-server.js';

interface Device {
  os: string;
  connected: boolean;
}

describe.each(longOn('sqlite'))('S1-11 settings of a session on %s', (database) => {
  let sandbox: TestSandbox;
  let server: TestServer;
  let own: string;
  let friend: string;

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    server = await TestServer.start(sandbox, { database });
    [own, friend] = [await sandbox.phone('Own'), await sandbox.phone('Friend')];
    await sandbox.write(friend, { to: own, text: 'long ago' });
    await server.linked(sandbox, 'main', own);
  });
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
  });

  const set = (body: object, id = 'main') =>
    server.call<SessionSettings>('PUT', `/api/sessions/${id}/settings`, body);
  const devices = async (phone: string) =>
    (await sandbox.call<{ devices: Device[] }>('GET', `/api/phones/${phone}/devices`)).devices;
  const wsPort = () => new URL(sandbox.address.wsUrl).port;

  describe.each(['http', 'socks5'] as const)('a proxy (%s)', (protocol) => {
    it('carries the websocket and media, and nothing goes around it', async () => {
      const proxy = await new TestProxy().start();
      const before = await server.session('main');
      const answer = await set({ connection: { proxyUrl: proxy.url(protocol) } });
      expect(answer.status).toBe(200);
      expect(answer.body.connection.proxyUrl).toContain('proxy-user:***@127.0.0.1');
      await server.reaches('main', 'connected');
      expect(proxy.targets).toEqual([`127.0.0.1:${wsPort()}`]);
      expect((await server.session('main')).state.since).not.toBe(before.state.since);

      const id = await server.send('main', friend, `by ${protocol}`);
      await eventually('the message', async () =>
        (await sandbox.messagesOf(friend)).find((message) => message.id === id),
      );
      const picture = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 9]).toString('base64');
      await sandbox.call('PATCH', `/api/phones/${friend}/profile`, { picture });
      const got = await fetch(`${server.url}/api/sessions/main/chats/${friend}/picture`, {
        headers: { 'x-api-key': API_KEY },
      });
      expect(Buffer.from(await got.arrayBuffer()).toString('base64')).toBe(picture);
      expect(proxy.targets).toContain(sandbox.address.media.host);

      await proxy.stop();
      await server.reaches('main', 'reconnecting');
      expect((await devices(own)).some(({ connected }) => connected)).toBe(false);
      await proxy.start();
      await server.reaches('main', 'connected');
      await set({ connection: { proxyUrl: proxy.url(protocol, 'wrong') } });
      await eventually('the refusal', () => (proxy.refused.length > 0 ? true : undefined));
      expect((await devices(own)).some(({ connected }) => connected)).toBe(false);
      await set({ connection: { proxyUrl: null } });
      await server.reaches('main', 'connected');
      await proxy.stop();
    });
  });

  it('keeps the proxy’s password to itself', async () => {
    const proxy = await new TestProxy().start();
    const { body } = await set({ connection: { proxyUrl: proxy.url('http') } });
    await server.reaches('main', 'connected');
    const rows = await server.house.database.kysely
      .selectFrom('session_settings')
      .selectAll()
      .execute();
    expect(JSON.stringify(rows)).not.toContain(encodeURIComponent(PROXY_PASSWORD));
    // Given back as it was shown, it stays what it was.
    await set({ connection: body.connection });
    await set({ connection: { markOnline: true } });
    await server.reaches('main', 'connected');
    expect(proxy.refused).toEqual([]);
    await set({ connection: { proxyUrl: null, markOnline: false } });
    await server.reaches('main', 'connected');
    await proxy.stop();
  });

  it('reads messages and refuses calls by itself', async () => {
    await set({ incoming: { autoRead: true, rejectCalls: true } });
    const id = await sandbox.write(friend, { to: own, text: 'read at once' });
    await eventually('the receipt', async () =>
      (await sandbox.messagesOf(friend)).find((one) => one.id === id && one.status === 'read'),
    );
    await eventually('nothing unread', async () => {
      const { body } = await server.call<{ chats: Chat[] }>('GET', '/api/sessions/main/chats');
      return body.chats.find((chat) => chat.phone === friend && chat.unreadCount === 0);
    });
    await sandbox.call('POST', `/api/phones/${friend}/calls`, { to: own });
    await eventually('the refusal', async () => {
      const path = `/api/phones/${friend}/calls`;
      const { calls } = await sandbox.call<{ calls: { state: string }[] }>('GET', path);
      return calls.find(({ state }) => state === 'rejected');
    });
    await set({ incoming: { autoRead: false, rejectCalls: false } });
  });

  it('ignores groups', async () => {
    const { id: group } = await sandbox.call<{ id: string }>('POST', '/api/groups', {
      subject: 'Loud',
      participants: [friend, own],
    });
    const heard = await sandbox.write(friend, { to: group, text: 'heard' });
    await server.message('main', heard);
    await set({ incoming: { ignoreGroups: true } });
    await server.reaches('main', 'connected');
    const ignored = await sandbox.write(friend, { to: group, text: 'ignored' });
    const next = await sandbox.write(friend, { to: own, text: 'not ignored' });
    await server.message('main', next);
    await sandbox.call('POST', '/api/settle');
    const { body } = await server.call<{ messages: { id: string }[] }>(
      'GET',
      '/api/sessions/main/messages?limit=200',
    );
    expect(body.messages.map(({ id }) => id)).not.toContain(ignored);
    await set({ incoming: { ignoreGroups: false } });
    await server.reaches('main', 'connected');
  });

  it('shows the account as online', async () => {
    const stream = await fetch(`${sandbox.address.controlUrl}/api/events`);
    let seen = '';
    const reading = (async () => {
      for await (const chunk of stream.body as unknown as AsyncIterable<Uint8Array>) {
        seen += Buffer.from(chunk).toString();
      }
    })().catch(() => undefined);
    await sandbox.call('PATCH', `/api/phones/${own}/profile`, { available: false });
    await sandbox.call('POST', `/api/phones/${friend}/watch`, { phone: own });
    await set({ connection: { markOnline: true } });
    await eventually('online', () =>
      seen
        .split('\n')
        .find((line) => line.includes('"type":"presence"') && line.includes('"available":true')),
    );
    await set({ connection: { markOnline: false } });
    await stream.body?.cancel().catch(() => undefined);
    await Promise.race([reading, Promise.resolve()]);
  });

  it('names the device, and asks for no history, when it links', async () => {
    const phone = await sandbox.phone('Quiet');
    const old = await sandbox.write(friend, { to: phone, text: 'from before the link' });
    await server.call('PUT', '/api/sessions/quiet');
    await set({ connection: { deviceName: 'Front desk', historyDepth: 'none' } }, 'quiet');
    await server.linked(sandbox, 'quiet', phone);
    expect(await devices(phone)).toMatchObject([{ os: 'Front desk' }]);
    const live = await sandbox.write(friend, { to: phone, text: 'after it' });
    await server.message('quiet', live);
    const { body } = await server.call<{ messages: { id: string }[] }>(
      'GET',
      '/api/sessions/quiet/messages',
    );
    expect(body.messages.map(({ id }) => id)).not.toContain(old);
  });

  it('refuses settings that mean nothing', async () => {
    for (const body of [
      { connection: { proxyUrl: 'ftp://127.0.0.1:21' } },
      { connection: { proxyUrl: '127.0.0.1:8080' } },
      { connection: { proxyUrl: 'http://127.0.0.1:8080/path' } },
      { connection: { deviceName: '' } },
      { connection: { historyDepth: 'some' } },
      { incoming: { autoRead: 'yes' } },
    ]) {
      const { status, body: error } = await set(body);
      expect([body, status, error]).toMatchObject([
        body,
        400,
        { error: { code: 'invalid_request' } },
      ]);
    }
  });
});
