import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BareWorld, type HandPlayed, sealed } from '../testing/bare-world.js';
import type { DeviceQueue } from './seam.js';
import { childOf, node, textOf } from './stanza.js';

const ANA = '51999300001';
const BEN = '51999300002';
const ANA_PN = `${ANA}@s.whatsapp.net`;
const BEN_PN = `${BEN}@s.whatsapp.net`;

let world: BareWorld;
let ana: HandPlayed;

beforeEach(async () => {
  world = await new BareWorld().start();
  world.sandbox.server.createAccount(ANA, 'Ana');
  world.sandbox.server.createAccount(BEN, 'Ben');
  ana = world.attach(ANA);
});
afterEach(() => world.end());

const queueOf = (of: BareWorld, phone: string): DeviceQueue =>
  of.sandbox.server.queues().find((queue) => queue.phone === phone)!;

const waiting = (phone: string) => queueOf(world, phone).stanzas.map(({ tag, id }) => [tag, id]);

async function sendToBen(id: string, text = 'hello'): Promise<void> {
  ana.send('message', { id, to: BEN_PN, type: 'text' }, [sealed(text)]);
  await ana.next('the ack', ({ tag, attrs }) => tag === 'ack' && attrs.id === id);
}

describe('a device queue', () => {
  it('keeps what is for a disconnected device, and delivers it marked offline', async () => {
    await sendToBen('M1');
    await sendToBen('M2');
    expect(waiting(BEN)).toEqual([
      ['message', 'M1'],
      ['message', 'M2'],
    ]);
    const ben = world.attach(BEN);
    const end = await ben.next('the end of the backlog', ({ content }) =>
      JSON.stringify(content ?? '').includes('"tag":"offline"'),
    );
    expect(end.content).toMatchObject([{ tag: 'offline', attrs: { count: '2' } }]);
    const [preview, ...messages] = ben.received;
    expect(preview?.content).toMatchObject([{ tag: 'offline_preview', attrs: { message: '2' } }]);
    expect(messages.map(({ attrs }) => [attrs.id, attrs.offline])).toEqual([
      ['M1', '0'],
      ['M2', '0'],
    ]);
  });

  it('is not emptied by delivery, nor by a plain ack of a message, only by the receipt', async () => {
    await sendToBen('M1');
    const first = world.attach(BEN);
    await first.tagged('message');
    first.send('ack', { class: 'message', id: 'M1', to: ANA_PN });
    first.detach();
    expect(waiting(BEN)).toEqual([['message', 'M1']]);
    const second = world.attach(BEN);
    await second.tagged('message');
    second.send('receipt', { id: 'M1', to: ANA_PN });
    const ack = await second.tagged('ack');
    expect(ack.attrs).toMatchObject({ class: 'receipt', id: 'M1' });
    expect(waiting(BEN)).toEqual([]);
    expect(queueOf(world, BEN).counts).toMatchObject({ queued: 1, receipted: 1 });
  });

  it('holds the receipt for the author until the author acknowledges that', async () => {
    await sendToBen('M1');
    const ben = world.attach(BEN);
    await ben.tagged('message');
    ana.detach();
    ben.send('receipt', { id: 'M1', to: ANA_PN });
    await ben.tagged('ack');
    ana = world.attach(ANA);
    const receipt = await ana.tagged('receipt');
    expect(receipt.attrs).toMatchObject({ id: 'M1', from: BEN_PN, offline: '0' });
    expect(waiting(ANA)).toEqual([['receipt', 'M1']]);
    ana.send('ack', { class: 'receipt', id: 'M1', to: BEN_PN });
    await world.sandbox.server.settle();
    expect(waiting(ANA)).toEqual([]);
  });

  it('is emptied by a receipt with a list, and by a refusal', async () => {
    for (const id of ['M1', 'M2', 'M3', 'M4']) await sendToBen(id);
    const ben = world.attach(BEN);
    const list = node('list', {}, [node('item', { id: 'M2' }), node('item', { id: 'M3' })]);
    ben.send('receipt', { id: 'M1', to: ANA_PN }, [list]);
    await ben.tagged('ack');
    expect(waiting(BEN)).toEqual([['message', 'M4']]);
    const receipt = await ana.tagged('receipt');
    expect(receipt.content).toMatchObject([
      { tag: 'list', content: [{ attrs: { id: 'M2' } }, { attrs: { id: 'M3' } }] },
    ]);
    ben.send('ack', { class: 'message', id: 'M4', to: ANA_PN, error: '487' });
    expect(waiting(BEN)).toEqual([]);
    expect(queueOf(world, BEN).counts).toMatchObject({ receipted: 3, nacked: 1 });
  });

  it('does not take one author for another', async () => {
    await sendToBen('M1');
    const ben = world.attach(BEN);
    await ben.tagged('message');
    ben.send('receipt', { id: 'M1', to: BEN_PN });
    await ben.tagged('ack');
    expect(waiting(BEN)).toEqual([['message', 'M1']]);
  });

  it('relays a retry to the author, whose new copy takes the place of the old one', async () => {
    await sendToBen('M1', 'unreadable');
    const ben = world.attach(BEN);
    await ben.tagged('message');
    const retry = node('retry', { count: '1', id: 'M1', t: '1', v: '1' });
    ben.send('receipt', { id: 'M1', to: ANA_PN, type: 'retry' }, [retry]);
    const asked = await ana.tagged('receipt');
    expect(asked.attrs).toMatchObject({ id: 'M1', from: BEN_PN, type: 'retry' });
    expect(asked.content).toMatchObject([{ tag: 'retry', attrs: { count: '1' } }]);
    expect(queueOf(world, BEN).stanzas).toMatchObject([{ id: 'M1', retrying: true }]);
    ana.send('message', { id: 'M1', to: BEN_PN, type: 'text' }, [sealed('anew', { count: '1' })]);
    const again = await ben.tagged('message');
    expect(textOf(childOf(again, 'enc'))).toBe('sealed anew');
    expect(queueOf(world, BEN).stanzas).toMatchObject([{ id: 'M1', retrying: false }]);
    expect(queueOf(world, BEN).counts).toMatchObject({ queued: 2, superseded: 1 });
  });

  it('counts no copy twice on one connection', async () => {
    const ben = world.attach(BEN);
    await sendToBen('M1');
    await ben.tagged('message');
    await sendToBen('M2');
    await ben.tagged('message');
    expect(queueOf(world, BEN).stanzas.map(({ deliveries }) => deliveries)).toEqual([1, 1]);
  });
});

