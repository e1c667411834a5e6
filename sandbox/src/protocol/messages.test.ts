import '@patchbay/hardening';
import { proto } from 'baileys';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Companion } from '../phone/test-companion.js';
import { eventually, TestWorld } from '../testing/test-world.js';

const ANA = '51999200001';
const BEN = '51999200002';

const { Status } = proto.WebMessageInfo;

let world: TestWorld;
let ana: Companion;
let ben: Companion;

beforeEach(async () => {
  world = await new TestWorld().start();
  await world.phone(ANA, 'Ana');
  await world.phone(BEN, 'Ben');
  ana = await world.linked(ANA);
  ben = await world.linked(BEN);
});
afterEach(() => world.end());

const statusOf = (companion: Companion, id: string): number =>
  Math.max(
    0,
    ...companion.updates.filter(({ key }) => key.id === id).map(({ update }) => update.status ?? 0),
    ...companion.messages.filter(({ key }) => key.id === id).map(({ status }) => status ?? 0),
  );

describe('1:1 messages between bare Baileys clients', () => {
  it.each(['pn', 'lid'] as const)(
    'reach every device of both sides, addressed by %s',
    async (form) => {
      const account = world.sandbox.server.account(BEN)!;
      const sent = await ana.socket.sendMessage(account[form], { text: 'to Ben' });
      const id = sent!.key.id!;
      await ben.until('the message', () => ben.texts().includes('to Ben'));
      const { key } = ben.messages.find((message) => message.key.id === id)!;
      const { pn, lid } = world.sandbox.server.account(ANA)!;
      const [jid, alt] = form === 'pn' ? [pn, lid] : [lid, pn];
      expect(key).toMatchObject({ remoteJid: jid, remoteJidAlt: alt, fromMe: false });
      await ana.until('delivery', () => statusOf(ana, id) >= Status.DELIVERY_ACK);
      await world.settle();
      expect(await world.messages(BEN)).toMatchObject([{ id, text: 'to Ben', from: ANA }]);
      expect(await world.messages(ANA)).toMatchObject([{ id, text: 'to Ben', fromMe: true }]);
    },
  );

  it('are marked read for the author, and for the other devices of the reader', async () => {
    const ben2 = await world.linked(BEN);
    const sent = await ana.socket.sendMessage(`${BEN}@s.whatsapp.net`, { text: 'read me' });
    const id = sent!.key.id!;
    await ben.until('the message', () => ben.texts().includes('read me'));
    await ben.socket.readMessages([ben.messages.at(-1)!.key]);
    await ana.until('blue ticks', () => statusOf(ana, id) >= Status.READ);
    await ben2.until('read elsewhere', () => statusOf(ben2, id) >= Status.READ);
  });

  it('sent from one companion appear on the other as own', async () => {
    const ana2 = await world.linked(ANA);
    const sent = await ana.socket.sendMessage(`${BEN}@s.whatsapp.net`, { text: 'from the first' });
    await ana2.until('the copy', () => ana2.texts().includes('from the first'));
    const copy = ana2.messages.find(({ key }) => key.id === sent!.key.id)!;
    expect(copy.key).toMatchObject({ fromMe: true, remoteJid: `${BEN}@s.whatsapp.net` });
    await world.settle();
    const { history } = ana2;
    expect(history.length).toBeGreaterThan(0);
  });

  it('reach a companion that was linked after the sender had cached the device list', async () => {
    await ana.socket.sendMessage(`${BEN}@s.whatsapp.net`, { text: 'before' });
    const ben2 = await world.linked(BEN);
    await ana.socket.sendMessage(`${BEN}@s.whatsapp.net`, { text: 'after' });
    await ben2.until('the message', () => ben2.texts().includes('after'));
  });

  it('to oneself reach the own phone', async () => {
    const sent = await ana.socket.sendMessage(`${ANA}@s.whatsapp.net`, { text: 'note to self' });
    await world.settle();
    expect(await world.messages(ANA)).toMatchObject([{ id: sent!.key.id, text: 'note to self' }]);
  });

  it('that cannot be read are asked for again, and superseded by the new copy', async () => {
    world.sandbox.server.faults.add({ kind: 'undecryptable', phone: BEN, device: 1 });
    const id = await world.send(ANA, BEN, 'mended');
    await ben.until('the mended message', () => ben.texts().includes('mended'));
    await world.settle();
    expect(ben.messages.filter(({ key, message }) => key.id === id && message)).toHaveLength(1);
    // Sent by a companion, too: Baileys re-encrypts on the relayed retry receipt.
    world.sandbox.server.faults.add({ kind: 'undecryptable', phone: BEN, device: 1 });
    await ana.socket.sendMessage(`${BEN}@s.whatsapp.net`, { text: 'mended as well' });
    await ben.until('the second', () => ben.texts().includes('mended as well'));
  });

  it('get the error that the server was told to give', async () => {
    // rc14 holds events back for up to 30 s after the first sync, until something is flushed.
    const first = await ana.socket.sendMessage(`${BEN}@s.whatsapp.net`, { text: 'first' });
    await ana.until('delivery', () => statusOf(ana, first!.key.id!) >= Status.DELIVERY_ACK);
    world.sandbox.server.faults.add({ kind: 'ack_error', phone: ANA, device: 1, code: 479 });
    const sent = await ana.socket.sendMessage(`${BEN}@s.whatsapp.net`, { text: 'refused' });
    const id = sent!.key.id!;
    // Within 100 ms of the send, rc14 merges the error in the own message that it emits.
    const failed = () =>
      ana.updates.some(({ key, update }) => key.id === id && update.status === Status.ERROR) ||
      ana.messages.some(({ key, status }) => key.id === id && status === Status.ERROR);
    await ana.until('the error', failed);
    await world.settle();
    expect(await world.messages(BEN)).toMatchObject([{ text: 'first' }]);
  });
});

