import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Event, Patchbay } from '@patchbay/client';
import { createClient, PatchbayError, readWebhook, SignatureError } from '@patchbay/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { eventually } from '../testing/eventually.js';
import { ExampleProgram } from '../testing/example-program.js';
import { API_KEY } from '../testing/test-api.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { TestServer } from '../testing/test-server.js';

const GREETING = { chatId: '4915100000000', text: 'to be sent once' };
const KEY = { idempotencyKey: 'once' };
const SECRET = 'a-secret-of-the-receiver';

function signed(body: string, at = Date.now(), secret = SECRET): string {
  const seconds = Math.floor(at / 1000);
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

describe('the client', () => {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-client-'));
  let sandbox: TestSandbox;
  let server: TestServer;
  let own: string;
  let other: string;

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    server = await TestServer.start(sandbox, {
      database: 'sqlite',
      environment: { ALLOW_PRIVATE_TARGETS: '127.0.0.1' },
    });
    [own, other] = [await sandbox.phone('Own'), await sandbox.phone('Other')];
    await server.linked(sandbox, 'main', own);
  });
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const client = (apiKey = API_KEY) => createClient({ url: server.url, apiKey });
  const environment = () => ({ PATCHBAY_URL: server.url, PATCHBAY_API_KEY: API_KEY });
  const shownTo = async (phone: string, text: string) =>
    (await sandbox.messagesOf(phone)).filter((message) => message.text === text).length;

  it('throws the server’s error with its code, and says when there is no server', async () => {
    const failure = async (call: Promise<unknown>) =>
      await call.then(
        () => undefined,
        (error: PatchbayError) => error,
      );
    const refused = await failure(client().sessions.get('nobody'));
    expect(refused).toBeInstanceOf(PatchbayError);
    expect(refused).toMatchObject({ code: 'session_not_found', status: 404 });
    expect(await failure(client('wrong').sessions.list())).toMatchObject({ code: 'unauthorized' });
    const wrong = await failure(client().send.text('main', { chatId: '', text: 'x' }));
    expect(wrong?.issues.map(({ path }) => path)).toEqual(['chatId']);
    const nowhere = createClient({ url: 'http://127.0.0.1:1', apiKey: API_KEY, retries: 1 });
    expect(await failure(nowhere.sessions.list())).toMatchObject({
      code: 'unreachable',
      status: 0,
    });
  });

  it.each([
    ['a read that is cut off', 'cut', 1, (to: Patchbay) => to.sessions.list()],
    ['a question by POST', 'cut', 1, (to: Patchbay) => to.contacts.check('main', { phones: [] })],
    ['a send without a key', 'cut', 0, (to: Patchbay) => to.send.text('main', GREETING)],
    ['a send with a key', 'cut', 1, (to: Patchbay) => to.send.text('main', GREETING, {}, KEY)],
    ['what a proxy refuses', 502, 1, (to: Patchbay) => to.sessions.close('main')],
    ['a send that was not begun', 503, 1, (to: Patchbay) => to.send.text('main', GREETING)],
    ['a refusal', 409, 0, (to: Patchbay) => to.sessions.list()],
  ] as const)('tries %s again only where that can do no harm', async (_, fault, times, ask) => {
    let asked = 0;
    const faulty = createServer((request, response) => {
      asked += 1;
      if (asked > 1) response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      else if (fault === 'cut') request.socket.destroy();
      else if (fault === 502) response.writeHead(502).end('<html>');
      else {
        const error = { code: fault === 503 ? 'session_elsewhere' : 'name_taken', message: 'No' };
        response.writeHead(fault, { 'retry-after': '0' }).end(JSON.stringify({ error }));
      }
    });
    await new Promise<void>((resolve) => faulty.listen(0, '127.0.0.1', resolve));
    const { port } = faulty.address() as AddressInfo;
    const retries: number[] = [];
    const patchbay = createClient({
      url: `http://127.0.0.1:${port}`,
      onRetry: ({ attempt }) => retries.push(attempt),
    });
    const worked = await ask(patchbay).then(
      () => true,
      () => false,
    );
    faulty.close();
    expect([worked, retries.length, asked]).toEqual([times > 0, times, 1 + times]);
  });

  it.each(['sse', 'websocket'] as const)(
    'hears every event once over %s, also when the server stops and starts in between',
    async (transport) => {
      const got: Event[] = [];
      const stop = new AbortController();
      const states: string[] = [];
      // The server comes back on another port: a proxy in front of it would hide that.
      const url = server.url;
      // While it is away nobody answers where it was.
      let there = url;
      const Socket = class extends WebSocket {
        constructor(address: URL) {
          super(String(address).replace(url.replace('http', 'ws'), there.replace('http', 'ws')));
        }
      };
      const listening = (async () => {
        const patchbay = createClient({
          url,
          apiKey: API_KEY,
          fetch: (input, init) => fetch(String(input).replace(url, there), init),
        });
        const onConnection = (state: string) => states.push(state);
        const how = { after: 0, transport, WebSocket: Socket, signal: stop.signal, onConnection };
        for await (const event of patchbay.listen(how)) got.push(event);
      })();
      const first = await sandbox.write(other, { to: own, text: `before ${transport}` });
      const has = (id: string) => () =>
        got.some((event) => event.name === 'session.message' && event.data.message.id === id)
          ? true
          : undefined;
      await eventually('the first message', has(first));
      await server.close();
      const second = await sandbox.write(other, { to: own, text: `meanwhile ${transport}` });
      await server.open();
      there = server.url;
      await eventually('the second message', has(second), 20_000);
      stop.abort();
      await listening;
      expect(states).toEqual(expect.arrayContaining(['open', 'lost']));
      const page = await client().events.page({ after: 0, limit: 500 });
      expect(got).toEqual(page.events.slice(0, got.length));
      expect(got.length).toBeGreaterThan(5);
    },
    40_000,
  );

  it.each(['sse', 'websocket'] as const)(
    'hears only what it asks for over %s',
    async (transport) => {
      const { events } = await client().events.page({ after: 0, limit: 500 });
      const wanted = events.filter(({ name }) => name === 'session.message');
      const heard = client().listen({
        after: 0,
        events: ['session.message'],
        transport,
        WebSocket,
      });
      const got: Event[] = [];
      for await (const event of heard) if (got.push(event) === wanted.length) break;
      expect(wanted.length).toBeGreaterThan(1);
      expect(got).toEqual(wanted);
    },
  );

  it('ends a stream that makes no sense', async () => {
    const first = (how: object, key = API_KEY) =>
      client(key)
        .listen({ WebSocket, ...how })
        .next();
    await expect(first({}, 'wrong')).rejects.toMatchObject({ code: 'unauthorized' });
    const wrong = first({ transport: 'websocket' }, 'wrong');
    await expect(wrong).rejects.toMatchObject({ code: 'unauthorized' });
    await expect(first({ after: 9e9 })).rejects.toMatchObject({ code: 'invalid_request' });
    const ahead = first({ after: 9e9, transport: 'websocket' });
    await expect(ahead).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('reads a webhook only with a right and fresh signature', async () => {
    const body = JSON.stringify({ id: 'evt_1', name: 'session.closed', text: 'ü' });
    const read = (signature: string | undefined, of = body) =>
      readWebhook({ secret: SECRET, signature, body: of });
    expect(await read(signed(body))).toMatchObject({ id: 'evt_1' });
    const bytes = new Uint8Array(Buffer.from(body));
    const event = await readWebhook({ secret: SECRET, signature: signed(body), body: bytes });
    expect(event).toMatchObject({ id: 'evt_1' });
    const both = `${signed(body, Date.now(), 'the-secret-before')},${signed(body).split(',')[1]}`;
    expect(await read(both)).toMatchObject({ id: 'evt_1' });
    const refused: Parameters<typeof read>[] = [
      [undefined],
      ['nonsense'],
      [signed(body, Date.now(), 'another-secret')],
      [signed(body), body.replace('closed', 'status')],
      [signed(body, Date.now() - 3_600_000)],
    ];
    for (const args of refused) {
      await expect(read(...args)).rejects.toBeInstanceOf(SignatureError);
    }
  });

  it('example: send', async () => {
    const args = ['main', other, 'sent by the example'];
    const program = ExampleProgram.start('send', args, environment());
    await program.prints(/ delivered$/m);
    expect(await program.ends()).toBe(0);
    const again = ExampleProgram.start('send', args, environment());
    expect(await again.ends()).toBe(0);
    expect(again.printed).toBe(program.printed);
    expect(await shownTo(other, 'sent by the example')).toBe(1);
  });

  it('example: the echo bot answers once, also when it is killed and started again', async () => {
    const args = ['main', join(folder, 'echo.cursor')];
    const bot = ExampleProgram.start('echo-bot', args, environment());
    await bot.prints(/^open$/m);
    const first = await sandbox.write(other, { to: own, text: 'echo one' });
    await bot.prints(new RegExp(`^answered ${first}$`, 'm'));
    await bot.kill();
    const second = await sandbox.write(other, { to: own, text: 'echo two' });
    await server.message('main', second);
    const again = ExampleProgram.start('echo-bot', args, environment());
    await again.prints(new RegExp(`^answered ${second}$`, 'm'));
    await again.kill();
    for (const text of ['echo one', 'echo two']) {
      // One written by the other, and one answer.
      await eventually(text, async () => ((await shownTo(other, text)) >= 2 ? true : undefined));
    }
    await sandbox.call('POST', '/api/settle');
    expect(await shownTo(other, 'echo one')).toBe(2);
    expect(await shownTo(other, 'echo two')).toBe(2);
  }, 40_000);

  it('example: the webhook receiver prints what the server delivers, and refuses others', async () => {
    const program = ExampleProgram.start('webhook-receiver', ['0'], { WEBHOOK_SECRET: SECRET });
    const [, url = ''] = await program.prints(/waiting on (\S+)/);
    const webhook = await client().webhooks.create({ url, secret: SECRET, sessionId: 'main' });
    const id = await sandbox.write(other, { to: own, text: 'for the receiver' });
    await server.message('main', id);
    const [, eventId] = await program.prints(/^(evt_\w+) session\.message main$/m);
    const forged = await fetch(url, { method: 'POST', body: '{}' });
    expect(forged.status).toBe(401);
    const { events } = await client().events.page({ after: 0, limit: 500 });
    expect(events.map((event) => event.id)).toContain(eventId);
    await client().webhooks.delete(webhook.id);
    await program.kill();
  });
});