describe('a killed sandbox', () => {
  it('has on disk whatever it acknowledged', async () => {
    let left: BareWorld | undefined;
    ana.send('message', { id: 'M1', to: BEN_PN, type: 'text' }, [sealed('kept')]);
    await ana.next('the ack', ({ tag }) => {
      if (tag === 'ack') left ??= world.copyAsIfKilled();
      return tag === 'ack';
    });
    const reborn = await left!.start();
    try {
      expect(queueOf(reborn, BEN).stanzas).toMatchObject([{ id: 'M1', deliveries: 0 }]);
      const message = await reborn.attach(BEN).tagged('message');
      expect(message.attrs).toMatchObject({ id: 'M1', from: ANA_PN, notify: 'Ana', offline: '0' });
    } finally {
      await reborn.end();
    }
  });

  it('has forgotten nothing that a device acknowledged, and redelivers nothing of it', async () => {
    await sendToBen('M1');
    const ben = world.attach(BEN);
    await ben.tagged('message');
    ben.send('receipt', { id: 'M1', to: ANA_PN });
    let left: BareWorld | undefined;
    await ben.next('the ack', ({ tag }) => {
      if (tag === 'ack') left ??= world.copyAsIfKilled();
      return tag === 'ack';
    });
    const reborn = await left!.start();
    try {
      expect(queueOf(reborn, BEN).stanzas).toEqual([]);
      expect(queueOf(reborn, ANA).stanzas).toMatchObject([{ id: 'M1', tag: 'receipt' }]);
    } finally {
      await reborn.end();
    }
  });

  it('keeps what a phone stored before it sent', async () => {
    const store = world.sandbox.server.phoneStore(ANA);
    store.set('ratchet/1', Buffer.from('step 1'));
    let left: BareWorld | undefined;
    ana.send('message', { id: 'M1', to: BEN_PN, type: 'text' }, [sealed('x')]);
    await ana.next('the ack', ({ tag }) => {
      if (tag === 'ack') left ??= world.copyAsIfKilled();
      return tag === 'ack';
    });
    const reborn = await left!.start();
    try {
      const kept = reborn.sandbox.server.phoneStore(ANA);
      expect(kept.list('ratchet/').map(({ key, value }) => [key, String(value)])).toEqual([
        ['ratchet/1', 'step 1'],
      ]);
    } finally {
      await reborn.end();
    }
  });
});

describe('settle', () => {
  it('waits for connected devices only, and says what is open', async () => {
    await sendToBen('M1');
    await world.sandbox.server.settle();
    const ben = world.attach(BEN);
    await ben.tagged('message');
    await expect(world.sandbox.server.settle(50)).rejects.toThrow(`message M1 → ${BEN}:0`);
    const settled = world.sandbox.server.settle();
    ben.send('receipt', { id: 'M1', to: ANA_PN });
    await ana.tagged('receipt');
    ana.send('ack', { class: 'receipt', id: 'M1', to: BEN_PN });
    await settled;
  });
});
