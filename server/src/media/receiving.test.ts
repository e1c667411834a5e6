import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Message } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { longOn } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { fileOf, type PhoneFile, sendFile } from '../testing/media-of.js';
import { API_KEY } from '../testing/test-api.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { TestServer } from '../testing/test-server.js';

const JPEG = Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex');
const WAVEFORM = Array.from({ length: 64 }, (_, index) => index);

const files: Record<string, [PhoneFile, Partial<Message>]> = {
  image: [
    {
      kind: 'image',
      mimetype: 'image/jpeg',
      caption: 'the harbour',
      width: 640,
      height: 480,
      thumbnail: JPEG.toString('base64'),
    },
    { type: 'image', caption: 'the harbour', content: 'the harbour', mimetype: 'image/jpeg' },
  ],
  video: [
    { kind: 'video', mimetype: 'video/mp4', seconds: 12, width: 320, height: 240, gif: '1' },
    { type: 'video', mimetype: 'video/mp4' },
  ],
  'voice note': [
    {
      kind: 'audio',
      mimetype: 'audio/ogg; codecs=opus',
      seconds: 3,
      waveform: WAVEFORM,
      voice: '1',
    },
    { type: 'audio', mimetype: 'audio/ogg; codecs=opus' },
  ],
  'audio file': [
    { kind: 'audio', mimetype: 'audio/mpeg', seconds: 180 },
    { type: 'audio', mimetype: 'audio/mpeg' },
  ],
  document: [
    { kind: 'document', mimetype: 'application/pdf', filename: 'año.pdf', caption: 'as agreed' },
    { type: 'document', filename: 'año.pdf', caption: 'as agreed' },
  ],
  sticker: [
    { kind: 'sticker', mimetype: 'image/webp', width: 512, height: 512 },
    { type: 'sticker', mimetype: 'image/webp' },
  ],
};

