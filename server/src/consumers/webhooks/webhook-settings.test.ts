import type {
  Webhook,
  WebhookPage,
  WebhookTestAnswer,
  WebhookWithSecret,
} from '@patchbay/contract';
import { describe, expect, it } from 'vitest';
import { databases } from '../../testing/databases.js';
import { eventually } from '../../testing/eventually.js';
import { hookedServer } from './testing/hooked-server.js';
import { WebhookReceiver } from './testing/webhook-receiver.js';

interface Refusal {
  error: { code: string; message: string };
}

describe.each(databases)('what is set of webhooks, on %s', (database) => {
  const hooked = hookedServer(database);
  const { create, say, deliveries } = hooked;

  it('shows a secret once and seals it, with the headers', async () => {
    const created = await create({ headers: { Authorization: 'Bearer a-secret-of-mine' } });
    expect(created.secret).toMatch(/^whsec_/);
    expect(created.headers).toEqual(['Authorization']);
    const { body } = await hooked.server.call<Webhook>('GET', `/api/webhooks/${created.id}`);
    expect(JSON.stringify(body)).not.toContain(created.secret);
    expect(JSON.stringify(body)).not.toContain('a-secret-of-mine');
    const row = await hooked.server.house.database.kysely
      .selectFrom('webhooks')
      .selectAll()
      .where('id', '=', created.id)
      .executeTakeFirstOrThrow();
    const stored = Buffer.concat([Buffer.from(row.secret), Buffer.from(row.headers)]);
    expect(stored.includes(created.secret)).toBe(false);
    expect(stored.includes('a-secret-of-mine')).toBe(false);

    const path = `/api/webhooks/${created.id}`;
    const renewed = await hooked.server.call<WebhookWithSecret>('POST', `${path}/secret`);
    expect(renewed.body.secret).not.toBe(created.secret);
    hooked.receiver.secret = renewed.body.secret;
    await hooked.server.call('PUT', path, { headers: { Authorization: null, 'X-New': 'n' } });
    await say(hooked.other, 'after the change');
    const call = await eventually('a call', () => hooked.receiver.calls[0]);
    expect(call.headers).toMatchObject({ authorization: 'Bearer a-secret-of-mine', 'x-new': 'n' });
    const unknown = await hooked.server.call<Refusal>('PUT', path, {
      headers: { 'X-Unknown': null },
    });
    expect([unknown.status, unknown.body.error.code]).toEqual([400, 'invalid_request']);
  });

  it('keeps what a change does not name, and answers 404 for what is not there', async () => {
    const created = await create({
      name: 'First',
      events: ['session.message'],
      chats: [hooked.other],
    });
    const path = `/api/webhooks/${created.id}`;
    const changed = await hooked.server.call<Webhook>('PUT', path, { name: null });
    expect(changed.body).toMatchObject({
      name: null,
      events: ['session.message'],
      chats: [`${hooked.other}@s.whatsapp.net`],
      enabled: true,
      history: false,
    });
    const second = await create();
    const first = await hooked.server.call<WebhookPage>('GET', '/api/webhooks?limit=1');
    expect(first.body.webhooks.map(({ id }) => id)).toEqual([created.id]);
    const rest = await hooked.server.call<WebhookPage>(
      'GET',
      `/api/webhooks?after=${first.body.after}`,
    );
    expect(rest.body.webhooks.map(({ id }) => id)).toEqual([second.id]);
    expect((await hooked.server.call('DELETE', path)).status).toBe(200);
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
      const answer = await hooked.server.call<Refusal>(method, `${path}${suffix}`, body);
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
    const answer = await hooked.server.call<Refusal>('POST', '/api/webhooks', {
      url: hooked.receiver.url,
      ...body,
    });
    expect([answer.body.error.code, hooked.receiver.calls]).toEqual([code, []]);
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
      const answer = await hooked.server.call<Refusal>('GET', path);
      expect([path, answer.body.error.code]).toEqual([path, 'invalid_request']);
    }
  });

  it('tests a webhook at once and tells what came of it', async () => {
    const { id } = await create();
    hooked.receiver.answer = ({ event }) => [418, `no tea for ${String(event.name)}`];
    const { body } = await hooked.server.call<WebhookTestAnswer>(
      'POST',
      `/api/webhooks/${id}/test`,
    );
    expect(body).toMatchObject({
      delivered: false,
      status: 418,
      response: 'no tea for webhook.test',
    });
    await hooked.receiver.stop();
    const down = await hooked.server.call<WebhookTestAnswer>('POST', `/api/webhooks/${id}/test`);
    expect(down.body).toMatchObject({ delivered: false, status: null });
    expect(down.body.error).toContain('ECONNREFUSED');

    const noted = (await deliveries(id)).deliveries.filter(({ cause }) => cause === 'test');
    const { delivered: _, deliveryId, ...attempt } = body;
    expect(noted).toMatchObject([
      { id: down.body.deliveryId, state: 'failed', attempts: 1, log: [{ status: null }] },
      { id: deliveryId, state: 'failed', eventName: 'webhook.test', log: [attempt] },
    ]);
    expect(noted[0]).toMatchObject({ position: null, sessionId: null, nextAttemptAt: null });
    expect((await hooked.server.call<Webhook>('GET', `/api/webhooks/${id}`)).body.dead).toBe(0);
    const again = await hooked.server.call<Refusal>('POST', `/api/webhooks/${id}/redeliver`, {
      deliveryId,
    });
    expect([again.status, again.body.error.code]).toEqual([400, 'invalid_request']);
    hooked.receiver = await WebhookReceiver.start();
  });

  it('keeps only the head of an answer', async () => {
    const { id } = await create();
    hooked.receiver.answer = () => [200, `${'x'.repeat(100_000)}\0`];
    const { body } = await hooked.server.call<WebhookTestAnswer>(
      'POST',
      `/api/webhooks/${id}/test`,
    );
    expect(body.delivered).toBe(true);
    expect(body.response).toBe('x'.repeat(1024));
    expect((await deliveries(id, '?state=delivered')).deliveries).toMatchObject([
      { cause: 'test', id: body.deliveryId },
    ]);
  });
});
