import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Message, SendAnswer } from '@patchbay/contract';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { longOn } from '../testing/databases.js';
import { fileOf, fileOnPhone } from '../testing/media-of.js';
import { API_KEY } from '../testing/test-api.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { TestServer } from '../testing/test-server.js';

const RECORDING = readFileSync(
  fileURLToPath(new URL('testing/chromium-recording.webm', import.meta.url)),
);
/** 1.5 s of 64 × 48 pixels, as Chromium's MediaRecorder wrote it. */
const VIDEO = readFileSync(fileURLToPath(new URL('testing/chromium-video.mp4', import.meta.url)));
const LIMIT = 1024 * 1024;

describe.each(longOn('sqlite'))('sent media on %s', (database) => {
  let sandbox: TestSandbox;
  let server: TestServer;
  let friend: string;
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-ffmpeg-'));
  const ffmpeg = join(folder, 'ffmpeg');

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    server = await TestServer.start(sandbox, {
      database,
      environment: {
        MEDIA_UPLOAD_MAX_MB: '1',
        FFMPEG_PATH: ffmpeg,
        ALLOW_PRIVATE_TARGETS: '127.0.0.1',
      },
    });
    friend = await sandbox.phone('Ana');
    await server.linked(sandbox, 'm', await sandbox.phone('Rosa'));
  });
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
    rmSync(folder, { recursive: true });
  });

  interface Form {
    part?: string;
    file?: Buffer;
    type?: string;
    name?: string;
    fields?: Record<string, string>;
    headers?: Record<string, string>;
    session?: string;
  }

  async function post(route: 'media' | 'audio', form: Form) {
    const body = new FormData();
    const { part = route === 'media' ? 'file' : 'audio', file, type, name = 'file' } = form;
    for (const [field, value] of Object.entries({ chatId: friend, ...form.fields })) {
      body.set(field, value);
    }
    if (file) body.set(part, new Blob([new Uint8Array(file)], { type: type ?? '' }), name);
    const path = `/api/sessions/${form.session ?? 'm'}/send/${route}?wait=delivered`;
    const answer = await fetch(`${server.url}${path}`, {
      method: 'POST',
      body,
      headers: { 'x-api-key': API_KEY, ...form.headers },
    });
    const said = (await answer.json()) as SendAnswer & { error: { code: string; message: string } };
    return { status: answer.status, body: said };
  }

  const onPhone = (id: string) => fileOnPhone(sandbox, friend, id);

  async function sent(route: 'media' | 'audio', form: Form) {
    const { status, body } = await post(route, form);
    expect([status, body.status]).toEqual([200, 'delivered']);
    const message: Message = await server.message('m', body.messageId);
    return { message, ...(await onPhone(body.messageId)) };
  }

  const incoming = () => readdirSync(join(server.storageRoot, 'media', 'incoming'));

  const picture = (format: 'jpeg' | 'png' | 'webp', width: number, height: number) =>
    sharp({ create: { width, height, channels: 3, background: '#0a7a5a' } })
      .toFormat(format)
      .toBuffer();

  it('a picture has its dimensions and a thumbnail', async () => {
    const file = await picture('jpeg', 640, 480);
    const fields = { caption: 'the harbour' };
    const { message, shown, file: got } = await sent('media', { file, type: 'image/jpeg', fields });
    expect(got.equals(file)).toBe(true);
    expect(shown).toMatchObject({ kind: 'image', text: 'the harbour' });
    expect(shown.media).toMatchObject({ mimetype: 'image/jpeg', width: 640, height: 480 });
    const small = await sharp(Buffer.from(shown.media.thumbnail ?? '', 'base64')).metadata();
    expect([small.format, small.width, small.height]).toEqual(['jpeg', 100, 75]);
    expect(message).toMatchObject({ type: 'image', caption: 'the harbour' });
    expect(message.media).toEqual({ size: file.length, width: 640, height: 480 });
    expect(message.thumbnailUrl).toBeDefined();
    expect((await fileOf(server, 'm', message.id)).bytes.equals(file)).toBe(true);
    expect(incoming()).toEqual([]);
  });

  it('a sticker, a document, an audio file and a video are what they are', async () => {
    const sticker = await picture('webp', 512, 512);
    const fields = { type: 'sticker' };
    const one = await sent('media', { file: sticker, type: 'image/webp', fields });
    expect(one.shown).toMatchObject({ kind: 'sticker', media: { width: 512, height: 512 } });
    const pdf = randomBytes(10_000);
    const two = await sent('media', { file: pdf, type: 'application/pdf', name: 'año.pdf' });
    expect(two.shown).toMatchObject({ kind: 'document', media: { filename: 'año.pdf' } });
    expect(two.file.equals(pdf)).toBe(true);
    expect(two.message).toMatchObject({ type: 'document', filename: 'año.pdf' });
    const song = await sent('media', { file: randomBytes(5000), type: 'audio/mpeg' });
    expect(song.shown).toMatchObject({ kind: 'audio', media: { mimetype: 'audio/mpeg' } });
    expect(song.shown.media.voice).toBeUndefined();
    const film = await sent('media', { file: VIDEO, type: 'video/mp4', fields: { caption: 'us' } });
    expect(film.shown).toMatchObject({ kind: 'video', text: 'us' });
    expect(film.shown.media).toMatchObject({ mimetype: 'video/mp4', width: 64, height: 48 });
    expect(film.shown.media.seconds).toBe(
      Math.max(1, Math.round(film.message.media?.seconds ?? 0)),
    );
    expect(film.message.media).toMatchObject({ size: VIDEO.length, width: 64, height: 48 });
    expect(film.file.equals(VIDEO)).toBe(true);
    const odd = await sent('media', { file: randomBytes(5000), type: 'video/mp4' });
    expect(odd.shown.media).toEqual({ kind: 'video', mimetype: 'video/mp4', size: 5000 });
    const kept = { file: await picture('png', 20, 10), type: 'image/png' };
    const whole = await sent('media', { ...kept, fields: { type: 'document', filename: 'a.png' } });
    expect(whole.shown).toMatchObject({ kind: 'document', media: { filename: 'a.png' } });
  });

  it('a recording of a browser becomes a voice note', async () => {
    const { message, shown, file } = await sent('audio', { file: RECORDING, type: 'audio/webm' });
    expect(file.subarray(0, 4).toString()).toBe('OggS');
    expect(shown.media).toMatchObject({
      mimetype: 'audio/ogg; codecs=opus',
      voice: true,
      seconds: 2,
      size: file.length,
    });
    expect(shown.media.waveform).toHaveLength(64);
    expect(message.media).toMatchObject({ voice: true, waveform: shown.media.waveform });
    const firefox = await sent('audio', { file, type: 'audio/ogg' });
    expect(firefox.shown.media.waveform).toEqual(shown.media.waveform);
  });

  it('another recording needs ffmpeg', async () => {
    const safari = { file: randomBytes(2000), type: 'audio/mp4' };
    const refused = await post('audio', safari);
    expect([refused.status, refused.body.error.code]).toEqual([415, 'unsupported_media_type']);
    expect(refused.body.error.message).toContain('ffmpeg');
    expect(incoming()).toEqual([]);
    // Stands where ffmpeg would: writes an Opus file to its last argument.
    const recording = join(folder, 'recording');
    writeFileSync(recording, RECORDING);
    writeFileSync(ffmpeg, `#!/bin/sh\nfor last; do :; done\nexec cp '${recording}' "$last"\n`);
    chmodSync(ffmpeg, 0o755);
    const { shown } = await sent('audio', safari);
    expect(shown.media).toMatchObject({ voice: true, seconds: 2 });
    writeFileSync(ffmpeg, '#!/bin/sh\nexit 1\n');
    expect((await post('audio', safari)).status).toBe(415);
    expect(incoming()).toEqual([]);
  });

  it('a file that is too large is refused, and nothing of it stays', async () => {
    const { library } = server.house;
    const sweep = () => library.sweepBefore(Date.now() + 1000, 1000);
    await sweep();
    const file = randomBytes(LIMIT + 1);
    const refused = await post('media', { file, type: 'application/zip' });
    expect([refused.status, refused.body.error.code]).toEqual([413, 'payload_too_large']);
    expect(refused.body.error.message).toContain('larger than 1 MB');
    const huge = await post('media', { file: randomBytes(3 * LIMIT), type: 'application/zip' });
    expect(huge.status).toBe(413);
    expect(incoming()).toEqual([]);
    expect(await sweep()).toBe(0);
    const fits = await post('media', { file: file.subarray(1), type: 'application/zip' });
    expect(fits.status).toBe(200);
  });

  it('what is wrong with a request is said, and nothing of it stays', async () => {
    const file = await picture('png', 10, 10);
    const cases: [Form, number, string][] = [
      [{}, 400, 'invalid_request'],
      [{ file, part: 'picture' }, 400, 'invalid_request'],
      [{ file, fields: { color: 'red' } }, 400, 'invalid_request'],
      [{ file, fields: { chatId: 'nobody' } }, 400, 'invalid_chat'],
      [{ file, fields: { quotedMessageId: 'a\0b' } }, 400, 'invalid_request'],
      [{ file, fields: { quotedMessageId: 'NOPE' } }, 404, 'message_not_found'],
      [{ file, session: 'other' }, 404, 'session_not_found'],
      [{ file, type: 'image/jpeg' }, 415, 'unsupported_media_type'],
      [{ file: randomBytes(100), type: 'image/png' }, 415, 'unsupported_media_type'],
      [{ file, type: 'audio/mpeg', fields: { caption: 'x' } }, 400, 'invalid_request'],
    ];
    for (const [form, status, code] of cases) {
      const answer = await post('media', form);
      expect([answer.status, answer.body.error.code, form.fields]).toEqual([
        status,
        code,
        form.fields,
      ]);
    }
    expect(incoming()).toEqual([]);
    const raw = (route: string, type: string, body: string) =>
      fetch(`${server.url}/api/sessions/m/send/${route}`, {
        method: 'POST',
        body,
        headers: { 'x-api-key': API_KEY, 'content-type': type },
      });
    const text = await raw('media', 'text/plain', 'x');
    expect(text.status).toBe(415);
    const elsewhere = await raw('text', 'multipart/form-data; boundary=b', '--b--');
    expect(elsewhere.status).toBe(415);
    const part = '--b\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nhalf';
    for (const [type, body] of [
      ['multipart/form-data; boundary=b', part],
      ['multipart/form-data; boundary=b', 'nothing of the kind'],
      ['multipart/form-data; boundary=b', ''],
      ['multipart/form-data', part],
      ['application/json', '[]'],
    ] as const) {
      expect([type, body, (await raw('media', type, body)).status]).toEqual([type, body, 400]);
    }
    expect(incoming()).toEqual([]);
  });

  it('the same key and file is the same message; another file is refused', async () => {
    const file = await picture('png', 30, 30);
    const headers = { 'idempotency-key': 'media-1' };
    const first = await post('media', { file, type: 'image/png', headers });
    const again = await post('media', { file, type: 'image/png', headers });
    expect(again.body.messageId).toBe(first.body.messageId);
    const other = await post('media', { file: await picture('png', 31, 30), headers });
    expect([other.status, other.body.error.code]).toEqual([409, 'idempotency_key_reused']);
    expect(incoming()).toEqual([]);
  });

  it('a file is got from a URL, but not from everywhere', async () => {
    const file = await picture('jpeg', 60, 40);
    const host = createServer((request, response) => {
      if (request.url === '/gone') response.writeHead(404).end();
      else if (request.url === '/large') response.end(Buffer.alloc(LIMIT + 1));
      else response.writeHead(200, { 'content-type': 'image/jpeg' }).end(file);
    });
    await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
    const by = (url: string) =>
      server.call<SendAnswer & { error: { code: string } }>(
        'POST',
        '/api/sessions/m/send/media?wait=delivered',
        { chatId: friend, url, caption: 'from afar' },
      );
    const { status, body } = await by(`${base}/harbour.jpg`);
    expect(status).toBe(200);
    const { shown, file: got } = await onPhone(body.messageId);
    expect(shown).toMatchObject({ kind: 'image', text: 'from afar' });
    expect(got.equals(file)).toBe(true);
    expect((await by(`${base}/gone`)).body.error.code).toBe('media_unavailable');
    expect((await by(`${base}/large`)).body.error.code).toBe('payload_too_large');
    expect((await by('http://10.1.2.3/x')).body.error.code).toBe('url_refused');
    expect((await by('http://[::1]:1/x')).body.error.code).toBe('url_refused');
    expect(incoming()).toEqual([]);
    host.close();
  });

  it('an upload that WhatsApp refuses is tried again', async () => {
    await sandbox.call('POST', '/api/faults', { kind: 'upload_refused', times: 2 });
    const file = randomBytes(1000);
    const { file: got } = await sent('media', { file, type: 'application/zip' });
    expect(got.equals(file)).toBe(true);
  });
});