describe.each(longOn('postgres'))('received media on %s', (database) => {
  let sandbox: TestSandbox;
  let server: TestServer;
  let number: string;
  let friend: string;

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    server = await TestServer.start(sandbox, {
      database,
      environment: { MEDIA_DOWNLOAD_MAX_MB: '1' },
    });
    number = await sandbox.phone('Rosa');
    friend = await sandbox.phone('Ana');
    await server.linked(sandbox, 'm', number);
  });
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
  });

  const send = (file: Buffer, facts: PhoneFile) => sendFile(sandbox, friend, number, file, facts);
  const fault = (kind: string, more: object = {}) =>
    sandbox.call('POST', '/api/faults', { kind, ...more });
  const healed = () => sandbox.call('DELETE', '/api/faults');
  /** What lies in the storage folder, half and whole files. */
  const kept = () =>
    readdirSync(join(server.storageRoot, 'media'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name);

  it.each(Object.entries(files))('%s: its facts, and its bytes', async (_, [facts, shown]) => {
    const file = randomBytes(50_000);
    const id = await send(file, facts);
    const message = await server.message('m', id);
    expect(message).toMatchObject(shown);
    const { width, height, seconds, waveform } = facts;
    expect(message.media).toEqual(
      JSON.parse(
        JSON.stringify({
          size: file.length,
          width,
          height,
          seconds,
          waveform,
          voice: facts.voice && true,
          gif: facts.gif && true,
        }),
      ),
    );
    expect(message.mediaUrl).toBe(`/api/sessions/m/messages/${id}/media`);
    const got = await fileOf(server, 'm', id);
    expect(got.status).toBe(200);
    expect(got.bytes.equals(file)).toBe(true);
    if (facts.thumbnail) {
      const small = await fetch(`${server.url}${message.thumbnailUrl}`, {
        headers: { 'x-api-key': API_KEY },
      });
      expect(Buffer.from(await small.arrayBuffer()).equals(JPEG)).toBe(true);
    } else {
      expect(message.thumbnailUrl).toBeUndefined();
    }
  });

  it('gives parts of a file, and none that a client has already', async () => {
    const file = randomBytes(10_000);
    const id = await send(file, { kind: 'video', mimetype: 'video/mp4' });
    await server.message('m', id);
    const part = await fileOf(server, 'm', id, { range: 'bytes=100-199' });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 100-199/10000']);
    expect(part.bytes.equals(file.subarray(100, 200))).toBe(true);
    const end = await fileOf(server, 'm', id, { range: 'bytes=-1' });
    expect(end.bytes.equals(file.subarray(-1))).toBe(true);
    const beyond = await fileOf(server, 'm', id, { range: 'bytes=10000-' });
    expect([beyond.status, beyond.code, beyond.headers.get('content-range')]).toEqual([
      416,
      'range_not_satisfiable',
      'bytes */10000',
    ]);
    const etag = part.headers.get('etag') ?? '';
    expect((await fileOf(server, 'm', id, { 'if-none-match': etag })).status).toBe(304);
    const stale = { range: 'bytes=0-1', 'if-range': '"another"' };
    expect((await fileOf(server, 'm', id, stale)).status).toBe(200);
    expect((await fileOf(server, 'm', id, { ...stale, 'if-range': etag })).status).toBe(206);
  });

  it('never gives a page as a page', async () => {
    const page = Buffer.from('<script>document.title = "run"</script>');
    const id = await send(page, { kind: 'document', mimetype: 'text/html', filename: 'a.html' });
    await server.message('m', id);
    const { headers, bytes } = await fileOf(server, 'm', id);
    expect(bytes.equals(page)).toBe(true);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="a.html"; filename*=UTF-8''a.html`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
    });
  });

  it('fetches a large one only when somebody wants it', async () => {
    const file = randomBytes(1_500_000);
    const before = kept().length;
    const id = await send(file, { kind: 'document', mimetype: 'application/zip' });
    await server.message('m', id);
    await sandbox.call('POST', '/api/settle');
    expect(kept()).toHaveLength(before);
    expect((await fileOf(server, 'm', id)).bytes.equals(file)).toBe(true);
    expect(kept()).toHaveLength(before + 1);
  });

  it('keeps nothing of a file that is not what was sent', async () => {
    const before = kept().length;
    await fault('media_damaged', { times: 1000 });
    const id = await send(randomBytes(100_000), { kind: 'image', mimetype: 'image/png' });
    await server.message('m', id);
    const refused = await fileOf(server, 'm', id);
    expect([refused.status, refused.code]).toEqual([502, 'media_damaged']);
    expect(kept()).toHaveLength(before);
    await healed();
    expect((await fileOf(server, 'm', id)).status).toBe(200);
  });

  it.each([403, 404, 410])('asks the phone when WhatsApp answers %d', async (code) => {
    await fault('media_gone', { times: 1, code });
    const file = randomBytes(1000);
    const id = await send(file, { kind: 'image', mimetype: 'image/png' });
    await server.message('m', id);
    expect((await fileOf(server, 'm', id)).bytes.equals(file)).toBe(true);
  });

  it('says when nobody has it any more', async () => {
    await fault('media_gone', { times: 1 });
    await fault('media_lost', { times: 1 });
    const id = await send(randomBytes(1000), { kind: 'image', mimetype: 'image/png' });
    await server.message('m', id);
    await eventually('the phone was asked', async () => {
      const { faults } = await sandbox.call<{ faults: unknown[] }>('GET', '/api/faults');
      return faults.length === 0 ? true : undefined;
    });
    await fault('media_gone', { times: 1 });
    await fault('media_lost', { times: 1 });
    const gone = await fileOf(server, 'm', id);
    expect([gone.status, gone.code]).toEqual([410, 'media_gone']);
    await healed();
  });

  it('fetches what vanished from the folder, and forgets what nobody refers to', async () => {
    const file = randomBytes(1000);
    const id = await send(file, { kind: 'image', mimetype: 'image/png' });
    await server.message('m', id);
    await fileOf(server, 'm', id);
    const { library } = server.house;
    const hash = (await library.records.find('m', id))?.hash ?? '';
    const path = join(server.storageRoot, 'media', hash.slice(0, 2), hash);
    rmSync(path);
    expect((await fileOf(server, 'm', id)).bytes.equals(file)).toBe(true);
    const soon = () => Date.now() + 1000;
    await library.sweepBefore(soon(), 100);
    expect(existsSync(path)).toBe(true);
    expect(await library.releaseBefore(soon(), 100)).toBeGreaterThan(0);
    expect(await library.releaseBefore(soon(), 100)).toBe(0);
    expect(await library.sweepBefore(soon(), 100)).toBeGreaterThan(0);
    expect(await library.sweepBefore(soon(), 100)).toBe(0);
    expect(kept()).toEqual([]);
    expect((await fileOf(server, 'm', id)).bytes.equals(file)).toBe(true);
  });

  it('refuses what is not there', async () => {
    const id = await sandbox.write(friend, { to: number, text: 'no file' });
    await server.message('m', id);
    expect((await fileOf(server, 'm', id)).code).toBe('media_not_found');
    expect((await fileOf(server, 'm', 'NOPE')).code).toBe('message_not_found');
    expect((await fileOf(server, 'other', id)).code).toBe('session_not_found');
  });
});
