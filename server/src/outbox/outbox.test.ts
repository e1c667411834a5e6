import type { LogEvent, OutboxPage, SendAnswer, SessionSettings } from '@patchbay/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { databases } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { API_KEY } from '../testing/test-api.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { TestServer } from '../testing/test-server.js';

describe.each(databases)('sending on %s', (database) => {
  let sandbox: TestSandbox;
  let server: TestServer;
  let own: string;
  let friend: string;

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    server = await TestServer.start(sandbox, { database });
    own = await sandbox.phone();
    friend = await sandbox.phone();
    await server.linked(sandbox, 's', own);
    await server.send('s', friend, 'a first word');
  });
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
  });
  beforeEach(async () => {
    await pace({ perMinute: null, newChatsPerDay: null, quietHours: null, timeZone: 'UTC' });
  });

  const send = async (body: object, { query = '', key }: { query?: string; key?: string } = {}) => {
    const headers = { 'x-api-key': API_KEY, ...(key && { 'idempotency-key': key }) };
    const all = { chatId: friend, text: 'hello', ...body };
    const path = `/api/sessions/s/send/text${query}`;
    return await server.call<SendAnswer & { error: { code: string } }>('POST', path, all, headers);
  };
  const pace = async (pacing: object) =>
    (await server.call<SessionSettings>('PUT', '/api/sessions/s/settings', { pacing })).body;
  const outbox = async (query = '') =>
    (await server.call<OutboxPage>('GET', `/api/sessions/s/outbox${query}`)).body;
  const cancel = (messageId: string) =>
    server.call<{ error: { code: string } }>('DELETE', `/api/sessions/s/outbox/${messageId}`);
  const got = async (phone: string, ids: string[]) =>
    (await sandbox.messagesOf(phone)).filter(({ id }) => ids.includes(id)).map(({ id }) => id);
  const fault = (kind: string, more: object = {}) =>
    sandbox.call('POST', '/api/faults', { kind, phone: own, ...more });
  const events = async <Name extends LogEvent['name']>(name: Name) =>
    (
      await server.call<{ events: LogEvent[] }>('GET', '/api/events?sessionId=s&limit=500')
    ).body.events.filter((event): event is LogEvent & { name: Name } => event.name === name);
  const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

  describe('waiting for a state', () => {
    it('answers 202 at once, and 200 when the state is reached', async () => {
      const accepted = await send({});
      expect([accepted.status, accepted.body.status]).toEqual([202, 'queued']);
      const sent = await send({}, { query: '?wait=sent' });
      expect([sent.status, sent.body.success]).toEqual([200, true]);
      expect(['sent', 'delivered']).toContain(sent.body.status);
      const delivered = await send({}, { query: '?wait=delivered&timeout=20' });
      expect([delivered.status, delivered.body.status]).toEqual([200, 'delivered']);
    });

    it('answers 202 when the time is up, 200 when the message has failed', async () => {
      const late = await send({ sendAt: inAnHour() }, { query: '?wait=sent&timeout=1' });
      expect([late.status, late.body.status]).toEqual([202, 'queued']);
      expect(await cancel(late.body.messageId)).toMatchObject({ status: 200 });
      await fault('ack_error', { code: 479 });
      const failed = await send({}, { query: '?wait=sent' });
      expect(failed.status).toBe(200);
      expect(failed.body).toMatchObject({
        success: false,
        status: 'failed',
        failure: { code: 'malformed', certainlyNotSent: true },
      });
    });

    it('answers at once when what it waits for is cancelled', async () => {
      const waiting = send({ sendAt: inAnHour() }, { query: '?wait=sent&timeout=120' });
      const entry = await eventually('it waits', async () =>
        (await outbox()).waiting.find(({ waitingFor }) => waitingFor === 'schedule'),
      );
      await cancel(entry.message.id);
      expect((await waiting).body).toMatchObject({ status: 'cancelled', success: false });
    });

    it.each(['?wait=never', '?wait=sent&timeout=0', '?wait=sent&timeout=1000'])(
      'refuses %s',
      async (query) => {
        expect((await send({}, { query })).body.error.code).toBe('invalid_request');
      },
    );
  });

  describe('idempotency', () => {
    it('the same key and body is the same message, also at the same moment', async () => {
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => send({ text: 'once' }, { key: 'key-1' })),
      );
      const ids = new Set(answers.map(({ body }) => body.messageId));
      expect(ids.size).toBe(1);
      const [id] = [...ids] as [string];
      await server.message('s', id, ({ status }) => status === 'delivered');
      const again = await send({ text: 'once' }, { key: 'key-1', query: '?wait=delivered' });
      expect([again.status, again.body.messageId]).toEqual([200, id]);
      const shown = (await sandbox.messagesOf(friend)).filter(({ text }) => text === 'once');
      expect(shown).toHaveLength(1);
    });

    it('another body under the key is refused, another session is another scope', async () => {
      expect((await send({ text: 'one' }, { key: 'key-2' })).status).toBe(202);
      const other = await send({ text: 'two' }, { key: 'key-2' });
      expect([other.status, other.body.error.code]).toEqual([409, 'idempotency_key_reused']);
      const bad = await send({}, { key: 'with space' });
      expect([bad.status, bad.body.error.code]).toEqual([400, 'invalid_request']);
    });

    it('survives a restart', async () => {
      const { body } = await send({ text: 'before' }, { key: 'key-3' });
      await server.close();
      await server.open();
      const again = await send({ text: 'before' }, { key: 'key-3' });
      expect(again.body.messageId).toBe(body.messageId);
      await server.reaches('s', 'connected');
    });
  });

  describe('schedule', () => {
    it('sends when it is time, at that place in the chat', async () => {
      const at = Date.now() + 1500;
      const later = await send({ text: 'later', sendAt: new Date(at).toISOString() });
      expect(later.body.dueAt).toBe(new Date(at).toISOString());
      const now = await send({ text: 'now' }, { query: '?wait=delivered' });
      const waiting = (await outbox()).waiting.find(
        ({ message }) => message.id === later.body.messageId,
      );
      expect(waiting).toMatchObject({
        waitingFor: 'schedule',
        message: { content: 'later', status: 'queued', dueAt: new Date(at).toISOString() },
      });
      const { messageId } = later.body;
      const sent = await server.message('s', messageId, ({ status }) => status === 'delivered');
      // WhatsApp's times are whole seconds.
      expect(Date.parse(sent.timestamp)).toBeGreaterThanOrEqual(Math.floor(at / 1000) * 1000);
      const ids = [now.body.messageId, messageId];
      expect(await got(friend, ids)).toEqual(ids);
    });

    it('can be cancelled before, and not after', async () => {
      const { body } = await send({ sendAt: inAnHour() });
      expect((await cancel(body.messageId)).status).toBe(200);
      await server.message('s', body.messageId, ({ status }) => status === 'cancelled');
      expect((await cancel(body.messageId)).status).toBe(200);
      const sent = await send({}, { query: '?wait=sent' });
      const late = await cancel(sent.body.messageId);
      expect([late.status, late.body.error.code]).toEqual([409, 'message_already_sent']);
      const unknown = await cancel('unknown');
      expect([unknown.status, unknown.body.error.code]).toEqual([404, 'message_not_found']);
    });

    it('expires when it could not be sent in time', async () => {
      await server.call('DELETE', '/api/sessions/s');
      const { body } = await send({ expiresAt: new Date(Date.now() + 400).toISOString() });
      await server.message('s', body.messageId, ({ status }) => status === 'expired');
      await server.call('PUT', '/api/sessions/s');
      await server.reaches('s', 'connected');
      await send({ text: 'after it' }, { query: '?wait=delivered' });
      expect(await got(friend, [body.messageId])).toEqual([]);
      const past = await send({ expiresAt: new Date(Date.now() - 1000).toISOString() });
      expect(past.body.error.code).toBe('invalid_request');
    });
  });

  describe('order and tries', () => {
    it('keeps the order of each chat under load', async () => {
      const phones = await Promise.all([1, 2, 3].map(() => sandbox.phone()));
      const ids = new Map(phones.map((phone) => [phone, [] as string[]]));
      for (let n = 0; n < 12; n += 1) {
        for (const phone of phones) ids.get(phone)?.push(await server.send('s', phone, `${n}`));
      }
      for (const phone of phones) {
        const expected = ids.get(phone) ?? [];
        await eventually('all there', async () =>
          (await got(phone, expected)).length === expected.length ? true : undefined,
        );
        expect(await got(phone, expected)).toEqual(expected);
      }
    });

    it('a number that is not on WhatsApp fails alone', async () => {
      const nobody = await send({ chatId: '99900009999' }, { query: '?wait=sent' });
      expect(nobody.body).toMatchObject({
        status: 'failed',
        failure: { code: 'not_on_whatsapp', certainlyNotSent: true },
      });
      expect((await send({}, { query: '?wait=delivered' })).body.status).toBe('delivered');
    });

    it('what was accepted for one number is not sent from another', async () => {
      const path = '/api/sessions/moved';
      await server.linked(sandbox, 'moved', await sandbox.phone());
      await server.call('DELETE', path);
      const messageId = await server.send('moved', friend, 'from the old number');
      await server.call('DELETE', `${path}/storage`);
      await server.linked(sandbox, 'moved', await sandbox.phone());
      const message = await server.message('moved', messageId, ({ failure }) => !!failure);
      expect(message.failure).toEqual({ code: 'number_changed', certainlyNotSent: true });
      expect(await got(friend, [messageId])).toEqual([]);
    });

    it('463: fails as restricted, and tells that the account is', async () => {
      await fault('ack_error', { code: 463 });
      const { body } = await send({}, { query: '?wait=sent' });
      expect(body.failure).toEqual({ code: 'restricted', certainlyNotSent: true });
      const told = (await events('session.restricted')).at(-1);
      expect(told?.data).toMatchObject({ code: 463, messageId: body.messageId });
    });
  });

  describe('pace', () => {
    it('is a setting with defaults, changed field by field', async () => {
      const before = await pace({ perMinute: 7 });
      expect(before.pacing).toMatchObject({ perMinute: 7, timeZone: 'UTC', quietHours: null });
      const quietHours = { from: '22:00', to: '06:30' };
      await pace({ quietHours, timeZone: 'America/Lima' });
      const { body } = await server.call<SessionSettings>('GET', '/api/sessions/s/settings');
      expect(body.pacing).toMatchObject({ perMinute: 7, quietHours, timeZone: 'America/Lima' });
      for (const wrong of [
        { perMinute: 0 },
        { timeZone: 'Mars/Olympus' },
        { quietHours: { from: '25:00', to: '06:00' } },
        { quietHours: { from: '06:00', to: '06:00' } },
        { unknown: 1 },
      ]) {
        const path = '/api/sessions/s/settings';
        const answer = await server.call('PUT', path, { pacing: wrong });
        expect([wrong, answer.status]).toEqual([wrong, 400]);
      }
      const elsewhere = await server.call('PUT', '/api/sessions/nobody/settings', { pacing: {} });
      expect(elsewhere.status).toBe(404);
    });

    it('holds what is over the limit, shows when it is due, and counts across a restart', async () => {
      const used = (await outbox()).pacing.lastMinute;
      await pace({ perMinute: used + 2 });
      const ids: string[] = [];
      for (let n = 0; n < 4; n += 1) ids.push((await send({ text: `paced ${n}` })).body.messageId);
      await server.message('s', ids[1] as string, ({ status }) => status === 'delivered');
      const { waiting, pacing } = await outbox();
      expect(waiting.map(({ message }) => message.id)).toEqual(ids.slice(2));
      expect(waiting[0]?.waitingFor).toBe('pace');
      expect(pacing.lastMinute).toBe(used + 2);
      expect(Date.parse(pacing.nextAt ?? '')).toBeGreaterThan(Date.now());
      const held = await server.message('s', ids[2] as string, ({ dueAt }) => dueAt !== undefined);
      expect(Date.parse(held.dueAt ?? '')).toBeGreaterThan(Date.now());

      await server.close();
      await server.open();
      await server.reaches('s', 'connected');
      const after = await outbox();
      expect(after.waiting.map(({ message }) => message.id)).toEqual(ids.slice(2));
      expect(after.pacing.today).toBe(pacing.today);

      await pace({ perMinute: null });
      await server.message('s', ids[3] as string, ({ status }) => status === 'delivered');
      expect(await got(friend, ids)).toEqual(ids);
    });

    it('new chats wait for tomorrow, known ones and answers go on', async () => {
      const { newChatsToday } = (await outbox()).pacing;
      await pace({ newChatsPerDay: newChatsToday + 1 });
      const strangers = [await sandbox.phone(), await sandbox.phone()] as [string, string];
      await send({ chatId: strangers[0] }, { query: '?wait=delivered' });
      const held = await send({ chatId: strangers[1] });
      const behind = await send({ chatId: strangers[1], text: 'behind it' });
      expect((await send({}, { query: '?wait=delivered' })).body.status).toBe('delivered');
      expect((await send({ chatId: strangers[0] }, { query: '?wait=sent' })).status).toBe(200);
      const { waiting } = await outbox();
      const ids = [held.body.messageId, behind.body.messageId];
      expect(waiting.map(({ message }) => message.id)).toEqual(ids);
      expect(waiting[0]?.waitingFor).toBe('new-chats');
      expect(Date.parse(waiting[0]?.dueAt ?? '')).toBe(new Date().setUTCHours(24, 0, 0, 0));
      // When they write to us, it is no longer we who begin.
      await pace({ newChatsPerDay: null });
      await server.message('s', ids[1] as string, ({ status }) => status === 'delivered');
      expect(await got(strangers[1], ids)).toEqual(ids);
    });

    it('shows typing before a text', async () => {
      await pace({ typingSeconds: 1 });
      const from = performance.now();
      await send({ text: 'a text of more than seven letters' }, { query: '?wait=sent' });
      expect(performance.now() - from).toBeGreaterThan(990);
      await pace({ typingSeconds: 0 });
    });

    it('pages through what waits', async () => {
      const ids: string[] = [];
      for (let n = 0; n < 5; n += 1) ids.push((await send({ sendAt: inAnHour() })).body.messageId);
      const seen: string[] = [];
      let after: string | null = '';
      while (after !== null) {
        const page: OutboxPage = await outbox(`?limit=2${after && `&after=${after}`}`);
        seen.push(...page.waiting.map(({ message }) => message.id));
        after = page.after;
      }
      expect(seen).toEqual(ids);
      for (const id of ids) await cancel(id);
      expect((await outbox()).waiting).toEqual([]);
      const wrong = await server.call('GET', '/api/sessions/s/outbox?after=zzz');
      expect(wrong.status).toBe(400);
    });
  });
});
