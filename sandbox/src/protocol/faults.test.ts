import '@patchbay/hardening';
import { proto } from 'baileys';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { schedule } from '../faults/random.js';
import type { Companion } from '../phone/test-companion.js';
import { TestWorld } from '../testing/test-world.js';
import type { FaultKind } from './fault-kinds.js';

const ANA = '51999500001';
const BEN = '51999500002';
const BEN_PN = `${BEN}@s.whatsapp.net`;

let world: TestWorld;
let ana: Companion;

beforeEach(async () => {
  world = await new TestWorld().start();
  await world.phone(ANA, 'Ana');
  await world.phone(BEN, 'Ben');
  ana = await world.linked(ANA, { keepAliveIntervalMs: 500 });
});
afterEach(() => world.end());

const strike = (kind: FaultKind, more: { code?: number; forMs?: number } = {}) =>
  world.sandbox.server.faults.add({ kind, phone: ANA, device: 1, ...more });

const closedWith = (code: number) =>
  ana.until(`close ${code}`, () => ana.closes.slice(1).includes(code));

const backAndWell = async (): Promise<void> => {
  await ana.until('the connection', () => ana.state === 'open');
  await world.send(BEN, ANA, 'are you back?');
  await ana.until('the message', () => ana.texts().includes('are you back?'));
};

describe('faults against a connection', () => {
  it.each([
    ['restart_required', 515],
    ['service_unavailable', 503],
    ['replaced', 440],
    ['cut', 428],
    ['silence', 408],
  ] as const)('%s is seen as %i, and the client comes back', async (kind, code) => {
    strike(kind);
    await closedWith(code);
    await backAndWell();
    expect(world.sandbox.server.faults.list()).toEqual([]);
  });

  it('a silence that ends delays what is said, in its order, both ways', async () => {
    await ana.socket.sendMessage(BEN_PN, { text: 'before' });
    await world.settle();
    strike('silence', { forMs: 400 });
    await ana.socket.sendMessage(BEN_PN, { text: 'during' });
    await world.send(BEN, ANA, 'are you there?');
    expect(ana.texts()).not.toContain('are you there?');
    await ana.until('the answer', () => ana.texts().includes('are you there?'));
    await ana.socket.sendMessage(BEN_PN, { text: 'after' });
    await world.settle();
    const said = (await world.messages(BEN)).filter(({ fromMe }) => !fromMe);
    expect(said.map(({ text }) => text)).toEqual(['before', 'during', 'after']);
    expect(ana.closes).toHaveLength(1);
  });

  it('message_lost breaks the connection, and the message is gone', async () => {
    strike('message_lost');
    await ana.socket.sendMessage(BEN_PN, { text: 'gone' }).catch(() => undefined);
    await closedWith(428);
    await backAndWell();
    await world.settle();
    const texts = (await world.messages(BEN)).map(({ text }) => text);
    expect(texts).toEqual(['are you back?']);
  });

  it('garbage ends the connection of a client that notices, and nothing else', async () => {
    strike('garbage');
    await ana.until('a close', () => ana.closes.length > 1);
    await backAndWell();
  });

  it('device_removed is seen as 401, and the device is forgotten', async () => {
    strike('device_removed');
    await closedWith(401);
    expect(world.sandbox.server.devices(ANA)).toEqual([]);
  });

  it.each([403, 405])('failure %i meets the next login', async (code) => {
    strike('failure', { code });
    strike('cut');
    await closedWith(code);
    await backAndWell();
  });

  it('refuse turns the next connections away', async () => {
    world.sandbox.server.faults.add({ kind: 'refuse', times: 2 });
    strike('cut');
    await ana.until('two refusals', () => ana.closes.length >= 4);
    expect(ana.closes).toEqual([515, 428, 408, 408]);
    await backAndWell();
  });

  it('strikes everybody when nobody is named, once', async () => {
    const ben = await world.linked(BEN);
    const fault = world.sandbox.server.faults.add({ kind: 'service_unavailable' });
    await closedWith(503);
    await ben.until('close 503', () => ben.closes.includes(503));
    expect(fault.struck).toBe(1);
    expect(world.sandbox.server.faults.list()).toEqual([]);
    await backAndWell();
  });
});

