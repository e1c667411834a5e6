import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Message, SendAnswer, SendContent, SessionAnswer } from '@patchbay/contract';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../testing/eventually.js';
import { fileOf } from '../testing/media-of.js';
import { API_KEY } from '../testing/test-api.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { TestServer } from '../testing/test-server.js';

const media = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../media/testing/${name}`, import.meta.url)));
const VIDEO = media('chromium-video.mp4');
const RECORDING = media('chromium-recording.webm');
const VCARD = 'BEGIN:VCARD\nVERSION:3.0\nFN:Ana\nTEL;waid=51987000111:+51987000111\nEND:VCARD';

interface Side {
  id: string;
  phone: string;
}

/** A session in a browser and one on the wire, of one server, write to each other. */
describe('a conversation between both engines', () => {
  let sandbox: TestSandbox;
  let server: TestServer;
  const web: Side = { id: 'web', phone: '' };
  const wire: Side = { id: 'wire', phone: '' };
  let group = '';

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    server = await TestServer.start(sandbox, { database: 'sqlite' });
    wire.phone = await sandbox.phone('On the wire');
    web.phone = await sandbox.phone('In a browser');
    await server.linked(sandbox, wire.id, wire.phone);
    await server.call<SessionAnswer>('PUT', '/api/sessions/web', { engine: 'wwebjs' });
    const qr = await server.qrOf(web.id);
    await sandbox.call('POST', `/api/phones/${web.phone}/scan`, { qr });
    await server.reaches(web.id, 'connected');
    const participants = [wire.phone, web.phone];
    const made = await sandbox.call<{ id: string }>('POST', '/api/groups', {
      subject: 'Both',
      participants,
    });
    group = made.id;
  }, 60_000);
  afterAll(async () => {
    await server.stop();
    const { unknownModules } = await sandbox.call<{ unknownModules: string[] }>(
      'GET',
      '/api/unknown-modules',
    );
    await sandbox.stop();
    expect(unknownModules).toEqual([]);
  });

  const ways = [
    ['from the browser to the wire', web, wire],
    ['from the wire to the browser', wire, web],
  ] as const;

  async function say(from: Side, to: Side, content: SendContent, chatId = to.phone) {
    const { status, body } = await server.call<SendAnswer>(
      'POST',
      `/api/sessions/${from.id}/send?wait=sent`,
      { chatId, content },
    );
    expect([content.type, status]).toEqual([content.type, 200]);
    return body.messageId;
  }

  /** Says it; resolves with the message as the other side has it. */
  async function told(from: Side, to: Side, content: SendContent, chatId?: string) {
    return await server.message(to.id, await say(from, to, content, chatId));
  }

  async function file(
    from: Side,
    to: Side,
    route: 'media' | 'audio',
    bytes: Buffer,
    type: string,
    fields: Record<string, string> = {},
  ): Promise<{ message: Message; bytes: Buffer }> {
    const form = new FormData();
    for (const [name, value] of Object.entries({ chatId: to.phone, ...fields })) {
      form.set(name, value);
    }
    const blob = new Blob([new Uint8Array(bytes)], { type });
    form.set(route === 'audio' ? 'audio' : 'file', blob, 'a file');
    const answer = await fetch(
      `${server.url}/api/sessions/${from.id}/send/${route}?wait=delivered`,
      { method: 'POST', body: form, headers: { 'x-api-key': API_KEY } },
    );
    const { messageId, status } = (await answer.json()) as SendAnswer;
    expect([route, type, answer.status, status]).toEqual([route, type, 200, 'delivered']);
    const message = await server.message(to.id, messageId);
    const got = await eventually('the file', async () => {
      const found = await fileOf(server, to.id, messageId);
      return found.status === 200 ? found.bytes : undefined;
    });
    return { message, bytes: got };
  }

  it.each(ways)('text, reply, reaction, edit, delete: %s', async (_way, from, to) => {
    const first = await told(from, to, { type: 'text', text: 'first' });
    expect(first).toMatchObject({ content: 'first', type: 'text', fromMe: false });
    const answer: SendContent = { type: 'text', text: 'second', quotedMessageId: first.id };
    expect(await told(to, from, answer)).toMatchObject({ quotedMessage: { id: first.id } });
    await say(to, from, { type: 'reaction', targetId: first.id, emoji: '🎉' });
    await server.message(from.id, first.id, ({ reactions }) => reactions[0]?.emoji === '🎉');
    await say(from, to, { type: 'edit', targetId: first.id, text: 'first, corrected' });
    await server.message(to.id, first.id, ({ content }) => content === 'first, corrected');
    await say(from, to, { type: 'revoke', targetId: first.id });
    await server.message(to.id, first.id, ({ type }) => type === 'revoked');
  });

  it.each(ways)('location, contact, group text: %s', async (_way, from, to) => {
    const place = { latitude: -12.05, longitude: -77.04, name: 'Office', address: 'Street 1' };
    const there = await told(from, to, { type: 'location', ...place });
    expect(there).toMatchObject({ type: 'location', location: place });
    const card = await told(from, to, {
      type: 'contact',
      contacts: [{ name: 'Ana', vcard: VCARD }],
    });
    expect(card).toMatchObject({ type: 'contact', contacts: [{ name: 'Ana' }] });
    const both = await told(from, to, { type: 'text', text: `to ${to.id}` }, group);
    expect(both).toMatchObject({ chatId: group, content: `to ${to.id}`, fromMe: false });
  });

  it.each(ways)(
    'image, video, document, voice, sticker: %s',
    async (_way, from, to) => {
      const picture = (format: 'jpeg' | 'webp', size: number) =>
        sharp({ create: { width: size, height: size, channels: 3, background: '#0a7a5a' } })
          .toFormat(format)
          .toBuffer();
      const image = await picture('jpeg', 64);
      const caption = { caption: 'green' };
      const seen = await file(from, to, 'media', image, 'image/jpeg', caption);
      expect(seen.message).toMatchObject({ type: 'image', ...caption, mimetype: 'image/jpeg' });
      expect(seen.bytes.equals(image)).toBe(true);
      const film = await file(from, to, 'media', VIDEO, 'video/mp4');
      expect(film.message.type).toBe('video');
      expect(film.bytes.equals(VIDEO)).toBe(true);
      const paper = Buffer.from('a document');
      const named = { type: 'document', filename: 'offer.txt' };
      const document = await file(from, to, 'media', paper, 'text/plain', named);
      expect(document.message).toMatchObject(named);
      expect(document.bytes.equals(paper)).toBe(true);
      const sticker = await picture('webp', 512);
      const stuck = await file(from, to, 'media', sticker, 'image/webp', { type: 'sticker' });
      expect(stuck.message.type).toBe('sticker');
      expect(stuck.bytes.equals(sticker)).toBe(true);
      const voice = await file(from, to, 'audio', RECORDING, 'audio/webm');
      expect(voice.message).toMatchObject({ type: 'audio', media: { voice: true } });
    },
    30_000,
  );
});
