import type {
  CreateWebhook,
  DeliveryPage,
  EventName,
  EventPage,
  LogEvent,
  Webhook,
  WebhookDelivery,
  WebhookPage,
  WebhookTestAnswer,
  WebhookWithSecret,
} from '@patchbay/contract';
import '@patchbay/hardening';
import { proto } from 'baileys';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { databases } from '../../testing/databases.js';
import { eventually } from '../../testing/eventually.js';
import { TestSandbox } from '../../testing/test-sandbox.js';
import { TestServer } from '../../testing/test-server.js';
import type { ReceivedCall } from './testing/webhook-receiver.js';
import { WebhookReceiver } from './testing/webhook-receiver.js';

interface Refusal {
  error: { code: string; message: string };
}

describe.each(databases)('webhooks on %s', (database) => {
  let sandbox: TestSandbox;
  let server: TestServer;
  let receiver: WebhookReceiver;
  let own: string;
  let other: string;
  let third: string;

  const create = async (body: Partial<CreateWebhook> = {}) => {
    const answer = await server.call<WebhookWithSecret>('POST', '/api/webhooks', {
      url: receiver.url,
      ...body,
    });
    expect([answer.status, answer.body]).toMatchObject([201, { url: receiver.url }]);
    receiver.secret = answer.body.secret;
    return answer.body;
  };
  const say = async (from: string, text: string) => {
    const id = await sandbox.write(from, { to: own, text });
    await server.message('main', id);
    return id;
  };
  const textsOf = (calls: { event: LogEvent }[]) =>
    calls.flatMap(({ event }) =>
      event.name === 'session.message' ? [event.data.message.content] : [],
    );
  const deliveries = async (id: string, query = '') =>
    (await server.call<DeliveryPage>('GET', `/api/webhooks/${id}/deliveries${query}`)).body;
  const settled = (id: string, fits: (all: WebhookDelivery[]) => boolean) =>
    eventually('the deliveries are as they should be', async () => {
      const { deliveries: all } = await deliveries(id);
      return fits(all) ? all : undefined;
    });

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    server = await TestServer.start(sandbox, {
      database,
      environment: { ALLOW_PRIVATE_TARGETS: '127.0.0.1' },
    });
    [own, other, third] = [await sandbox.phone(), await sandbox.phone(), await sandbox.phone()];
    await sandbox.write(other, { to: own, text: 'from before the link' });
    await server.linked(sandbox, 'main', own);
  });
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
  });
  beforeEach(async () => {
    receiver = await WebhookReceiver.start();
  });
  afterEach(async () => {
    const { body } = await server.call<WebhookPage>('GET', '/api/webhooks');
    for (const { id } of body.webhooks) await server.call('DELETE', `/api/webhooks/${id}`);
    await receiver.stop();
    expect(receiver.faults).toEqual([]);
  });

  it('calls with the event as the log has it, signed, once', async () => {
    const { id } = await create({ headers: { 'X-Mine': 'kept secret' } });
    const messageId = await say(other, 'hello hook');
    const call = await eventually('the call', () =>
      receiver.calls.find(({ body }) => body.includes(messageId)),
    );
    const { body } = await server.call<EventPage>(
      'GET',
      `/api/events?after=${call.event.position - 1}&limit=1`,
    );
    expect(call.event).toEqual(body.events[0]);
    expect(call.headers).toMatchObject({
      'content-type': 'application/json',
      'x-mine': 'kept secret',
      'x-patchbay-event': 'session.message',
      'x-patchbay-webhook': id,
      'x-patchbay-attempt': '1',
    });
    const all = await settled(id, (rows) => rows.every(({ state }) => state === 'delivered'));
    const delivery = all.find(({ eventId }) => eventId === call.eventId);
    expect(delivery).toMatchObject({
      attempts: 1,
      cause: 'event',
      sessionId: 'main',
      log: [{ status: 200, error: null, response: 'thank you' }],
    });
    expect(receiver.calls.filter(({ eventId }) => eventId === call.eventId)).toHaveLength(1);
  });

  it('shows a secret once and seals it, with the headers', async () => {
    const created = await create({ headers: { Authorization: 'Bearer a-secret-of-mine' } });
    expect(created.secret).toMatch(/^whsec_/);
    expect(created.headers).toEqual(['Authorization']);
    const { body } = await server.call<Webhook>('GET', `/api/webhooks/${created.id}`);
    expect(JSON.stringify(body)).not.toContain(created.secret);
    expect(JSON.stringify(body)).not.toContain('a-secret-of-mine');
    const row = await server.house.database.kysely
      .selectFrom('webhooks')
      .selectAll()
      .where('id', '=', created.id)
      .executeTakeFirstOrThrow();
    const stored = Buffer.concat([Buffer.from(row.secret), Buffer.from(row.headers)]);
    expect(stored.includes(created.secret)).toBe(false);
    expect(stored.includes('a-secret-of-mine')).toBe(false);

    const path = `/api/webhooks/${created.id}`;
    const renewed = await server.call<WebhookWithSecret>('POST', `${path}/secret`);
    expect(renewed.body.secret).not.toBe(created.secret);
    receiver.secret = renewed.body.secret;
    await server.call('PUT', path, { headers: { Authorization: null, 'X-New': 'n' } });
    await say(other, 'after the change');
    const call = await eventually('a call', () => receiver.calls[0]);
    expect(call.headers).toMatchObject({ authorization: 'Bearer a-secret-of-mine', 'x-new': 'n' });
    const unknown = await server.call<Refusal>('PUT', path, { headers: { 'X-Unknown': null } });
    expect([unknown.status, unknown.body.error.code]).toEqual([400, 'invalid_request']);
  });

  it('keeps what a change does not name, and answers 404 for what is not there', async () => {
    const created = await create({ name: 'First', events: ['session.message'], chats: [other] });
    const path = `/api/webhooks/${created.id}`;
    const changed = await server.call<Webhook>('PUT', path, { name: null });
    expect(changed.body).toMatchObject({
      name: null,
      events: ['session.message'],
      chats: [`${other}@s.whatsapp.net`],
      enabled: true,
      history: false,
    });
    const second = await create();
    const first = await server.call<WebhookPage>('GET', '/api/webhooks?limit=1');
    expect(first.body.webhooks.map(({ id }) => id)).toEqual([created.id]);
    const rest = await server.call<WebhookPage>('GET', `/api/webhooks?after=${first.body.after}`);
    expect(rest.body.webhooks.map(({ id }) => id)).toEqual([second.id]);
    expect((await server.call('DELETE', path)).status).toBe(200);
    for (const [method, suffix, body] of [
      ['GET', ''],
      ['PUT', '', {}],
      ['DELETE', ''],
      ['POST', '/test'],
      ['POST', '/secret'],
      ['GET', '/deliveries'],
      ['GET', '/dead-letters'],
      ['POST', '/redeliver', { dead: true }],
    ] as const) {
      const answer = await server.call<Refusal>(method, `${path}${suffix}`, body);
      expect([suffix, answer.status, answer.body.error.code]).toEqual([
        suffix,
        404,
        'webhook_not_found',
      ]);
    }
  });

  it.each([
    [{ url: 'http://10.0.0.1/' }, 'url_refused'],
    [{ url: 'http://127.0.0.2:1/' }, 'url_refused'],
    [{ url: 'ftp://example.org/' }, 'url_refused'],
    [{ url: 'http://user:password@127.0.0.1/' }, 'url_refused'],
    [{ url: 'nonsense' }, 'url_refused'],
    [{ sessionId: 'nobody' }, 'session_not_found'],
    [{ events: ['session.nothing'] }, 'invalid_request'],
    [{ chats: ['???'] }, 'invalid_chat'],
    [{ headers: { Host: 'x' } }, 'invalid_request'],
    [{ headers: { 'X-Patchbay-Signature': 'x' } }, 'invalid_request'],
    [{ headers: { 'X-A': 'a\r\nb' } }, 'invalid_request'],
    [{ secret: 'short' }, 'invalid_request'],
    [{ name: 'a\0b' }, 'invalid_request'],
    [{ chats: ['a\0b@g.us'] }, 'invalid_request'],
    [{ headers: { __proto__: 'x', 'X-Ä': 'x' } }, 'invalid_request'],
    [{ unknown: 1 }, 'invalid_request'],
  ])('refuses %j', async (body, code) => {
    const answer = await server.call<Refusal>('POST', '/api/webhooks', {
      url: receiver.url,
      ...body,
    });
    expect([answer.body.error.code, receiver.calls]).toEqual([code, []]);
  });

  it('refuses what cannot be an id or a cursor of ours', async () => {
    const { id } = await create();
    const cursor = (...parts: unknown[]) =>
      Buffer.from(JSON.stringify(parts)).toString('base64url');
    for (const path of [
      '/api/webhooks/a%00b',
      `/api/webhooks?after=${cursor(1.5, id)}`,
      `/api/webhooks?after=${cursor(1, 'a\0')}`,
      `/api/webhooks/${id}/deliveries?before=${cursor(1e300)}`,
      `/api/webhooks/${id}/deliveries?state=none`,
    ]) {
      const answer = await server.call<Refusal>('GET', path);
      expect([path, answer.body.error.code]).toEqual([path, 'invalid_request']);
    }
  });

  it('delivers what the filters let through', async () => {
    await create({ events: ['session.message'], chats: [other], sessionId: 'main' });
    await say(third, 'of another chat');
    await server.send('main', third, 'to another chat');
    await say(other, 'of the chat');
    await eventually(
      'the message',
      () => textsOf(receiver.calls).includes('of the chat') || undefined,
    );
    expect(textsOf(receiver.calls)).toEqual(['of the chat']);
    expect(receiver.calls.map(({ event }) => event.name)).toEqual(['session.message']);
  });

  it('is not woken by history unless asked to', async () => {
    const events: EventName[] = ['session.message', 'message.reaction'];
    const silent = await create({ events });
    const asking = await WebhookReceiver.start();
    const made = await server.call<WebhookWithSecret>('POST', '/api/webhooks', {
      url: asking.url,
      events,
      history: true,
    });
    asking.secret = made.body.secret;
    const phone = await sandbox.phone();
    const messageId = await sandbox.write(other, { to: phone, text: 'an old story' });
    await sandbox.write(other, { to: phone, reaction: { messageId, emoji: '👍' } });
    await server.linked(sandbox, `linked-later-${phone}`, phone);
    await eventually(
      'the history',
      () => asking.calls.some(({ event }) => event.name === 'message.reaction') || undefined,
    );
    expect(textsOf(asking.calls)).toContain('an old story');
    await sandbox.write(other, { to: phone, text: 'and a new one' });
    await eventually(
      'the news',
      () => textsOf(receiver.calls).includes('and a new one') || undefined,
    );
    expect(textsOf(receiver.calls)).not.toContain('an old story');
    expect(receiver.calls.map(({ event }) => event.name)).not.toContain('message.reaction');
    await server.call('DELETE', `/api/webhooks/${silent.id}`);
    await asking.stop();
    expect(asking.faults).toEqual([]);
  });

  it('carries the raw message for those who ask for it', async () => {
    const { id } = await create({ events: ['session.message'], raw: true });
    const plain = await WebhookReceiver.start();
    const made = await server.call<WebhookWithSecret>('POST', '/api/webhooks', {
      url: plain.url,
      events: ['session.message'],
    });
    plain.secret = made.body.secret;
    const messageId = await say(other, 'as it came');
    const rawOf = (calls: ReceivedCall[]) =>
      eventually('the call', () => {
        const call = calls.find(({ body }) => body.includes(messageId));
        return call?.event.name === 'session.message'
          ? { raw: call.event.data.raw, position: call.event.position }
          : undefined;
      });
    const { raw, position } = await rawOf(receiver.calls);
    const message = proto.WebMessageInfo.decode(Buffer.from(String(raw), 'base64'));
    expect([message.key?.id, message.message?.conversation]).toEqual([messageId, 'as it came']);
    const kept = await server.call<{ raw: string }>(
      'GET',
      `/api/sessions/main/messages/${messageId}?raw=1`,
    );
    expect(raw).toBe(kept.body.raw);
    expect(await rawOf(plain.calls)).toEqual({ raw: undefined, position });

    const page = async (query: string) =>
      (await server.call<EventPage>('GET', `/api/events?after=${position - 1}&limit=1&${query}`))
        .body.events;
    expect(await page('raw=1')).toMatchObject([{ data: { raw } }]);
    expect(await page('raw=0')).not.toHaveProperty('0.data.raw');
    expect(
      (await server.call<Webhook>('PUT', `/api/webhooks/${id}`, { raw: false })).body.raw,
    ).toBe(false);
    await plain.stop();
    expect(plain.faults).toEqual([]);
  });

  it('tests a webhook at once and tells what came of it', async () => {
    const { id } = await create();
    receiver.answer = ({ event }) => [418, `no tea for ${String(event.name)}`];
    const { body } = await server.call<WebhookTestAnswer>('POST', `/api/webhooks/${id}/test`);
    expect(body).toMatchObject({
      delivered: false,
      status: 418,
      response: 'no tea for webhook.test',
    });
    await receiver.stop();
    const down = await server.call<WebhookTestAnswer>('POST', `/api/webhooks/${id}/test`);
    expect(down.body).toMatchObject({ delivered: false, status: null });
    expect(down.body.error).toContain('ECONNREFUSED');

    const noted = (await deliveries(id)).deliveries.filter(({ cause }) => cause === 'test');
    const { delivered: _, deliveryId, ...attempt } = body;
    expect(noted).toMatchObject([
      { id: down.body.deliveryId, state: 'failed', attempts: 1, log: [{ status: null }] },
      { id: deliveryId, state: 'failed', eventName: 'webhook.test', log: [attempt] },
    ]);
    expect(noted[0]).toMatchObject({ position: null, sessionId: null, nextAttemptAt: null });
    expect((await server.call<Webhook>('GET', `/api/webhooks/${id}`)).body.dead).toBe(0);
    const again = await server.call<Refusal>('POST', `/api/webhooks/${id}/redeliver`, {
      deliveryId,
    });
    expect([again.status, again.body.error.code]).toEqual([400, 'invalid_request']);
    receiver = await WebhookReceiver.start();
  });

  it('keeps only the head of an answer', async () => {
    const { id } = await create();
    receiver.answer = () => [200, `${'x'.repeat(100_000)}\0`];
    const { body } = await server.call<WebhookTestAnswer>('POST', `/api/webhooks/${id}/test`);
    expect(body.delivered).toBe(true);
    expect(body.response).toBe('x'.repeat(1024));
    expect((await deliveries(id, '?state=delivered')).deliveries).toMatchObject([
      { cause: 'test', id: body.deliveryId },
    ]);
  });

  it('waits while it is disabled, and goes on when it is enabled', async () => {
    const { id } = await create({ events: ['session.message'] });
    receiver.answer = () => 500;
    await say(other, 'before the pause');
    await eventually('the first call', () => receiver.calls[0]);
    await server.call('PUT', `/api/webhooks/${id}`, { enabled: false });
    await say(other, 'in the pause');
    receiver.answer = () => 200;
    await server.call('PUT', `/api/webhooks/${id}`, { enabled: true });
    await say(other, 'after the pause');
    await eventually(
      'the last message',
      () => textsOf(receiver.taken).includes('after the pause') || undefined,
    );
    expect(textsOf(receiver.taken)).toEqual(['before the pause', 'after the pause']);
  });

  it('delivers one event again, and those of a time span in their order', async () => {
    const { id } = await create({ events: ['session.message'] });
    const from = new Date().toISOString();
    for (const n of [1, 2, 3]) await say(other, `again ${n}`);
    const all = await settled(
      id,
      (rows) => rows.length === 3 && rows.every(({ state }) => state === 'delivered'),
    );
    const before = receiver.calls.length;
    const oldest = all.at(-1) as WebhookDelivery;
    const again = await server.call('POST', `/api/webhooks/${id}/redeliver`, {
      deliveryId: oldest.id,
    });
    expect(again.status).toBe(202);
    const call = await eventually('the call', () => receiver.calls[before]);
    expect([call.eventId, call.attempt]).toEqual([oldest.eventId, 2]);

    const span = await server.call('POST', `/api/webhooks/${id}/redeliver`, { from });
    expect(span.status).toBe(202);
    await eventually('three more', () => receiver.calls.length === before + 4 || undefined);
    expect(textsOf(receiver.calls.slice(before + 1))).toEqual(['again 1', 'again 2', 'again 3']);
    const ids = new Set(receiver.calls.map(({ eventId }) => eventId));
    expect(ids.size).toBe(3);

    const unknown = await server.call<Refusal>('POST', `/api/webhooks/${id}/redeliver`, {
      deliveryId: 'dlv_none',
    });
    expect(unknown.body.error.code).toBe('delivery_not_found');
  });
});
