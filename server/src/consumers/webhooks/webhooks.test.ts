import type {
  EventName,
  EventPage,
  Webhook,
  WebhookDelivery,
  WebhookWithSecret,
} from '@patchbay/contract';
import '@patchbay/hardening';
import { proto } from 'baileys';
import { describe, expect, it } from 'vitest';
import { databases } from '../../testing/databases.js';
import { eventually } from '../../testing/eventually.js';
import { hookedServer } from './testing/hooked-server.js';
import type { ReceivedCall } from './testing/webhook-receiver.js';
import { WebhookReceiver } from './testing/webhook-receiver.js';

interface Refusal {
  error: { code: string; message: string };
}

describe.each(databases)('webhooks on %s', (database) => {
  const hooked = hookedServer(database);
  const { create, say, textsOf, settled } = hooked;

  it('calls with the event as the log has it, signed, once', async () => {
    const { id } = await create({ headers: { 'X-Mine': 'kept secret' } });
    const messageId = await say(hooked.other, 'hello hook');
    const call = await eventually('the call', () =>
      hooked.receiver.calls.find(({ body }) => body.includes(messageId)),
    );
    const { body } = await hooked.server.call<EventPage>(
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
    expect(hooked.receiver.calls.filter(({ eventId }) => eventId === call.eventId)).toHaveLength(1);
  });

  it('delivers what the filters let through', async () => {
    await create({ events: ['session.message'], chats: [hooked.other], sessionId: 'main' });
    await say(hooked.third, 'of another chat');
    await hooked.server.send('main', hooked.third, 'to another chat');
    await say(hooked.other, 'of the chat');
    await eventually(
      'the message',
      () => textsOf(hooked.receiver.calls).includes('of the chat') || undefined,
    );
    expect(textsOf(hooked.receiver.calls)).toEqual(['of the chat']);
    expect(hooked.receiver.calls.map(({ event }) => event.name)).toEqual(['session.message']);
  });

  it('calls under the names of the notification API where those are asked for, once', async () => {
    const both = { secret: 'the secret of both webhooks', chats: [hooked.other] };
    const webhook = await create({
      events: ['session.message', 'whatsapp.message_create', 'whatsapp.message_sent'],
      ...both,
    });
    const other = await create({ events: ['whatsapp.message_create'], ...both });
    const messageId = await hooked.server.send('main', hooked.other, 'a notification');
    await hooked.server.message('main', messageId, ({ status }) => status === 'delivered');
    const [first] = await settled(
      other.id,
      (rows) => rows.length === 1 && rows[0]?.state === 'delivered',
    );
    expect(first?.eventName).toBe('whatsapp.message_create');
    await settled(
      webhook.id,
      (rows) => rows.filter(({ state }) => state === 'delivered').length === 2,
    );
    const told = hooked.receiver.calls.map(({ event, headers }) => [
      headers['x-patchbay-webhook'],
      headers['x-patchbay-event'],
      event.name,
    ]);
    expect(told).toHaveLength(3);
    expect(told).toEqual(
      expect.arrayContaining([
        [webhook.id, 'session.message', 'session.message'],
        [webhook.id, 'whatsapp.message_sent', 'whatsapp.message_sent'],
        [other.id, 'whatsapp.message_create', 'whatsapp.message_create'],
      ]),
    );
  });

  it('is not woken by history unless asked to', async () => {
    const events: EventName[] = ['session.message', 'message.reaction'];
    const silent = await create({ events });
    const asking = await WebhookReceiver.start();
    const made = await hooked.server.call<WebhookWithSecret>('POST', '/api/webhooks', {
      url: asking.url,
      events,
      history: true,
    });
    asking.secret = made.body.secret;
    const phone = await hooked.sandbox.phone();
    const messageId = await hooked.sandbox.write(hooked.other, { to: phone, text: 'an old story' });
    await hooked.sandbox.write(hooked.other, { to: phone, reaction: { messageId, emoji: '👍' } });
    await hooked.server.linked(hooked.sandbox, 'linked-later', phone);
    await eventually(
      'the history',
      () => asking.calls.some(({ event }) => event.name === 'message.reaction') || undefined,
    );
    expect(textsOf(asking.calls)).toContain('an old story');
    await hooked.sandbox.write(hooked.other, { to: phone, text: 'and a new one' });
    await eventually(
      'the news',
      () => textsOf(hooked.receiver.calls).includes('and a new one') || undefined,
    );
    expect(textsOf(hooked.receiver.calls)).not.toContain('an old story');
    expect(hooked.receiver.calls.map(({ event }) => event.name)).not.toContain('message.reaction');
    await hooked.server.call('DELETE', `/api/webhooks/${silent.id}`);
    await asking.stop();
    expect(asking.faults).toEqual([]);
  });

  it('carries the raw message for those who ask for it', async () => {
    const { id } = await create({ events: ['session.message'], raw: true });
    const plain = await WebhookReceiver.start();
    const made = await hooked.server.call<WebhookWithSecret>('POST', '/api/webhooks', {
      url: plain.url,
      events: ['session.message'],
    });
    plain.secret = made.body.secret;
    const messageId = await say(hooked.other, 'as it came');
    const rawOf = (calls: ReceivedCall[]) =>
      eventually('the call', () => {
        const call = calls.find(({ body }) => body.includes(messageId));
        return call?.event.name === 'session.message'
          ? { raw: call.event.data.raw, position: call.event.position }
          : undefined;
      });
    const { raw, position } = await rawOf(hooked.receiver.calls);
    const message = proto.WebMessageInfo.decode(Buffer.from(String(raw), 'base64'));
    expect([message.key?.id, message.message?.conversation]).toEqual([messageId, 'as it came']);
    const kept = await hooked.server.call<{ raw: string }>(
      'GET',
      `/api/sessions/main/messages/${messageId}?raw=1`,
    );
    expect(raw).toBe(kept.body.raw);
    expect(await rawOf(plain.calls)).toEqual({ raw: undefined, position });

    const page = async (query: string) =>
      (
        await hooked.server.call<EventPage>(
          'GET',
          `/api/events?after=${position - 1}&limit=1&${query}`,
        )
      ).body.events;
    expect(await page('raw=1')).toMatchObject([{ data: { raw } }]);
    expect(await page('raw=0')).not.toHaveProperty('0.data.raw');
    expect(
      (await hooked.server.call<Webhook>('PUT', `/api/webhooks/${id}`, { raw: false })).body.raw,
    ).toBe(false);
    await plain.stop();
    expect(plain.faults).toEqual([]);
  });

  it('waits while it is disabled, and goes on when it is enabled', async () => {
    const { id } = await create({ events: ['session.message'] });
    hooked.receiver.answer = () => 500;
    await say(hooked.other, 'before the pause');
    await eventually('the first call', () => hooked.receiver.calls[0]);
    await hooked.server.call('PUT', `/api/webhooks/${id}`, { enabled: false });
    await say(hooked.other, 'in the pause');
    hooked.receiver.answer = () => 200;
    await hooked.server.call('PUT', `/api/webhooks/${id}`, { enabled: true });
    await say(hooked.other, 'after the pause');
    await eventually(
      'the last message',
      () => textsOf(hooked.receiver.taken).includes('after the pause') || undefined,
    );
    expect(textsOf(hooked.receiver.taken)).toEqual(['before the pause', 'after the pause']);
  });

  it('delivers one event again, and those of a time span in their order', async () => {
    const { id } = await create({ events: ['session.message'] });
    const from = new Date().toISOString();
    for (const n of [1, 2, 3]) await say(hooked.other, `again ${n}`);
    const all = await settled(
      id,
      (rows) => rows.length === 3 && rows.every(({ state }) => state === 'delivered'),
    );
    const before = hooked.receiver.calls.length;
    const oldest = all.at(-1) as WebhookDelivery;
    const again = await hooked.server.call('POST', `/api/webhooks/${id}/redeliver`, {
      deliveryId: oldest.id,
    });
    expect(again.status).toBe(202);
    const call = await eventually('the call', () => hooked.receiver.calls[before]);
    expect([call.eventId, call.attempt]).toEqual([oldest.eventId, 2]);

    const span = await hooked.server.call('POST', `/api/webhooks/${id}/redeliver`, { from });
    expect(span.status).toBe(202);
    await eventually('three more', () => hooked.receiver.calls.length === before + 4 || undefined);
    expect(textsOf(hooked.receiver.calls.slice(before + 1))).toEqual([
      'again 1',
      'again 2',
      'again 3',
    ]);
    const ids = new Set(hooked.receiver.calls.map(({ eventId }) => eventId));
    expect(ids.size).toBe(3);

    const unknown = await hooked.server.call<Refusal>('POST', `/api/webhooks/${id}/redeliver`, {
      deliveryId: 'dlv_none',
    });
    expect(unknown.body.error.code).toBe('delivery_not_found');
  });
});
