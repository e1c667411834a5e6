import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PROXY_PASSWORD, TestProxy } from '../../testing/test-proxy.js';
import { newMessageId } from '../../whatsapp/message-id.js';
import type { EngineHost } from '../engine.js';
import type { TestSession } from '../testing/engine-contract-host.js';
import { EngineWorld, pn } from '../testing/engine-world.js';
import { send } from '../testing/send.js';
import { Browsers, wwebjsEngine } from './index.js';
import { LARGEST_FILE } from './start-settings.js';

/** Files that sessions are given to send. */
let outgoing: () => Readable = () => Readable.from(['a file']);

const world = new EngineWorld(
  ({ server }, folder) => {
    const browsers = new Browsers({
      folder,
      path: process.env.PATH ?? '',
      page: server.info.webPage,
    });
    const engine = wwebjsEngine(browsers, { qrShown: 700, startWithin: 8000 });
    return (host: EngineHost) =>
      engine({
        ...host,
        outgoingFile: async () => ({ content: outgoing(), thumbnail: undefined }),
      });
  },
  { speaksTheWire: false, isCostly: true },
);
let proxy: TestProxy;
beforeAll(async () => {
  await world.start();
  const { host } = world.sandbox.server.info.webPage;
  proxy = await new TestProxy({ 'web.whatsapp.com:443': host }).start();
});
afterEach(async () => {
  await world.closeEngines();
  await world.api('DELETE', '/faults');
});
afterAll(async () => {
  await world.stop();
  await proxy.stop();
});

const document = { type: 'document', mimetype: 'text/plain', filename: 'a.txt' } as const;
const anywhere = (kind: string, more: object = {}) =>
  world.api('POST', '/faults', { kind, ...more });

/** A linked session whose connection was closed. */
async function closed(): Promise<TestSession> {
  const { session, engine } = await world.linked(await world.phone());
  await engine.disconnect();
  return session;
}

describe('files', () => {
  it('an upload that is refused fails, and the next try arrives', async () => {
    const { engine, friend } = await world.linkedWithFriend();
    const id = newMessageId();
    await anywhere('upload_refused');
    const content = { ...document, caption: 'second try' };
    const message = { id, chatJid: pn(friend), content };
    await expect(send(engine, message)).rejects.toMatchObject({ name: 'EngineError' });
    await send(engine, { ...message, again: true });
    expect((await world.messageOn(friend, 'second try')).id).toBe(id);
  });

  it('a file that is gone is told as gone', async () => {
    const linked = await world.linkedWithFriend();
    const { session, engine, phone, friend } = linked;
    const query = new URLSearchParams({ to: phone, kind: 'document', mimetype: 'text/plain' });
    const sent = await sendFile(friend, query, Buffer.from('here'));
    expect(sent).toBe(201);
    const { message } = await session.event(
      'message',
      (e) => e.message.content.type === 'document',
    );
    await anywhere('media_gone');
    await expect(engine.downloadMedia(message.raw)).rejects.toMatchObject({ code: 'gone' });
    expect((await buffer(Readable.from(await engine.downloadMedia(message.raw)))).toString()).toBe(
      'here',
    );
  });

  it('larger ones than a browser can hold are not sent, and not fetched', async () => {
    const { session, engine, phone, friend } = await world.linkedWithFriend();
    outgoing = () => Readable.from(zeros(LARGEST_FILE + 1));
    const sent = send(engine, { id: newMessageId(), chatJid: pn(friend), content: document });
    await expect(sent).rejects.toMatchObject({ code: 'unsupported', certainlyNotSent: true });
    outgoing = () => Readable.from(['a file']);

    const query = new URLSearchParams({ to: phone, kind: 'document', mimetype: 'text/plain' });
    expect(await sendFile(friend, query, Buffer.alloc(LARGEST_FILE + 1))).toBe(201);
    const { message } = await session.event(
      'message',
      (e) => e.message.content.type === 'document',
    );
    const got = engine.downloadMedia(message.raw);
    await expect(got).rejects.toMatchObject({ code: 'unsupported' });
  });
});

describe('the way to WhatsApp', () => {
  it('WhatsApp refuses connections: that is the network, however the library names it', async () => {
    const session = await closed();
    // The library gives up with the bare words "auth timeout".
    await anywhere('refuse', { forMs: 60_000 });
    await world.connect(session);
    const end = await session.event('disconnected', undefined, 30_000);
    expect(end).toMatchObject({ cause: 'transient' });
    await world.api('DELETE', '/faults');
    await world.connect(session);
    await session.event('connected', undefined, 30_000);
    expect(session.count('qr')).toBe(0);
  });

  it('WhatsApp refuses the login: another scan is needed', async () => {
    const session = await closed();
    await world.fault('failure', session.sessionId);
    await world.connect(session);
    expect(await session.event('disconnected')).toMatchObject({ cause: 'logged-out' });
  });

  it('a page that has fallen asleep over its QR is woken, and can be linked', async () => {
    const phone = await world.phone();
    const session = world.session(phone);
    await anywhere('page_idle');
    await world.connect(session);
    const first = await session.event('qr');
    const second = await session.event('qr', ({ code }) => code !== first.code);
    await world.api('POST', `/phones/${phone}/scan`, { qr: second.code });
    await session.event('connected');
  });

  it('a proxy with a login, asked for nothing but WhatsApp', async () => {
    const session = world.session('by-proxy');
    session.settings = { ...session.settings, proxyUrl: proxy.url('http') };
    await world.connect(session);
    await session.event('qr');
    expect(new Set(proxy.targets)).toEqual(new Set(['web.whatsapp.com:443']));
  });

  it('a proxy that refuses the login, and one that cannot be asked with one', async () => {
    const session = world.session('refused-by-proxy');
    const led = proxy.targets.length;
    session.settings = { ...session.settings, proxyUrl: proxy.url('http', 'wrong') };
    await world.connect(session);
    const end = await session.event('disconnected');
    expect(end).toMatchObject({ cause: 'transient', detail: 'The proxy refuses the login' });
    expect(proxy.refused.length).toBeGreaterThan(0);
    expect(proxy.targets.length).toBe(led);

    session.settings = { ...session.settings, proxyUrl: proxy.url('socks5') };
    await world.connect(session);
    const socks = await session.event('disconnected');
    expect(socks).toMatchObject({
      cause: 'launch-failed',
      detail: expect.stringContaining('no login for SOCKS'),
    });
    expect(socks.detail).not.toContain(PROXY_PASSWORD);
  });
});

/** @returns the status of the answer */
async function sendFile(phone: string, query: URLSearchParams, file: Buffer): Promise<number> {
  const url = `${world.sandbox.controlUrl}/api/phones/${phone}/media?${query}`;
  const headers = { 'content-type': 'application/octet-stream' };
  return (await fetch(url, { method: 'POST', headers, body: new Uint8Array(file) })).status;
}

function* zeros(size: number): Iterable<Buffer> {
  const part = Buffer.alloc(1024 * 1024);
  for (let left = size; left > 0; left -= part.length) yield part.subarray(0, left);
}
