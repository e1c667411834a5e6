import type { LogEvent, PassingEvent, SessionAnswer } from '@patchbay/contract';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../../testing/databases.js';
import { eventually } from '../../testing/eventually.js';
import { TestSandbox } from '../../testing/test-sandbox.js';
import { TestServer } from '../../testing/test-server.js';
import { TestSocket } from '../../testing/test-socket.js';

describe.each(databases)('the WebSocket on %s', (name) => {
  let sandbox: TestSandbox;
  let server: TestServer;
  let own: string;
  let other: string;
  const open: TestSocket[] = [];

  const connect = async (...args: [string?, Record<string, string>?]) => {
    const socket = await TestSocket.open(server.url, ...args);
    open.push(socket);
    return socket;
  };
  const written = async (text: string) => {
    const id = await sandbox.write(other, { to: own, text });
    await server.message('main', id);
    return id;
  };
  const log = async () => {
    const { body } = await server.call<{ events: LogEvent[] }>('GET', '/api/events?limit=500');
    return body.events;
  };

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    server = await TestServer.start(sandbox, {
      database: name,
      streamTimes: { heartbeat: 200, patience: 1500 },
    });
    [own, other] = [await sandbox.phone('Own'), await sandbox.phone('Other')];
    await server.linked(sandbox, 'main', own);
  });
  afterEach(() => {
    for (const { socket } of open.splice(0)) socket.terminate();
  });
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
  });

  it('lets in by key in header or address, and sends others away with 4001', async () => {
    const refused = async (query: string, headers: Record<string, string>) =>
      (await (await connect(query, headers)).closing()).code;
    expect(await refused('', {})).toBe(4001);
    expect(await refused('?apiKey=wrong', {})).toBe(4001);
    const socket = await connect('?apiKey=a-key-for-the-tests', {});
    socket.say({ type: 'ping' });
    await socket.frame('pong', ({ type }) => type === 'pong');
  });

  it('takes the cookie of a page of ours only', async () => {
    const { headers } = await server.call('POST', '/api/auth/sign-in', {
      apiKey: 'a-key-for-the-tests',
    });
    const cookie = (headers.get('set-cookie') ?? '').split(';')[0] as string;
    const foreign = await connect('', { cookie, origin: 'http://evil.example' });
    expect((await foreign.closing()).code).toBe(4001);
    const own = await connect('', { cookie, origin: server.url });
    await own.subscribe();
    expect(own.closed).toBeUndefined();
  });

  it('tells messages, ticks and status by channel, each with its cursor', async () => {
    const socket = await connect();
    await socket.subscribe({ sessionId: 'main' });
    const got = await written('hello');
    const told = await socket.frame('the message', ({ channel }) => channel === 'wa:msg:main');
    expect(told.data).toMatchObject({ sessionId: 'main', message: { id: got, content: 'hello' } });
    expect(told.data?.chatId).toBeTypeOf('string');
    const sent = await server.send('main', other, 'back');
    const read = (frame: { channel?: string; data?: Record<string, unknown> }) =>
      frame.channel === 'wa:ack:main' &&
      frame.data?.messageId === sent &&
      frame.data.status === 'delivered';
    await socket.frame('delivered', read);
    const cursors = socket.frames.filter(({ channel }) => channel).map(({ cursor }) => cursor ?? 0);
    expect(cursors).toEqual([...cursors].sort((a, b) => a - b));
    await server.call('POST', '/api/sessions/main/restart');
    await server.reaches('main', 'connected');
    await socket.frame(
      'connected again',
      ({ channel, data }) => channel === 'wa:status:main' && data?.status === 'connected',
    );
  });

  it('shows a QR as a picture while it is the one to scan, and never a stale one', async () => {
    const socket = await connect();
    const { cursor } = await socket.subscribe();
    const { body } = await server.call<SessionAnswer>('PUT', '/api/sessions/unlinked');
    const told = await socket.frame('the QR', ({ channel }) => channel === 'wa:qr:unlinked');
    expect(told.data).toEqual({ sessionId: 'unlinked', qr: body.qr?.dataUrl });
    await server.call('DELETE', '/api/sessions/unlinked');
    const later = await connect();
    await later.subscribe({ after: cursor as number });
    expect(later.frames.some(({ channel }) => channel === 'wa:status:unlinked')).toBe(true);
    expect(later.frames.some(({ channel }) => channel === 'wa:qr:unlinked')).toBe(false);
  });

  it('gives the events of the catalogue as they are, the same as the log', async () => {
    const socket = await connect('?format=events');
    await socket.subscribe({ after: 0 });
    await written('one more');
    await socket.frame('it', ({ event }) =>
      JSON.stringify(event?.data ?? {}).includes('"one more"'),
    );
    const events = await log();
    await eventually('all of the log', () =>
      socket.frames.filter(({ event }) => event?.position).length >= events.length
        ? true
        : undefined,
    );
    const told = socket.frames.flatMap(({ event }) => (event?.position ? [event] : []));
    expect(told.slice(0, events.length)).toEqual(events);
  });

  it('goes on from a cursor, for one session or all, and stops on request', async () => {
    const first = await connect('?format=events');
    const { cursor } = await first.subscribe();
    const missed = [await written('missed 1'), await written('missed 2')];
    const second = await connect('?format=events');
    await second.subscribe({ sessionId: 'main', after: cursor as number });
    const ids = (socket: TestSocket) =>
      socket.frames.flatMap(({ event }) =>
        event?.name === 'session.message' ? [event.data.message.id] : [],
      );
    expect(ids(second)).toEqual(missed);
    second.say({ type: 'unsubscribe', sessionId: 'main' });
    await second.frame('unsubscribed', ({ type }) => type === 'unsubscribed');
    const after = await written('not wanted');
    await eventually('the other has it', () => (ids(first).includes(after) ? true : undefined));
    expect(ids(second)).toEqual(missed);
  });

  it('hears typing live, and it is in no log', async () => {
    const socket = await connect('?format=events');
    await socket.subscribe();
    await written('before typing');
    await sandbox.call('POST', `/api/phones/${other}/typing`, { to: own, state: 'composing' });
    const frame = await socket.frame(
      'typing',
      ({ event }) => (event as PassingEvent | undefined)?.name === 'typing',
    );
    expect(frame.cursor).toBeUndefined();
    expect(frame.event?.data).toMatchObject({ state: 'composing' });
    expect((await log()).map((event) => event.name)).not.toContain('typing');
  });

  it('says what is wrong with a frame, and with a cursor of another log', async () => {
    const socket = await connect();
    const answers = async (frame: object | string) => {
      const before = socket.frames.length;
      socket.say(frame);
      const error = await eventually('an error', () =>
        socket.frames.slice(before).find(({ type }) => type === 'error'),
      );
      return error.error;
    };
    expect(await answers('{')).toMatchObject({ code: 'invalid_request' });
    expect(await answers({ type: 'dance' })).toMatchObject({ code: 'invalid_request' });
    expect((await answers({ type: 'subscribe', after: -1 }))?.message).toMatch(/after/);
    expect((await answers({ type: 'subscribe', after: 9e9 }))?.message).toMatch(/ahead of the log/);
    await socket.subscribe();
    const more = await answers({ type: 'subscribe', sessionId: 'main' });
    expect(more?.message).toMatch(/subscribed already/);
  });

  it('beats, with the cursor that a quiet reader has reached', async () => {
    const socket = await connect('?format=events');
    await server.call('PUT', '/api/sessions/quiet');
    await server.call('DELETE', '/api/sessions/quiet');
    await socket.subscribe({ sessionId: 'quiet' });
    await written('for another session');
    const head = (await log()).at(-1)?.position as number;
    await socket.frame(
      'a heartbeat at the end of the log',
      ({ type, cursor }) => type === 'heartbeat' && cursor !== undefined && cursor >= head,
    );
  });

  it('ends a connection whose program no longer answers', async () => {
    const socket = await connect();
    // Neither pong nor anything else gets out.
    socket.socket.pause();
    await eventually('it is dropped', () =>
      server.house.streams.counts().webSocket === 0 ? true : undefined,
    );
  });

  it('ends with a code that says to come again when the server stops', async () => {
    const socket = await connect();
    const { cursor } = await socket.subscribe();
    await server.close();
    const { code, reason } = await socket.closing();
    expect([code, reason]).toEqual([1012, `stopping; resume after ${cursor}`]);
    await server.open();
    await server.reaches('main', 'connected');
  });
});