describe('beside messages', () => {
  it('typing and presence are relayed to who is connected', async () => {
    const lid = world.sandbox.server.account(BEN)!.lid;
    await ana.socket.presenceSubscribe(lid);
    await ben.socket.sendPresenceUpdate('unavailable');
    await ben.socket.sendPresenceUpdate('available');
    const states = () => ana.presences.flatMap(({ presences }) => Object.values(presences));
    await ana.until('presence', () =>
      states().some((one) => one.lastKnownPresence === 'available'),
    );
    await ben.socket.sendPresenceUpdate('composing', world.sandbox.server.account(ANA)!.lid);
    await ana.until('typing', () => states().some((one) => one.lastKnownPresence === 'composing'));
  });

  it('numbers are looked up, devices and prekeys handed out once', async () => {
    const found = await ana.socket.onWhatsApp(BEN, '51000000000');
    expect(found).toEqual([{ jid: `${BEN}@s.whatsapp.net`, exists: true }]);
    const bundle = () =>
      ana.socket.query({
        tag: 'iq',
        attrs: { to: '@s.whatsapp.net', type: 'get', xmlns: 'encrypt' },
        content: [
          {
            tag: 'key',
            attrs: {},
            content: [{ tag: 'user', attrs: { jid: `${BEN}:1@s.whatsapp.net` } }],
          },
        ],
      });
    const ids = [JSON.stringify(await bundle()), JSON.stringify(await bundle())];
    expect(ids[0]).not.toBe(ids[1]!.replace(/"id":"[^"]+"/, ids[0]!.match(/"id":"[^"]+"/)![0]));
  });

  it('privacy settings and the block list are kept', async () => {
    await ana.socket.updateReadReceiptsPrivacy('none');
    expect(await ana.socket.fetchPrivacySettings(true)).toMatchObject({ readreceipts: 'none' });
    await eventually(
      'the block list',
      async () => (await ana.socket.fetchBlocklist()).length === 0,
    );
  });

  it('an iq that nobody knows gets 501 and is recorded', async () => {
    const query = ana.socket.query({
      tag: 'iq',
      attrs: { to: '@s.whatsapp.net', type: 'get', xmlns: 'w:moon' },
      content: [{ tag: 'phase', attrs: {} }],
    });
    await expect(query).rejects.toThrow('feature-not-implemented');
    expect(world.sandbox.server.unknownIqs().at(-1)).toMatchObject({
      phone: ANA,
      device: 1,
      xmlns: 'w:moon',
      children: ['phase'],
    });
  });
});
