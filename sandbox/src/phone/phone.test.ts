import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../sandbox.js';
import type { PhoneMessage } from './message-log.js';
import { Companion } from './test-companion.js';

const OWNER = '51999000001';
const FRIEND = '51999000002';
const THIRD = '51999000003';

let dataDir: string;
let sandbox: Sandbox;
const companions: Companion[] = [];

async function api<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${sandbox.controlUrl}/api${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const answer = (await response.json()) as T;
  if (!response.ok) throw new Error(`${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

async function messagesOf(phone: string): Promise<PhoneMessage[]> {
  const { messages } = await api<{ messages: PhoneMessage[] }>('GET', `/phones/${phone}/messages`);
  return messages;
}

const settle = () => api('POST', '/settle', {});
const send = (from: string, to: string, text: string) =>
  api<{ id: string }>('POST', `/phones/${from}/messages`, { to, text });

async function linked(phone: string): Promise<Companion> {
  const companion = new Companion(sandbox);
  companions.push(companion);
  const qr = await companion.until('a QR', () => companion.qr);
  await api('POST', `/phones/${phone}/scan`, { qr });
  await companion.until('the connection', () => companion.state === 'open');
  // The first sync is over: until then Baileys holds its events back.
  await settle();
  return companion;
}

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'sandbox-phone-'));
  sandbox = await startSandbox({ dataDir, port: 0 });
  await api('POST', '/phones', { phone: OWNER, name: 'Olivia' });
  await api('POST', '/phones', { phone: FRIEND, name: 'Fabio' });
  await api('POST', '/phones', { phone: THIRD, name: 'Tomas' });
});

afterEach(async () => {
  for (const companion of companions.splice(0)) await companion.stop();
  await sandbox.stop();
  rmSync(dataDir, { recursive: true });
});

describe('a simulated phone with real companions', () => {
  it('scans a QR, names the companion, and talks through it both ways', async () => {
    const companion = await linked(OWNER);
    await send(FRIEND, OWNER, 'hello');
    await companion.until('the message', () => companion.texts().includes('hello'));
    await companion.until('the owner name', () => companion.name === 'Olivia');
    const sent = await companion.socket.sendMessage(`${FRIEND}@s.whatsapp.net`, { text: 'hi!' });
    await settle();
    const [received] = (await messagesOf(FRIEND)).filter(({ fromMe }) => !fromMe);
    expect(received).toMatchObject({ id: sent?.key.id, from: OWNER, to: FRIEND, text: 'hi!' });
    const onPhone = (await messagesOf(OWNER)).find(({ id }) => id === sent?.key.id);
    expect(onPhone).toMatchObject({ from: OWNER, to: FRIEND, fromMe: true, text: 'hi!' });
  });

  it('links by pairing code, and refuses a mistyped one', async () => {
    const companion = new Companion(sandbox);
    companions.push(companion);
    await companion.until('a QR', () => companion.qr);
    const code = await companion.socket.requestPairingCode(OWNER);
    const mistyped = `${code.slice(0, 7)}${code.endsWith('1') ? '2' : '1'}`;
    await expect(api('POST', `/phones/${OWNER}/pair`, { code: mistyped })).rejects.toThrow(
      /403.*code_wrong/,
    );
    await api('POST', `/phones/${OWNER}/pair`, { code: `${code.slice(0, 4)}-${code.slice(4)}` });
    await companion.until('the connection', () => companion.state === 'open');
    await send(FRIEND, OWNER, 'by code');
    await companion.until('the message', () => companion.texts().includes('by code'));
  });

  it('refuses an old QR and a stranger’s, in words', async () => {
    const companion = await linked(OWNER);
    const other = new Companion(sandbox);
    companions.push(other);
    const qr = await other.until('a QR', () => other.qr);
    const fields = qr.split(',');
    fields[2] = Buffer.alloc(32, 1).toString('base64');
    await expect(api('POST', `/phones/${OWNER}/scan`, { qr: fields.join(',') })).rejects.toThrow(
      /409.*qr_mismatch/,
    );
    await other.stop();
    await companion.until('the old QR to be refused', () => true);
    await expect(api('POST', `/phones/${OWNER}/scan`, { qr })).rejects.toThrow(/410.*qr_expired/);
  });

  it('keeps two companions of one phone in step', async () => {
    const first = await linked(OWNER);
    const second = await linked(OWNER);
    const { devices } = await api<{ devices: { device: number }[] }>(
      'GET',
      `/phones/${OWNER}/devices`,
    );
    expect(devices.map(({ device }) => device)).toEqual([1, 2]);
    await send(FRIEND, OWNER, 'to both');
    for (const each of [first, second]) {
      await each.until('the message', () => each.texts().includes('to both'));
    }
    await first.socket.sendMessage(`${FRIEND}@s.whatsapp.net`, { text: 'from the first' });
    await second.until('the copy', () => second.texts().includes('from the first'));
    await send(OWNER, FRIEND, 'from the phone');
    for (const each of [first, second]) {
      await each.until('the copy', () => each.texts().includes('from the phone'));
      expect(each.withText('from the phone')?.key.fromMe).toBe(true);
    }
    await settle();
    const texts = (await messagesOf(FRIEND)).map(({ text }) => text);
    expect(texts).toEqual(['to both', 'from the first', 'from the phone']);
    expect((await messagesOf(OWNER)).map(({ text }) => text)).toEqual(texts);
  });

  it('lets two linked numbers write to each other', async () => {
    const [mine, theirs] = [await linked(OWNER), await linked(FRIEND)];
    await mine.socket.sendMessage(`${FRIEND}@s.whatsapp.net`, { text: 'ping' });
    await theirs.until('ping', () => theirs.texts().includes('ping'));
    await theirs.socket.sendMessage(theirs.withText('ping')!.key.remoteJid!, { text: 'pong' });
    await mine.until('pong', () => mine.texts().includes('pong'));
  });

  it('tells of delivery and reading, both ways', async () => {
    const companion = await linked(OWNER);
    const sent = await companion.socket.sendMessage(`${FRIEND}@s.whatsapp.net`, { text: 'news' });
    // A `sender` receipt of the own phone may come after the recipient's: the best one counts.
    const statusOf = (id: string) =>
      Math.max(
        ...companion.updates.map(({ key, update }) => (key.id === id ? (update.status ?? 0) : 0)),
        ...companion.messages.map(({ key, status }) => (key.id === id ? (status ?? 0) : 0)),
      );
    await companion.until('delivered', () => statusOf(sent!.key.id!) === 3);
    await api('POST', `/phones/${FRIEND}/read`, { chat: OWNER });
    await companion.until('read', () => statusOf(sent!.key.id!) === 4);

    const { id } = await send(FRIEND, OWNER, 'answer');
    const received = await companion.until('the answer', () =>
      companion.messages.find(({ key }) => key.id === id),
    );
    await settle();
    const statusOnPhone = async () =>
      (await messagesOf(FRIEND)).find((each) => each.id === id)?.status;
    expect(await statusOnPhone()).toBe('delivered');
    await companion.socket.readMessages([received.key]);
    await settle();
    expect(await statusOnPhone()).toBe('read');
  });

  it('reacts, both ways', async () => {
    const companion = await linked(OWNER);
    const { id } = await send(FRIEND, OWNER, 'look');
    const message = await companion.until('the message', () =>
      companion.messages.find(({ key }) => key.id === id),
    );
    await companion.socket.sendMessage(message.key.remoteJid!, {
      react: { text: '⭐', key: message.key },
    });
    await settle();
    const onPhone = (await messagesOf(FRIEND)).find((each) => each.id === id);
    expect(onPhone?.reactions).toEqual({ [OWNER]: '⭐' });
    const mine = await companion.socket.sendMessage(message.key.remoteJid!, { text: 'nice' });
    await settle();
    await api('POST', `/phones/${FRIEND}/messages`, {
      to: OWNER,
      reaction: { messageId: mine!.key.id, emoji: '👍' },
    });
    const reaction = await companion.until('the reaction', () =>
      companion.reactions.find(({ key }) => key.id === mine!.key.id),
    );
    expect(reaction.key.fromMe).toBe(true);
    expect(reaction.reaction.text).toBe('👍');
  });

  it('writes in a group, both ways', async () => {
    const companion = await linked(OWNER);
    const group = await api<{ id: string }>('POST', '/groups', {
      subject: 'Friends',
      participants: [FRIEND, OWNER, THIRD],
    });
    for (const text of ['one', 'two', 'three']) await send(FRIEND, group.id, text);
    await companion.until('the third', () => companion.texts().includes('three'));
    expect(companion.texts().filter(Boolean)).toEqual(['one', 'two', 'three']);
    expect(companion.withText('three')?.key.remoteJid).toBe(group.id);
    for (const text of ['four', 'five']) {
      await companion.socket.sendMessage(group.id, { text });
    }
    await settle();
    await send(OWNER, group.id, 'six');
    await companion.until('the own copy', () => companion.texts().includes('six'));
    await settle();
    for (const phone of [FRIEND, THIRD, OWNER]) {
      const messages = (await messagesOf(phone)).filter(({ chat }) => chat === group.id);
      expect(messages.map(({ text }) => text)).toEqual([
        'one',
        'two',
        'three',
        'four',
        'five',
        'six',
      ]);
      expect(messages.every(({ deliveries }) => deliveries === 1)).toBe(true);
    }
    const own = (await messagesOf(FRIEND)).find(({ text }) => text === 'three');
    expect(own?.status).toBe('delivered');
  });

  it('shows typing and presence', async () => {
    const companion = await linked(OWNER);
    await send(FRIEND, OWNER, 'hello');
    await companion.until('the message', () => companion.texts().includes('hello'));
    await companion.socket.presenceSubscribe(companion.withText('hello')!.key.remoteJid!);
    await api('POST', `/phones/${FRIEND}/typing`, { to: OWNER });
    await companion.until('typing', () =>
      companion.presences.some(({ presences }) =>
        Object.values(presences).some(({ lastKnownPresence }) => lastKnownPresence === 'composing'),
      ),
    );
  });

  it('answers a retry receipt by encrypting again, under the same id', async () => {
    const companion = await linked(OWNER);
    await send(FRIEND, OWNER, 'first');
    await companion.until('the first', () => companion.texts().includes('first'));
    await api('POST', '/faults', { kind: 'undecryptable', phone: OWNER, device: 1 });
    const { id } = await send(FRIEND, OWNER, 'damaged on its way');
    await companion.until('the resend', () =>
      [
        ...companion.messages,
        ...companion.updates.map(({ key, update }) => ({ key, ...update })),
      ].some(({ key, message }) => key.id === id && message?.conversation === 'damaged on its way'),
    );
    const group = await api<{ id: string }>('POST', '/groups', {
      subject: 'Friends',
      participants: [FRIEND, OWNER],
    });
    await api('POST', '/faults', { kind: 'undecryptable', phone: OWNER, device: 1 });
    await send(FRIEND, group.id, 'damaged in the group');
    await companion.until('the resend', () => companion.texts().includes('damaged in the group'));
    await send(FRIEND, group.id, 'next in the group');
    await companion.until('the next', () => companion.texts().includes('next in the group'));
    await settle();
  });

  it('asks for a resend of what it cannot read itself', async () => {
    const companion = await linked(OWNER);
    await companion.socket.sendMessage(`${FRIEND}@s.whatsapp.net`, { text: 'first' });
    await settle();
    await api('POST', '/faults', { kind: 'undecryptable', phone: FRIEND, device: 0 });
    await companion.socket.sendMessage(`${FRIEND}@s.whatsapp.net`, { text: 'damaged' });
    await settle();
    const received = await messagesOf(FRIEND);
    expect(received.map(({ text, deliveries }) => [text, deliveries])).toEqual([
      ['first', 1],
      ['damaged', 1],
    ]);
  });

  it('shows an id once and counts its copies', async () => {
    const companion = await linked(OWNER);
    await api('POST', '/faults', { kind: 'duplicate', phone: FRIEND, device: 0 });
    const sent = await companion.socket.sendMessage(`${FRIEND}@s.whatsapp.net`, { text: 'twice' });
    await settle();
    await companion.socket.sendMessage(
      `${FRIEND}@s.whatsapp.net`,
      { text: 'twice' },
      { messageId: sent!.key.id! },
    );
    await settle();
    const received = await messagesOf(FRIEND);
    expect(received.map(({ text, deliveries }) => [text, deliveries])).toEqual([['twice', 3]]);
  });

  it('gives a new companion the chats so far', async () => {
    await send(FRIEND, OWNER, 'before');
    await send(OWNER, FRIEND, 'answered before');
    const group = await api<{ id: string }>('POST', '/groups', {
      subject: 'Friends',
      participants: [OWNER, FRIEND, THIRD],
    });
    await send(THIRD, group.id, 'in the group before');
    await settle();
    const companion = await linked(OWNER);
    const history = await companion.until('the history', () => companion.history.at(-1));
    expect(history.chats.map(({ name }) => name).toSorted()).toEqual(['Fabio', 'Friends']);
    const texts = history.messages.map(({ message }) => message?.conversation).toSorted();
    expect(texts).toEqual(['answered before', 'before', 'in the group before']);
  });

  it('unlinks a device, which then hears 401', async () => {
    const companion = await linked(OWNER);
    const stays = await linked(OWNER);
    await api('DELETE', `/phones/${OWNER}/devices/1`);
    await companion.until('401', () => companion.closes.includes(401));
    await expect(api('DELETE', `/phones/${OWNER}/devices/1`)).rejects.toThrow(
      /404.*unknown_device/,
    );
    await send(FRIEND, OWNER, 'still there');
    await stays.until('the message', () => stays.texts().includes('still there'));
    expect(companion.texts()).not.toContain('still there');
  });

  it('keeps everything when the sandbox starts again', async () => {
    const companion = await linked(OWNER);
    await companion.socket.sendMessage(`${FRIEND}@s.whatsapp.net`, { text: 'before' });
    await send(FRIEND, OWNER, 'before, too');
    await companion.until('the message', () => companion.texts().includes('before, too'));
    await settle();
    const before = await messagesOf(FRIEND);
    await sandbox.stop();
    sandbox = await startSandbox({ dataDir, port: 0 });
    companion.retarget(sandbox);
    expect(await messagesOf(FRIEND)).toEqual(before);
    await send(FRIEND, OWNER, 'after');
    await companion.until('the message', () => companion.texts().includes('after'));
    await companion.socket.sendMessage(`${FRIEND}@s.whatsapp.net`, { text: 'after, too' });
    await settle();
    expect((await messagesOf(FRIEND)).at(-1)?.text).toBe('after, too');
  });
});
