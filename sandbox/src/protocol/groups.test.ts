import '@patchbay/hardening';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Companion } from '../phone/test-companion.js';
import { TestWorld } from '../testing/test-world.js';

const ANA = '51999400001';
const BEN = '51999400002';
const CAT = '51999400003';
const DAN = '51999400004';

const pn = (phone: string): string => `${phone}@s.whatsapp.net`;

let world: TestWorld;
let ana: Companion;
let ben: Companion;

beforeEach(async () => {
  world = await new TestWorld().start();
  for (const [phone, name] of Object.entries({ [ANA]: 'Ana', [BEN]: 'Ben', [CAT]: 'Cat' })) {
    await world.phone(phone, name);
  }
  ana = await world.linked(ANA);
  ben = await world.linked(BEN);
});
afterEach(() => world.end());

const lid = (phone: string): string => world.sandbox.server.account(phone)!.lid;

describe('groups with bare Baileys clients', () => {
  it('are created by a client and known to all members', async () => {
    const heard: string[] = [];
    ben.socket.ev.on('groups.upsert', (groups) => heard.push(...groups.map((one) => one.subject)));
    const group = await ana.socket.groupCreate('Picnic', [pn(BEN), pn(CAT)]);
    expect(group).toMatchObject({ subject: 'Picnic', addressingMode: 'lid', owner: lid(ANA) });
    expect(group.participants).toMatchObject([
      { id: lid(ANA), phoneNumber: pn(ANA), admin: 'superadmin' },
      { id: lid(BEN), phoneNumber: pn(BEN), admin: null },
      { id: lid(CAT), phoneNumber: pn(CAT), admin: null },
    ]);
    await ben.until('the news', () => heard.includes('Picnic'));
    expect(Object.keys(await ben.socket.groupFetchAllParticipating())).toEqual([group.id]);
    expect(await ben.socket.groupMetadata(group.id)).toMatchObject({ subject: 'Picnic', size: 3 });
  });

  it('carry messages with sender keys between clients and phones, both ways', async () => {
    const { id } = await ana.socket.groupCreate('Talk', [pn(BEN), pn(CAT)]);
    const sent = await ana.socket.sendMessage(id, { text: 'first' });
    await ben.until('the first', () => ben.texts().includes('first'));
    const { key } = ben.messages.find((message) => message.key.id === sent!.key.id)!;
    expect(key).toMatchObject({ remoteJid: id, participant: lid(ANA), participantAlt: pn(ANA) });
    await ana.socket.sendMessage(id, { text: 'second, without key' });
    await ben.until('the second', () => ben.texts().includes('second, without key'));
    await ben.socket.sendMessage(id, { text: 'answer' });
    await ana.until('the answer', () => ana.texts().includes('answer'));
    await world.send(CAT, id, 'from a phone');
    await ana.until('the phone', () => ana.texts().includes('from a phone'));
    await ben.until('the phone', () => ben.texts().includes('from a phone'));
    await world.settle();
    const texts = (await world.messages(CAT)).map(({ text }) => text);
    expect(texts).toEqual(['first', 'second, without key', 'answer', 'from a phone']);
  });

  it('tell the author which member has a message', async () => {
    const { id } = await ana.socket.groupCreate('Ticks', [pn(BEN), pn(CAT)]);
    const sent = await ana.socket.sendMessage(id, { text: 'who has it?' });
    const messageId = sent!.key.id;
    // rc14 merges receipts that come at once in the own message that it emits.
    const readers = () =>
      new Set([
        ...ana.groupReceipts
          .filter(({ key }) => key.id === messageId)
          .map((one) => one.receipt.userJid),
        ...ana.messages
          .filter(({ key }) => key.id === messageId)
          .flatMap(({ userReceipt }) => (userReceipt ?? []).map((receipt) => receipt.userJid)),
      ]);
    await ana.until('both receipts', () => readers().has(lid(BEN)) && readers().has(lid(CAT)));
  });

  it('messages that a member cannot read are sent again to that device alone', async () => {
    const { id } = await ana.socket.groupCreate('Retry', [pn(BEN), pn(CAT)]);
    await ana.socket.sendMessage(id, { text: 'opens the keys' });
    await ben.until('the first', () => ben.texts().includes('opens the keys'));
    world.sandbox.server.faults.add({ kind: 'undecryptable', phone: BEN, device: 1 });
    await ana.socket.sendMessage(id, { text: 'mended' });
    await ben.until('the mended one', () => ben.texts().includes('mended'));
    await world.settle();
    const copies = (await world.messages(CAT)).filter(({ text }) => text === 'mended');
    expect(copies).toMatchObject([{ deliveries: 1 }]);
  });

  it('change: members, roles, subject, settings, leaving', async () => {
    await world.phone(DAN, 'Dan');
    const { id } = await ana.socket.groupCreate('Old', [pn(BEN)]);
    const changes: string[] = [];
    ben.socket.ev.on('group-participants.update', ({ action, participants }) =>
      changes.push(...participants.map((one) => `${action} ${one.phoneNumber}`)),
    );
    const added = await ana.socket.groupParticipantsUpdate(id, [pn(DAN), pn('51000000009')], 'add');
    expect(added.map(({ status }) => status)).toEqual(['200', '404']);
    await ana.socket.groupParticipantsUpdate(id, [lid(BEN)], 'promote');
    await ana.socket.groupUpdateSubject(id, 'New');
    await ana.socket.groupUpdateDescription(id, 'About');
    await ana.socket.groupSettingUpdate(id, 'announcement');
    expect(await ben.socket.groupMetadata(id)).toMatchObject({
      subject: 'New',
      desc: 'About',
      announce: true,
      participants: [{ admin: 'superadmin' }, { admin: 'admin' }, { phoneNumber: pn(DAN) }],
    });
    await ana.socket.groupParticipantsUpdate(id, [lid(DAN)], 'remove');
    await ben.until('the changes', () => changes.includes(`remove ${pn(DAN)}`));
    expect(changes).toEqual([`add ${pn(DAN)}`, `promote ${pn(BEN)}`, `remove ${pn(DAN)}`]);
    await ben.socket.groupLeave(id);
    await expect(ben.socket.groupMetadata(id)).rejects.toThrow('forbidden');
    const code = await ana.socket.groupInviteCode(id);
    expect(await ben.socket.groupAcceptInvite(code!)).toBe(id);
  });
});
