import '@patchbay/hardening';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { WebSocketClient } from 'baileys/lib/Socket/Client/websocket.js';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { until } from '../testing/engine-contract-host.js';
import { EngineWorld } from '../testing/engine-world.js';
import { baileysEngineWith } from './index.js';

const world = new EngineWorld(() =>
  baileysEngineWith({
    queryTimeoutMs: 3_000,
    connectTimeoutMs: 1_500,
    keepAliveIntervalMs: 500,
    pingTimeoutMs: 500,
  }),
);
/** Every websocket client that Baileys made. */
const clients: WebSocketClient[] = [];
const rejections: unknown[] = [];
const onRejection = (reason: unknown) => rejections.push(reason);

beforeAll(async () => {
  const { connect } = WebSocketClient.prototype;
  vi.spyOn(WebSocketClient.prototype, 'connect').mockImplementation(function (
    this: WebSocketClient,
  ) {
    clients.push(this);
    connect.call(this);
  });
  process.on('unhandledRejection', onRejection);
  await world.start();
});
afterEach(async () => {
  await world.closeEngines();
  expect(rejections).toEqual([]);
});
afterAll(async () => {
  process.off('unhandledRejection', onRejection);
  await world.stop();
});

describe('Baileys engine', () => {
  it('refuses a server whose certificate another root has signed', async () => {
    const session = world.session('untrusted', { noiseRootKey: Buffer.alloc(32, 7) });
    await world.connect(session);
    const end = await session.event('disconnected');
    expect(end).toMatchObject({ cause: 'transient', code: 400 });
    expect(end.detail).toContain('certificate');
    expect(session.count('qr')).toBe(0);
  });

  it('leaves no listener, socket or buffered event behind', async () => {
    const phone = await world.phone();
    const { session, engine } = await world.linked(phone);
    await engine.disconnect();
    clients.length = 0;
    for (let round = 0; round < 10; round++) {
      const again = await world.connect(session);
      await session.event('connected');
      if (round % 3 === 0) await world.fault('garbage', phone);
      else if (round % 3 === 1) await world.fault('cut', phone);
      else await again.engine.disconnect();
      await session.event('disconnected');
    }
    expect(clients).toHaveLength(10);
    for (const client of clients) {
      expect(client.eventNames()).toEqual([]);
      expect(client.isClosed).toBe(true);
    }
  });

  it('gives up on a server that does not answer', async () => {
    const phone = await world.phone();
    const { session, engine } = await world.linked(phone);
    await engine.disconnect();
    await world.fault('silence', phone, { forMs: 10_000 });
    await world.connect(session);
    expect(await session.event('disconnected')).toMatchObject({ cause: 'transient', code: 408 });
  });

  it('gives up on, and lets go of, a server that takes connections and says nothing', async () => {
    const mute = createServer(() => {}).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const { port } = mute.address() as AddressInfo;
    const session = world.session('mute', { webSocketUrl: `ws://127.0.0.1:${port}/ws/chat` });
    await world.connect(session);
    expect(await session.event('disconnected')).toMatchObject({ cause: 'transient', code: 408 });
    const { engine } = await world.connect(session);
    const from = Date.now();
    await engine.disconnect();
    expect(Date.now() - from).toBeLessThan(1_000);
    expect(session.events.map(({ type }) => type)).toEqual(['disconnected']);
    mute.close();
  });

  it('notices a connection that fell silent, by asking', async () => {
    const phone = await world.phone();
    const { engine } = await world.linked(phone);
    await world.fault('silence', phone, { forMs: 10_000 });
    await expect(engine.ping()).rejects.toMatchObject({ code: 'timeout' });
    const from = Date.now();
    await engine.disconnect();
    expect(Date.now() - from).toBeLessThan(3_000);
  });

  it('says so when nobody scanned', async () => {
    const session = world.session('unscanned');
    const engine = baileysEngineWith({ qrMs: 20 })(session.host());
    await engine.connect();
    expect(await session.event('disconnected')).toMatchObject({ cause: 'qr-expired' });
    expect(session.count('qr')).toBeGreaterThan(1);
    await expect(engine.requestPairingCode('123')).rejects.toMatchObject({
      code: 'not-connected',
    });
  });

  it('brings all that waited, in order', async () => {
    const [phone, friend] = [await world.phone(), await world.phone()];
    const { session, engine } = await world.linked(phone);
    await engine.disconnect();
    const texts = Array.from({ length: 40 }, (_, n) => `text ${n}`);
    for (const text of texts) {
      await world.api('POST', `/phones/${friend}/messages`, { to: phone, text });
    }
    await world.connect(session);
    const got = await until('all texts', 10_000, () => {
      const messages = session.events.flatMap((event) =>
        event.type === 'message' && event.message.content.type === 'text'
          ? [event.message.content.text]
          : [],
      );
      return messages.length >= texts.length && messages;
    });
    expect(got).toEqual(texts);
  });
});
