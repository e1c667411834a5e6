import type { PassingEvent, Viewer } from '@patchbay/contract';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../../testing/databases.js';
import { eventually } from '../../testing/eventually.js';
import { TestSandbox } from '../../testing/test-sandbox.js';
import { TestServer } from '../../testing/test-server.js';
import { TestSocket } from '../../testing/test-socket.js';
import { pnJidOf } from '../../whatsapp/jid.js';

/** Milliseconds. */
const GATHER = 30;

describe.each(databases)('who has a chat open on %s', (name) => {
  let sandbox: TestSandbox;
  let server: TestServer;
  let chats: string[];
  const open: TestSocket[] = [];

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    server = await TestServer.start(sandbox, {
      database: name,
      streamTimes: { gather: GATHER, typing: 400 },
    });
    const [own, one, other] = [
      await sandbox.phone('Own'),
      await sandbox.phone('One'),
      await sandbox.phone('Other'),
    ];
    await server.linked(sandbox, 'main', own);
    for (const phone of [one, other]) {
      const started = await server.call('POST', '/api/sessions/main/chats', { phone });
      expect(started.status).toBe(200);
    }
    chats = [one, other];
  });
  afterEach(async () => {
    for (const { socket } of open.splice(0)) socket.terminate();
  });
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
  });

  const connect = async () => {
    const socket = await TestSocket.open(server.url, '?format=events');
    open.push(socket);
    return socket;
  };
  /** All that was told of a chat. */
  const told = ({ frames }: TestSocket, phone: string) =>
    frames.flatMap(({ event }) => {
      const passing = event as PassingEvent | undefined;
      if (passing?.name !== 'chat.viewers' || passing.data.chatId !== pnJidOf(phone)) return [];
      return [passing.data.viewers];
    });
  const sees = (socket: TestSocket, phone: string, viewers: Partial<Viewer>[]) =>
    eventually(`viewers ${JSON.stringify(viewers)}`, () => {
      const last = told(socket, phone).at(-1);
      const fits = last?.map(({ userId, typing }) => ({ userId, typing }));
      return JSON.stringify(fits) === JSON.stringify(viewers) ? true : undefined;
    });
  const say = (socket: TestSocket, type: string, phone: string) =>
    socket.say({ type, sessionId: 'main', chatId: phone });
  const me = { userId: 'owner', typing: false };
  const typing = { userId: 'owner', typing: true };

  it('tells those who listen, and stops by itself: typing with time, viewing with the socket', async () => {
    const [one = '', other = ''] = chats;
    const watcher = await connect();
    await watcher.subscribe();
    const page = await connect();
    say(page, 'viewing', one);
    await sees(watcher, one, [me]);
    say(page, 'typing', one);
    await sees(watcher, one, [typing]);
    await sees(watcher, one, [me]);
    say(page, 'typing', one);
    await sees(watcher, one, [typing]);
    say(page, 'viewing', one);
    await sees(watcher, one, [me]);

    const late = await connect();
    await late.subscribe({ sessionId: 'main' });
    await sees(late, one, [me]);

    say(page, 'viewing', other);
    await sees(watcher, one, []);
    await sees(watcher, other, [me]);
    const second = await connect();
    say(second, 'viewing', other);
    page.socket.terminate();
    say(second, 'typing', other);
    await sees(watcher, other, [typing]);
    second.socket.terminate();
    await sees(watcher, other, []);
    const later = await connect();
    await later.subscribe();
    expect([told(later, one), told(later, other)]).toEqual([[], []]);
  });

  it('does not tell of chats that are only passed through', async () => {
    const [one = '', other = ''] = chats;
    const watcher = await connect();
    await watcher.subscribe();
    const page = await connect();
    const from = performance.now();
    for (let round = 0; round < 100; round += 1) {
      say(page, 'viewing', one);
      say(page, 'typing', one);
      page.say({ type: 'leaving' });
    }
    say(page, 'viewing', other);
    await sees(watcher, other, [me]);
    // Of hundreds of changes a chat tells at most one in each time of gathering.
    const times = (performance.now() - from) / GATHER;
    expect(told(watcher, one).length).toBeLessThanOrEqual(Math.ceil(times));
    page.say({ type: 'leaving' });
    await sees(watcher, other, []);
  });

  it('refuses chats and sessions that are not there', async () => {
    const page = await connect();
    say(page, 'viewing', '99977777777');
    await page.frame('no chat', ({ error }) => error?.code === 'chat_not_found');
    page.say({ type: 'viewing', sessionId: 'nobody', chatId: chats[0] });
    await page.frame('no session', ({ error }) => error?.code === 'session_not_found');
    page.say({ type: 'viewing', sessionId: 'main' });
    await page.frame('no chat id', ({ error }) => error?.code === 'invalid_request');
    page.say({ type: 'ping' });
    await page.frame('pong', ({ type }) => type === 'pong');
  });
});
