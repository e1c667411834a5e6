import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import type { SendAnswer } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { longOn } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { fileOf, fileOnPhone, sendFile } from '../testing/media-of.js';
import { ProcessPair } from '../testing/process-pair.js';
import { API_KEY } from '../testing/test-api.js';

const LONG = 60_000;

/** The server as a process of its own, killed while a file is on its way. */
describe.each(longOn('postgres'))('after SIGKILL on %s', (name) => {
  let pair: ProcessPair;
  let number: string;
  let friend: string;

  beforeAll(async () => {
    pair = await ProcessPair.start(name);
    number = await pair.sandbox.phone('Rosa');
    friend = await pair.sandbox.phone('Ana');
    await pair.server.linked(pair.sandbox, 'm', number);
  }, LONG);
  afterAll(() => pair.stop());

  const fault = (kind: string) =>
    pair.sandbox.call('POST', '/api/faults', { kind, forMs: 10 * LONG });
  const heal = () => pair.sandbox.call('DELETE', '/api/faults');
  /** Resolves when a transfer hangs in the fault. */
  const hanging = () =>
    eventually('a transfer hangs', async () => {
      const { faults } = await pair.sandbox.call<{ faults: { struck: number }[] }>(
        'GET',
        '/api/faults',
      );
      return faults.some(({ struck }) => struck > 0) ? true : undefined;
    });
  const incoming = () => readdirSync(join(pair.storageRoot, 'media', 'incoming'));
  // On PostgreSQL there may be several processes, each with a folder of its own.
  const own = name === 'postgres' ? ['processes', '1'] : [];
  const temporary = () => readdirSync(join(pair.storageRoot, ...own, 'temp'));
  const restart = async () => {
    await pair.startServer();
    await pair.server.reaches('m', 'connected', undefined, LONG);
  };

  it('a download is made again, by itself, and its piece is gone', async () => {
    await fault('media_stall');
    const file = randomBytes(400_000);
    const facts = { kind: 'image', mimetype: 'image/png' } as const;
    const id = await sendFile(pair.sandbox, friend, number, file, facts);
    await hanging();
    await eventually('a piece of it is there', () => incoming().length || undefined);
    await pair.serverProcess.kill();
    expect(incoming()).toHaveLength(1);
    await heal();
    await restart();
    const folder = join(pair.storageRoot, 'media');
    await eventually(
      'the file was fetched, with nobody asking',
      () => readdirSync(folder).find((each) => each !== 'incoming'),
      LONG,
    );
    await eventually('nothing is left of the piece', () => incoming().length === 0 || undefined);
    expect((await fileOf(pair.server, 'm', id)).bytes.equals(file)).toBe(true);
  }, 120_000);

  it('an upload to WhatsApp is made again, and the message shown once', async () => {
    await fault('upload_stall');
    const file = randomBytes(300_000);
    const body = new FormData();
    body.set('chatId', friend);
    body.set('file', new Blob([file]), 'a.bin');
    const answer = await fetch(`${pair.server.url}/api/sessions/m/send/media`, {
      method: 'POST',
      body,
      headers: { 'x-api-key': API_KEY },
    });
    expect(answer.status).toBe(202);
    const { messageId } = (await answer.json()) as SendAnswer;
    await hanging();
    await pair.serverProcess.kill();
    // What Baileys encrypted to upload it.
    const left = temporary();
    expect(left).toEqual([expect.stringMatching(/^document.*-enc$/)]);
    await heal();
    await restart();
    expect(temporary()).not.toContain(left[0]);
    const { shown, file: got } = await fileOnPhone(pair.sandbox, friend, messageId, LONG);
    expect(got.equals(file)).toBe(true);
    await pair.sandbox.call('POST', '/api/settle');
    expect(shown.deliveries).toBe(1);
    await pair.server.message('m', messageId, ({ status }) => status === 'delivered');
    await eventually('nothing is left', () => temporary().length === 0 || undefined);
  }, 120_000);

  it('half of a file that came in to be sent is gone', async () => {
    const { hostname, port } = new URL(pair.server.url);
    const head = [
      '--b',
      'content-disposition: form-data; name="file"; filename="a.bin"',
      'content-type: application/zip',
      '',
      '',
    ].join('\r\n');
    const half = request({
      hostname,
      port,
      method: 'POST',
      path: '/api/sessions/m/send/media',
      headers: {
        'x-api-key': API_KEY,
        'content-type': 'multipart/form-data; boundary=b',
        'content-length': 1_000_000,
      },
    });
    const broken = new Promise((resolve) => half.on('error', resolve));
    half.write(head);
    half.write(Buffer.alloc(300_000));
    await eventually('half of it is there', () => incoming().length || undefined);
    await pair.serverProcess.kill();
    await broken;
    await restart();
    expect(existsSync(join(pair.storageRoot, 'media', 'incoming'))).toBe(true);
    expect(incoming()).toEqual([]);
  }, 120_000);
});