describe('faults against messages', () => {
  it('duplicate delivers one message twice', async () => {
    strike('duplicate');
    const id = await world.send(BEN, ANA, 'twice');
    const copies = () => ana.messages.filter(({ key }) => key.id === id).length;
    await ana.until('the message', () => copies() > 0);
    await world.settle();
    expect(world.queue(ANA, 1).counts.queued).toBeGreaterThan(0);
  });

  it('receipt_lost lets a message come again at the next login', async () => {
    strike('receipt_lost');
    const id = await world.send(BEN, ANA, 'and again');
    await ana.until('the message', () => ana.messages.some(({ key }) => key.id === id));
    await world.send(BEN, ANA, 'after it');
    await ana.until('the next', () => ana.messages.length > 1);
    const waiting = () => world.queue(ANA, 1).stanzas.find((stanza) => stanza.id === id);
    expect(waiting()?.deliveries).toBe(1);
    strike('cut');
    await backAndWell();
    await world.settle();
    expect(waiting()).toBeUndefined();
  });

  it('ack_missing leaves the sender without an answer, but the message arrives', async () => {
    const acks: string[] = [];
    ana.socket.ws.on('CB:ack,class:message', ({ attrs }) => acks.push(attrs.id));
    strike('ack_missing');
    await ana.socket.sendMessage(BEN_PN, { text: 'no answer' });
    const second = await ana.socket.sendMessage(BEN_PN, { text: 'answered' });
    await ana.until('the second ack', () => acks.length > 0);
    expect(acks).toEqual([second!.key.id]);
    await world.settle();
    const texts = (await world.messages(BEN)).map(({ text }) => text);
    expect(texts).toEqual(['no answer', 'answered']);
  });

  it('ack_delay answers late', async () => {
    let acked = 0;
    ana.socket.ws.on('CB:ack,class:message', () => {
      acked = Date.now();
    });
    world.sandbox.server.faults.add({ kind: 'ack_delay', phone: ANA, delayMs: 300 });
    await ana.socket.sendMessage(BEN_PN, { text: 'patience' });
    const sent = Date.now();
    await ana.until('the ack', () => acked > 0);
    expect(acked - sent).toBeGreaterThan(250);
  });
});

describe('a client with bad manners', () => {
  it('is cut off, and nobody else notices', async () => {
    const { wsUrl } = world.sandbox;
    const { WebSocket } = await import('ws');
    const junk = [
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      Buffer.from([0x57, 0x41, 6, 3, 0, 0, 2, 255, 255]),
      Buffer.concat([
        Buffer.from([0x57, 0x41, 6, 3, 0, 0, 40]),
        proto.HandshakeMessage.encode({ clientHello: { ephemeral: Buffer.alloc(36) } }).finish(),
      ]),
    ];
    for (const bytes of junk) {
      const socket = new WebSocket(wsUrl);
      await new Promise((resolve) => socket.on('open', resolve));
      const closed = new Promise((resolve) => socket.on('close', resolve));
      socket.on('error', () => {});
      socket.send(bytes);
      await closed;
    }
    // Stanzas that make no sense, from a client that is logged in.
    for (const tag of [
      'message',
      'receipt',
      'ack',
      'iq',
      'presence',
      'chatstate',
      'call',
      'moon',
    ]) {
      await ana.socket.sendNode({ tag, attrs: {} });
      await ana.socket.sendNode({ tag, attrs: { id: 'x', to: 'nobody', class: 'moon' } });
    }
    await backAndWell();
    expect(ana.closes).toEqual([515]);
  });
});

describe('a random schedule', () => {
  it('is the same for the same seed, and another for another', () => {
    const draw = (seed: number) => {
      const draws = schedule({ seed, everyMs: 100 });
      return Array.from({ length: 20 }, () => draws.next().value);
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('strikes, stops by itself, and the client survives it', async () => {
    const kinds: FaultKind[] = ['cut', 'service_unavailable', 'duplicate', 'restart_required'];
    world.sandbox.server.faults.random({ seed: 3, everyMs: 60, count: 6, kinds });
    await ana.until('trouble', () => ana.closes.length >= 3);
    await backAndWell();
  });
});
