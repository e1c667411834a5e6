import type { BotQr, BotSession, Message, SessionAnswer } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Notice } from '../engines/remote/testing/test-session-process.js';
import { TestSessionProcess } from '../engines/remote/testing/test-session-process.js';
import { longOn } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { TestServer } from '../testing/test-server.js';

const ANA = '51987000111';

/** A separate process has the sessions: what it tells, what it is asked, and when it is away. */
describe.each(longOn('sqlite'))('a separate session process, on %s', (database) => {
  let sandbox: TestSandbox;
  let process: TestSessionProcess;
  let server: TestServer;
  let id: string;
  let phones = 0;

  const init = (body: object = {}) =>
    server.call<BotSession>('POST', '/api/whatsapp-qr/init', body);
  const statusOf = async (session = id) =>
    (await server.call<BotSession>('GET', `/api/whatsapp-qr/status/${session}`)).body;
  const becomes = (status: string, session = id) =>
    eventually(`${session} is ${status}`, async () => {
      const now = await statusOf(session);
      return now.status === status ? now : undefined;
    });
  const taken = (notice: Notice | undefined) =>
    eventually('it is taken', () => notice?.answers.includes(200) || undefined);
  const messages = async () =>
    (await server.call<{ messages: Message[] }>('GET', `/api/sessions/${id}/messages?limit=200`))
      .body.messages;
  const withText = (text: string, fits: (one: Message) => boolean = () => true) =>
    eventually(`message ${text}`, async () =>
      (await messages()).find((one) => one.content === text && fits(one)),
    );
  const send = (message: string, to = ANA) =>
    server.call<{ messageId: string; error?: { code: string } }>('POST', '/api/whatsapp-qr/send', {
      sessionId: id,
      to,
      message,
    });

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    process = await TestSessionProcess.start();
    server = await TestServer.start(sandbox, {
      database,
      environment: process.environment,
      remoteTimes: { lookEvery: 200, qrShown: 60_000 },
    });
    process.backend = `${server.url}/api/whatsapp-qr`;
    id = (await init()).body.sessionId;
    phones += 1;
    process.scan(id, `5198700${String(phones).padStart(4, '0')}`);
    await becomes('CONNECTED');
  }, 60_000);
  afterAll(async () => {
    await server.stop();
    await process.kill();
    await sandbox.stop();
  });

  it('has the sessions that are made here, shows its QR, and knows who scanned it', async () => {
    const { status, body } = await init();
    expect([status, body.status]).toEqual([200, 'QR_READY']);
    const { body: qr } = await server.call<BotQr>(
      'GET',
      `/api/whatsapp-qr/qr-code/${body.sessionId}`,
    );
    expect(qr.qrCode).toMatch(/^data:image\/png;base64,/);
    process.scan(body.sessionId, '51987009999');
    expect(await becomes('CONNECTED', body.sessionId)).toMatchObject({ phone: '51987009999' });
    // The phone removes the device: a new scan is asked for.
    process.becomes(body.sessionId, 'QR_READY');
    await becomes('QR_READY', body.sessionId);
    expect((await server.session(body.sessionId)).state.reason).toBe('device_removed');
    expect(process.strangers).toEqual([]);
    await server.call('DELETE', `/api/accounts/${body.sessionId}`);
    expect(process.sessions.get(body.sessionId)?.phone).toBeNull();
  });

  it('leaves other sessions alone', async () => {
    const own = await sandbox.phone('Own');
    await server.linked(sandbox, 'own', own);
    const { body } = await server.call<SessionAnswer>('GET', '/api/sessions/own');
    expect(body.engine).toBe('baileys');
    expect(process.sessions.has('own')).toBe(false);
    const told = process.tell('/incoming', {
      ...{ sessionId: 'own', messageId: 'M', from: ANA, message: 'no', timestamp: 1 },
    });
    await eventually('it is refused', () => told.answers.includes(404) || undefined);
    told.answers.push(200);
  });

  it('brings messages once, stored when it is answered, and sends text', async () => {
    const notice = process.hears(id, ANA, 'Are you open?', { name: 'Ana' });
    await taken(notice);
    const [first] = await messages();
    expect(first).toMatchObject({ content: 'Are you open?', fromMe: false, senderName: 'Ana' });
    await taken(process.tell('/incoming', notice.body));
    expect((await messages()).filter(({ content }) => content === 'Are you open?')).toHaveLength(1);
    expect((await send('Yes.')).status).toBe(202);
    await withText('Yes.', ({ status }) => status === 'sent');
    expect(process.sentTo(ANA)).toEqual(['Yes.']);
    await taken(process.hears(id, ANA, 'from the phone', { fromMe: true, chatId: ANA }));
    expect((await withText('from the phone')).fromMe).toBe(true);
    await taken(process.hears(id, ANA, '', { type: 'image' }));
    expect((await messages()).at(-1)?.type).toBe('other');
    const sticker = { content: { type: 'location', latitude: 1, longitude: 2 }, chatId: ANA };
    const refused = await server.call<{ messageId: string }>(
      'POST',
      `/api/sessions/${id}/send`,
      sticker,
    );
    const { failure } = await server.message(
      id,
      refused.body.messageId,
      ({ status }) => status === 'failed',
    );
    expect(failure).toEqual({ code: 'unsupported', certainlyNotSent: true });
  });

  it('speaks for the notification API too, without asking who is on WhatsApp', async () => {
    const body = { phone: '+51 987 000 222', message: 'a notification' };
    expect((await server.call('POST', '/api/whatsapp/send', body)).status).toBe(202);
    await withText('a notification', ({ status }) => status === 'sent');
    expect(process.sentTo('51987000222')).toEqual(['a notification']);
  });

  it('takes nothing from whoever does not know the secret', async () => {
    const body = { sessionId: id, status: 'DISCONNECTED' };
    for (const secret of ['', 'Bearer wrong', process.secret]) {
      const { status } = await server.call('POST', '/api/whatsapp-qr/webhook', body, {
        authorization: secret,
      });
      expect(status).toBe(401);
    }
    expect((await statusOf()).status).toBe('CONNECTED');
  });

  it('says when it is away, keeps what is to be sent, and goes on when it is back', async () => {
    await process.kill();
    const { status } = await send('while it is away');
    // Before it was missed, it was taken into the outbox; later it is refused.
    if (status === 202) {
      await eventually('it is missed', async () =>
        (await statusOf()).status === 'CONNECTING' ? true : undefined,
      );
    }
    const refused = await send('too late');
    expect([refused.status, refused.body.error?.code]).toEqual([503, 'session_process_away']);
    const accepted = await server.call<{ messageId: string }>(
      'POST',
      `/api/sessions/${id}/send/text`,
      { chatId: ANA, text: 'kept' },
    );
    expect(accepted.status).toBe(202);
    const fresh = await init();
    expect(fresh.status).toBe(503);
    const qr = await server.call('GET', `/api/whatsapp-qr/qr-code/${id}`);
    expect(qr.status).toBe(503);
    await process.start();
    await becomes('CONNECTED');
    await server.message(id, accepted.body.messageId, (one) => one.status === 'sent');
    expect(process.sentTo(ANA).filter((text) => text === 'kept')).toHaveLength(1);
  });

  it('killed in the middle of a send: never sent again, and it says so', async () => {
    process.beforeAnswer = async () => {
      process.beforeAnswer = async () => undefined;
      void process.kill();
      await new Promise(() => undefined);
    };
    const { body } = await send('nobody knows');
    const { failure, error } = await server.message(
      id,
      body.messageId,
      (one) => one.status === 'failed',
    );
    expect(failure).toEqual({ code: 'no_ack', certainlyNotSent: false });
    expect(error).toContain('not known whether');
    await process.start();
    await becomes('CONNECTED');
    await send('after it');
    await withText('after it', ({ status }) => status === 'sent');
    expect(process.sentTo(ANA).filter((text) => text === 'nobody knows')).toHaveLength(1);
  });

  it('fails what the process refuses, with its words, and tries again what it cannot do now', async () => {
    process.refusing = { status: 503, message: 'busy' };
    const { body: busy } = await send('in a moment');
    await eventually('it was asked', () => process.refusals || undefined);
    process.refusing = undefined;
    await server.message(id, busy.messageId, ({ status }) => status === 'sent', 20_000);
    process.refusing = { status: 422, message: 'no such number' };
    const { body } = await send('to nobody', '51987000222');
    const failed = await server.message(
      id,
      body.messageId,
      ({ status }) => status === 'failed',
      30_000,
    );
    process.refusing = undefined;
    expect(failed.error).toContain('no such number');
    expect(failed.failure).toMatchObject({ code: 'refused', certainlyNotSent: true });
  });

  it('takes what it is told while the session waits to try again, and nothing when it is closed', async () => {
    process.becomes(id, 'CONNECTING');
    await becomes('CONNECTING');
    await taken(process.hears(id, ANA, 'in between'));
    await withText('in between');
    process.becomes(id, 'CONNECTED');
    await becomes('CONNECTED');
    await server.call('POST', '/api/whatsapp-qr/disconnect', { sessionId: id });
    expect(process.sessions.get(id)?.status).toBe('DISCONNECTED');
    const late = process.hears(id, ANA, 'after the end');
    await eventually('it is refused', () => late.answers.includes(409) || undefined);
    await init({ sessionId: id });
    await taken(late);
    await withText('after the end');
  });
});
