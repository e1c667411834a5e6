import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Message } from '@patchbay/contract';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { longOn } from '../testing/databases.js';
import { KindsWorld } from '../testing/kinds-world.js';
import { fileOf, fileOnPhone, type PhoneFile, sendFile } from '../testing/media-of.js';

const fixture = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../media/testing/${name}`, import.meta.url)));

interface FileKind {
  name: string;
  route: 'media' | 'audio';
  /** What is uploaded, and what a phone is made to send. */
  file(): Promise<{ bytes: Buffer; mimetype: string }>;
  fields: Record<string, string>;
  onPhone: Omit<PhoneFile, 'mimetype'>;
  shown: object;
  seen: Partial<Message>;
}

/** Files that may be opened once. */
const ONCE: FileKind[] = [
  {
    name: 'picture',
    route: 'media',
    file: async () => ({
      bytes: await sharp({ create: { width: 60, height: 40, channels: 3, background: '#0a7a5a' } })
        .jpeg()
        .toBuffer(),
      mimetype: 'image/jpeg',
    }),
    fields: { caption: 'look' },
    onPhone: { kind: 'image', caption: 'look', width: 60, height: 40 },
    shown: {
      kind: 'image',
      text: 'look',
      media: { mimetype: 'image/jpeg', width: 60, height: 40 },
    },
    seen: { type: 'image', content: 'look', caption: 'look', mimetype: 'image/jpeg' },
  },
  {
    name: 'video',
    route: 'media',
    file: async () => ({ bytes: fixture('chromium-video.mp4'), mimetype: 'video/mp4' }),
    fields: {},
    onPhone: { kind: 'video', width: 64, height: 48, seconds: 2 },
    shown: { kind: 'video', media: { mimetype: 'video/mp4', width: 64, height: 48 } },
    seen: { type: 'video', mimetype: 'video/mp4' },
  },
  {
    name: 'voice note',
    route: 'audio',
    file: async () => ({ bytes: fixture('chromium-recording.webm'), mimetype: 'audio/webm' }),
    fields: {},
    onPhone: { kind: 'audio', voice: '1', seconds: 3 },
    shown: { kind: 'audio', media: { mimetype: 'audio/ogg; codecs=opus', voice: true } },
    seen: { type: 'audio' },
  },
];

describe.each(longOn('sqlite'))('files to be opened once on %s', (database) => {
  let world: KindsWorld;

  beforeAll(async () => {
    world = await KindsWorld.start(database);
  });
  afterAll(() => world.stop());

  describe.each(['person', 'group'] as const)('with a %s', (where) => {
    /** The chat as the phone of the other side, and as the API, names it. */
    const chat = () => (where === 'group' ? world.group : world.other);
    const chatOnPhone = () => (where === 'group' ? world.group : world.own);

    it.each(ONCE)('$name comes in', async ({ file, onPhone, seen }) => {
      const { bytes, mimetype } = await file();
      const facts = { ...onPhone, mimetype, viewOnce: '1' as const };
      const id = await sendFile(world.sandbox, world.other, chatOnPhone(), bytes, facts);
      const message = await world.server.message('main', id);
      expect(message).toMatchObject({ fromMe: false, viewOnce: true, ...seen });
      const { kind: _, caption: __, voice, ...numbers } = onPhone;
      expect(message.media).toMatchObject({
        size: bytes.length,
        ...numbers,
        ...(voice && { voice: true }),
      });
      const got = await fileOf(world.server, 'main', id);
      expect([got.status, got.bytes.equals(bytes)]).toEqual([200, true]);
    });

    it.each(ONCE)('$name goes out', async (kind) => {
      const file = await kind.file();
      const quotedMessageId = await world.say(world.other, chatOnPhone(), {
        kind: 'text',
        text: 'show me',
      });
      await world.server.message('main', quotedMessageId);
      const fields = { ...kind.fields, viewOnce: 'true', quotedMessageId };
      const id = await world.sendFile(chat(), kind.route, file, fields);
      for (const phone of [world.other, world.own]) {
        const got = await world.onPhone(phone, id);
        expect(got).toMatchObject({ ...kind.shown, viewOnce: true });
        expect(got.quoted).toEqual({ id: quotedMessageId, from: world.other, text: 'show me' });
      }
      const left = ({ status }: Message) => status === 'sent' || status === 'delivered';
      const message = await world.server.message('main', id, left);
      expect(message).toMatchObject({ fromMe: true, viewOnce: true, ...kind.seen });
      const onPhone = await fileOnPhone(world.sandbox, world.other, id);
      expect(onPhone.file.equals((await fileOf(world.server, 'main', id)).bytes)).toBe(true);
      const plain = await world.sendFile(chat(), kind.route, file, { viewOnce: 'false' });
      expect((await world.onPhone(world.other, plain)).viewOnce).toBeUndefined();
    });

    it('is nothing that other files can be', async () => {
      const file = { bytes: Buffer.from('text'), mimetype: 'text/plain' };
      await expect(world.sendFile(chat(), 'media', file, { viewOnce: 'true' })).rejects.toThrow(
        '400',
      );
      const picture = (await ONCE[0]?.file()) ?? file;
      const wrong = { viewOnce: 'perhaps' };
      await expect(world.sendFile(chat(), 'media', picture, wrong)).rejects.toThrow('400');
    });
  });
});
