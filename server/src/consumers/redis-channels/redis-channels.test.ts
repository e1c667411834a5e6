import type { ConnectionStatus, NumberQr, NumberQrAnswer, SessionAnswer } from '@patchbay/contract';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../../testing/databases.js';
import { eventually } from '../../testing/eventually.js';
import { hasRedis, TestRedis } from '../../testing/test-redis.js';
import { TestSandbox } from '../../testing/test-sandbox.js';
import { TestServer } from '../../testing/test-server.js';

interface Heard {
  channel: string;
  data: {
    sessionId: string;
    qr?: string;
    status?: string;
    message?: { id: string; content: string };
    cursor: number;
    id: string;
  };
}

/** On PostgreSQL a second process has the same database and Redis. */
describe.runIf(hasRedis).each(databases)('channels and cache on Redis, on %s', (database) => {
  let redis: TestRedis;
  let sandbox: TestSandbox;
  let server: TestServer;
  let other: TestServer;
  let listener: Redis;
  let own: string;
  const heard: Heard[] = [];
  let id = '';

  const hears = (what: string, fits: (one: Heard) => boolean) =>
    eventually(what, () => heard.find(fits));
  const cached = async <Value>(key: string) =>
    await redis.ask(async (client) => {
      const [text, life] = await Promise.all([
        client.get(`cache:whatsapp:${key}`),
        client.pttl(`cache:whatsapp:${key}`),
      ]);
      return text === null ? undefined : { value: JSON.parse(text) as Value, life };
    });

  beforeAll(async () => {
    redis = await TestRedis.start();
    sandbox = await TestSandbox.start();
    const environment = { REDIS_URL: redis.url, PATCHBAY_SECRET: 'one secret for both of them' };
    server = await TestServer.start(sandbox, { database, environment });
    const url = server.databaseUrl;
    other = url
      ? await TestServer.start(sandbox, {
          database,
          environment: { ...environment, DATABASE_URL: url },
        })
      : server;
    listener = new Redis(redis.url);
    listener.on('error', () => undefined);
    listener.on('pmessage', (_pattern, channel, text) =>
      heard.push({ channel, data: JSON.parse(text) }),
    );
    await listener.psubscribe('wa:*');
    own = await sandbox.phone('Shop');
  }, 60_000);
  afterAll(async () => {
    listener.disconnect();
    if (other !== server) await other.stop();
    await server.stop();
    await sandbox.stop();
    await redis.stop();
  });

  it('a QR is told and kept until it runs out, and any process answers with it', async () => {
    const { body } = await eventually('a QR', async () => {
      const answer = await server.call<NumberQrAnswer>('GET', '/api/whatsapp/qr');
      return answer.status === 200 ? answer : undefined;
    });
    const { qr, expiresAt } = body.data;
    const told = await hears('the QR', ({ channel }) => channel.startsWith('wa:qr:'));
    id = told.data.sessionId;
    expect(told).toMatchObject({ channel: `wa:qr:${id}`, data: { qr } });
    for (const key of ['qr', `qr:${id}`]) {
      const kept = await eventually('it is kept', () => cached<NumberQr>(key));
      expect(kept.value).toEqual(body.data);
      expect(kept.life).toBeLessThanOrEqual(Date.parse(expiresAt) - Date.now() + 1000);
      expect(kept.life).toBeGreaterThan(0);
    }
    const asked = await other.call<NumberQrAnswer>('GET', '/api/whatsapp/qr');
    expect(asked.body).toEqual(body);
    const status = await eventually('a status', () => cached<ConnectionStatus>('status'));
    expect(status.value).toMatchObject({
      sessionId: id,
      status: 'QR_READY',
      qrCodeExpiry: expiresAt,
    });
  });

  it('what is there of another QR, or is none, is passed over', async () => {
    const { body } = await server.call<NumberQrAnswer>('GET', '/api/whatsapp/qr');
    for (const text of ['no json', JSON.stringify({ ...body.data, expiresAt: 'other', qr: 'x' })]) {
      await redis.ask((client) => client.set(`cache:whatsapp:qr:${id}`, text));
      const again = await server.call<NumberQrAnswer>('GET', '/api/whatsapp/qr');
      expect(again.body.data.qr).toMatch(/^data:image/);
    }
  });

  it('the QR goes when it was scanned, and the status is told and kept', async () => {
    const qr = await server.qrOf(id);
    await sandbox.call('POST', `/api/phones/${own}/scan`, { qr });
    await hears('connected', ({ data }) => data.status === 'connected');
    await eventually('the QR is gone', async () => {
      const kept = await Promise.all([cached('qr'), cached(`qr:${id}`)]);
      return kept.every((one) => one === undefined) || undefined;
    });
    const status = await eventually('the status', async () => {
      const kept = await cached<ConnectionStatus>(`status:${id}`);
      return kept?.value.status === 'READY' ? kept : undefined;
    });
    expect(status.life).toBeLessThanOrEqual(60_000);
  });

  it('messages are told once, in the order of the log', async () => {
    const friend = await sandbox.phone('Friend');
    const got = await sandbox.write(friend, { to: own, text: 'one' });
    await server.message(id, got);
    const sent = await server.send(id, friend, 'two');
    for (const messageId of [got, sent]) {
      await hears('the message', ({ data }) => data.message?.id === messageId);
    }
    const messages = heard.filter(({ channel }) => channel === `wa:msg:${id}`);
    expect(messages.map(({ data }) => data.message?.content)).toEqual(['one', 'two']);
    expect(new Set(heard.map(({ data }) => data.id)).size).toBe(heard.length);
    const cursors = heard.map(({ data }) => data.cursor);
    expect(cursors).toEqual([...cursors].sort((a, b) => a - b));
  });

  it('another session has keys of its own; without Redis all is answered as well', async () => {
    const { body } = await server.call<SessionAnswer>('PUT', '/api/sessions/second');
    const shown = body.qr?.dataUrl;
    const kept = await eventually('its QR', () => cached<NumberQr>('qr:second'));
    expect(kept.value.qr).toBe(shown);
    expect(await cached('qr')).toBeUndefined();
    await redis.kill();
    const now = await server.call<{ data: ConnectionStatus }>(
      'GET',
      '/api/whatsapp/connection-status',
    );
    expect(now.body.data).toMatchObject({ sessionId: id, status: 'READY' });
    await server.call('PUT', '/api/whatsapp/session', { sessionId: 'second' });
    const asked = await eventually('its QR', async () => {
      const answer = await server.call<NumberQrAnswer>('GET', '/api/whatsapp/qr');
      return answer.status === 200 ? answer : undefined;
    });
    expect(asked.body.data.qr).toMatch(/^data:image/);
    await redis.start();
  });
});
