import type {
  ConnectionStatusAnswer,
  DefaultSessionAnswer,
  IsAuthenticatedAnswer,
  LogEvent,
  NewQrAnswer,
  NotificationAnswer,
  NumberQrAnswer,
  NumberStatusAnswer,
  SessionList,
} from '@patchbay/contract';
import { NOTIFICATION_EVENTS } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { longOn } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { API_KEY } from '../testing/test-api.js';
import { TestPerson } from '../testing/test-person.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { TestServer } from '../testing/test-server.js';
import { TestSocket } from '../testing/test-socket.js';

/** Life of every QR here (ms). */
const QR_LIFE = 1500;

interface Refusal {
  success: false;
  message: string;
  error: { code: string; message: string };
}

describe.each(longOn('postgres'))('the notification API on %s', (database) => {
  let sandbox: TestSandbox;
  let server: TestServer;
  let own: string;
  let friend: string;
  let id = '';
  /** Pictures of QRs. */
  const seen = new Set<string>();

  const get = async <Body>(path: string) =>
    (await server.call<Body>('GET', `/api/whatsapp/${path}`)).body;
  const status = async () => (await get<ConnectionStatusAnswer>('connection-status')).data;
  const becomes = async (wanted: string) =>
    await eventually(`the number is ${wanted}`, async () => {
      const now = await status();
      return now.status === wanted ? now : undefined;
    });
  const send = async (phone: string, message: string, key?: string) =>
    await server.call<NotificationAnswer>(
      'POST',
      '/api/whatsapp/send',
      { phone, message },
      { 'x-api-key': API_KEY, ...(key && { 'idempotency-key': key }) },
    );
  const refused = async (method: string, path: string, body?: object, headers?: object) => {
    const given = headers as Record<string, string> | undefined;
    const answer = await server.call<Refusal>(method, `/api/whatsapp/${path}`, body, given);
    expect(answer.body.success).toBe(false);
    expect(answer.body.message).toBe(answer.body.error.message);
    return `${answer.status} ${answer.body.error.code}: ${answer.body.message}`;
  };

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    server = await TestServer.start(sandbox, { database, timings: { qrMs: QR_LIFE } });
    [own, friend] = [await sandbox.phone('Shop'), await sandbox.phone('Friend')];
  }, 60_000);
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
  });

  it('says that there is nothing yet, and makes nothing of it', async () => {
    expect((await get<NumberStatusAnswer>('status')).data).toMatchObject({
      ready: false,
      initializing: false,
      hasQRCode: false,
      reconnectAttempts: 0,
    });
    expect(await status()).toMatchObject({ status: 'DISCONNECTED', sessionId: null });
    expect(await refused('POST', 'disconnect')).toContain('404 session_not_found');
    const body = { phone: friend, message: 'too early' };
    expect(await refused('POST', 'send', body)).toContain('404 session_not_found');
    expect((await server.call<SessionList>('GET', '/api/sessions')).body.sessions).toEqual([]);
  });

  it('makes one session for who asks for a QR, however many ask', async () => {
    const shown = async () => {
      const answer = await get<NumberQrAnswer>('qr');
      return answer.success ? answer : undefined;
    };
    const answers = await Promise.all([1, 2, 3].map(() => eventually('a QR', shown)));
    const now = await status();
    id = now.sessionId ?? '';
    expect((await server.call<SessionList>('GET', '/api/sessions')).body.sessions).toHaveLength(1);
    for (const { data } of answers) {
      expect(data.qr).toMatch(/^data:image\/png;base64,/);
      const life = Date.parse(data.expiresAt) - Date.parse(data.generatedAt);
      expect(Math.abs(life - QR_LIFE)).toBeLessThan(1000);
    }
    const { data } = await get<IsAuthenticatedAnswer>('is-authenticated');
    expect(data.authenticated).toBe(false);
  });

  it('renews the QR by itself and never shows one that has run out', async () => {
    await eventually('a third QR', async () => {
      const asked = Date.now();
      const { success, data } = await get<NumberQrAnswer>('qr');
      if (!success) return undefined;
      expect(Date.parse(data.expiresAt)).toBeGreaterThan(asked);
      seen.add(data.qr);
      return seen.size >= 3 || undefined;
    });
    const now = await becomes('QR_READY');
    expect(now).toMatchObject({ hasQRCode: true, ready: false });
    expect(now.qrCodeExpiry).not.toBeNull();
  });

  it('gives an admin a new QR, and nobody else', async () => {
    const ada = await TestPerson.setUp(server);
    const bearer = (await ada.call<{ token: string }>('POST', '/api/auth/token')).body.token;
    const answer = await server.call<NewQrAnswer>('GET', '/api/whatsapp/admin/qr-code', undefined, {
      authorization: `Bearer ${bearer}`,
    });
    const { data } = answer.body;
    expect(seen).not.toContain(data.qr);
    expect(data.expiryInSeconds).toBeLessThanOrEqual(QR_LIFE / 1000);
    const agent = await ada.invites('agent', 'agent@example.org');
    for (const [method, path] of [
      ['GET', 'admin/qr-code'],
      ['POST', 'disconnect'],
      ['POST', 'reconnect'],
    ] as const) {
      expect(await refused(method, path, undefined, agent.headers)).toContain('403 forbidden');
    }
    expect(await refused('GET', 'status', undefined, {})).toContain('401 unauthorized');
  });

  it('is ready when the phone has scanned, and then shows no QR', async () => {
    await eventually('the QR is scanned', async () => {
      const qr = await server.qrOf(id);
      const scanned = sandbox.call('POST', `/api/phones/${own}/scan`, { qr });
      return await scanned.then(
        () => true,
        () => undefined,
      );
    });
    const now = await becomes('READY');
    expect(now).toMatchObject({ ready: true, hasQRCode: false, qrCodeExpiry: null });
    const { data } = await get<IsAuthenticatedAnswer>('is-authenticated');
    expect(data.authenticated).toBe(true);
    for (const path of ['qr', 'admin/qr-code']) {
      expect(await refused('GET', path)).toContain('409 session_already_connected');
    }
  });

  it('sends a text to a number that is one and is on WhatsApp', async () => {
    const { status: code, body } = await send(`+${friend.slice(0, 3)} ${friend.slice(3)}`, 'Hello');
    expect([code, body.success]).toEqual([202, true]);
    await server.message(id, body.data.messageId, (message) => message.status === 'delivered');
    const got = await sandbox.messagesOf(friend);
    expect(got.filter(({ text }) => text === 'Hello')).toHaveLength(1);
  });

  it('says of other numbers what is wrong, and keeps nothing of them', async () => {
    const to = (phone: string) => refused('POST', 'send', { phone, message: 'x' });
    expect(await to('+51 987 654')).toMatch(/^400 invalid_phone: .*too short/);
    expect(await to('call me')).toMatch(/^400 invalid_phone: .*digits/);
    expect(await to('0987654321')).toMatch(/^400 invalid_phone: .*code of a country/);
    expect(await to('+999 7777 000001')).toContain('404 not_on_whatsapp');
    const wrong = await refused('POST', 'send', { phone: friend });
    expect(wrong).toMatch(/^400 invalid_request: .*message/);
    const { body } = await server.call<{ chats: object[] }>('GET', `/api/sessions/${id}/chats`);
    expect(body.chats).toHaveLength(1);
  });

  it('takes the same request under one Idempotency-Key once', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => send(friend, 'only once', 'order-1')));
    const ids = new Set(answers.map(({ body }) => body.data.messageId));
    expect(ids.size).toBe(1);
    const body = { phone: friend, message: 'another' };
    const headers = { 'x-api-key': API_KEY, 'idempotency-key': 'order-1' };
    expect(await refused('POST', 'send', body, headers)).toContain('409 idempotency_key_reused');
    await server.message(id, [...ids][0] ?? '', (message) => message.status === 'delivered');
  });

  it('disconnects, answers what it knows, and connects again without a scan', async () => {
    const closed = await server.call('POST', '/api/whatsapp/disconnect');
    expect(closed).toMatchObject({ status: 200, body: { success: true } });
    expect(await status()).toMatchObject({ status: 'DISCONNECTED', ready: false });
    const body = { phone: friend, message: 'while closed' };
    expect(await refused('POST', 'send', body)).toContain('409 session_not_connected');
    expect((await send(friend, 'only once', 'order-1')).status).toBe(202);
    expect((await server.call('POST', '/api/whatsapp/reconnect')).status).toBe(200);
    await becomes('READY');
  });

  it('speaks for the session that was chosen, else for the oldest', async () => {
    const asked = () => get<DefaultSessionAnswer>('session').then(({ data }) => data);
    const choose = (sessionId: string | null) =>
      server.call<DefaultSessionAnswer>('PUT', '/api/whatsapp/session', { sessionId });
    await server.call('PUT', '/api/sessions/another');
    expect(await asked()).toEqual({ sessionId: id, chosen: false });
    expect((await choose('another')).body.data).toEqual({ sessionId: 'another', chosen: true });
    expect(await status()).toMatchObject({ sessionId: 'another', ready: false });
    expect((await choose('nobodys')).status).toBe(404);
    await server.call('DELETE', '/api/accounts/another');
    expect(await asked()).toEqual({ sessionId: id, chosen: false });
    expect((await choose(id)).body.data.chosen).toBe(true);
    expect((await choose(null)).body.data.chosen).toBe(false);
  });

  it('tells its events under their names, each once, from any cursor', async () => {
    const events = Object.keys(NOTIFICATION_EVENTS);
    const told = async (after: number) => {
      const socket = await TestSocket.open(server.url, '?format=events');
      socket.say({ type: 'subscribe', sessionId: id, after, events });
      await socket.frame('live', ({ type }) => type === 'live');
      socket.socket.terminate();
      return socket.frames.flatMap(({ event }) => (event ? [event as LogEvent] : []));
    };
    const all = await told(0);
    const names = all.map(({ name }) => name as string);
    expect(new Set(all.map((event) => event.id)).size).toBe(all.length);
    const of = (name: string) => names.filter((one) => one === name).length;
    expect(of('whatsapp.qr')).toBeGreaterThan(3);
    expect(of('whatsapp.authenticated')).toBe(1);
    expect(of('whatsapp.ready')).toBe(2);
    expect(of('whatsapp.manual_disconnect')).toBe(1);
    expect(of('whatsapp.disconnected')).toBe(1);
    // For the new QR, and after the disconnect.
    expect(of('whatsapp.manual_reconnect')).toBe(2);
    expect(of('whatsapp.message_create')).toBe(2);
    expect(of('whatsapp.message_sent')).toBe(2);
    const middle = all[Math.floor(all.length / 2)];
    expect(await told(middle?.position ?? 0)).toEqual(all.slice(Math.floor(all.length / 2) + 1));
  });

  it('tells an event once to who asks for both of its names', async () => {
    const socket = await TestSocket.open(server.url);
    const events = ['session.message', 'whatsapp.message_create', 'whatsapp.message_sent'];
    socket.say({ type: 'subscribe', sessionId: id, after: 0, events });
    await socket.frame('live', ({ type }) => type === 'live');
    socket.socket.terminate();
    const told = socket.frames.flatMap(({ channel, data }) =>
      channel ? [[channel, data?.name]] : [],
    );
    const [msg, event] = [`wa:msg:${id}`, `wa:event:${id}`];
    expect(told.filter(([channel]) => channel === msg)).toHaveLength(2);
    expect(told.filter(([channel]) => channel === event)).toEqual([
      [event, 'whatsapp.message_sent'],
      [event, 'whatsapp.message_sent'],
    ]);
  });

  it('tells them over Server-Sent Events too, and knows its names', async () => {
    const stop = new AbortController();
    const headers = { 'x-api-key': API_KEY };
    const path = `${server.url}/api/events/stream?after=0&events=whatsapp.ready`;
    const answer = await fetch(path, { headers, signal: stop.signal });
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of answer.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      if ((text.match(/event: whatsapp\.ready/g) ?? []).length === 2) break;
    }
    stop.abort();
    expect(text).not.toContain('event: session.');
    const wrong = await server.call<Refusal>('GET', '/api/events/stream?events=whatsapp.nothing');
    expect([wrong.status, wrong.body.error.code]).toEqual([400, 'invalid_request']);
  });
});
