import '@patchbay/hardening';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { downloadMediaMessage } from 'baileys';
import { Agent as Dispatcher } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestWorld } from '../testing/test-world.js';
import { startMediaHost } from './host.js';

const ANA = '51999600001';
const BEN = '51999600002';

let world: TestWorld;

beforeEach(async () => {
  world = await new TestWorld().start();
  await world.phone(ANA, 'Ana');
  await world.phone(BEN, 'Ben');
});
afterEach(() => world.end());

describe('media', () => {
  it('is uploaded by one client and downloaded by another, sealed in between', async () => {
    const ana = await world.linked(ANA, world.trusting());
    const ben = await world.linked(BEN, world.trusting());
    const document = randomBytes(300_000);
    await ana.socket.sendMessage(`${BEN}@s.whatsapp.net`, {
      document,
      mimetype: 'application/octet-stream',
      fileName: 'noise.bin',
    });
    const received = await ben.until('the document', () =>
      ben.messages.find(({ message }) => message?.documentMessage),
    );
    expect(received.message!.documentMessage!.url).toContain(world.sandbox.server.info.media.host);
    const { options } = world.trusting();
    const downloaded = await downloadMediaMessage(received, 'buffer', { options });
    expect(Buffer.compare(downloaded, document)).toBe(0);
  });

  it('survives a restart under the same address', async () => {
    const { dataDir } = world;
    const { media } = world.sandbox.server.info;
    const ca = readFileSync(media.caFile);
    const dispatcher = new Dispatcher({ connect: { ca } });
    const hash = 'c29tZS1oYXNoLW9mLWEtYmxvYg';
    const fetchMedia = (path: string, init: object = {}) =>
      fetch(`https://${media.host}${path}`, { ...init, dispatcher } as RequestInit);
    const uploaded = await fetchMedia(`/mms/image/${hash}?auth=x`, {
      method: 'POST',
      body: 'sealed',
    });
    const { direct_path, url } = (await uploaded.json()) as { direct_path: string; url: string };
    expect(url).toBe(`https://${media.host}${direct_path}`);
    await world.restart();
    expect(world.sandbox.server.info.media.host).toBe(media.host);
    expect(world.dataDir).toBe(dataDir);
    expect(await (await fetchMedia(direct_path)).text()).toBe('sealed');
    const part = await fetchMedia(direct_path, { headers: { range: 'bytes=2-3' } });
    expect([part.status, await part.text()]).toEqual([206, 'al']);
    expect((await fetchMedia('/v/../../world.db')).status).toBe(404);
    expect((await fetchMedia('/v/unknown-unknown-unknown')).status).toBe(404);
    await dispatcher.close();
  });

  it('takes another port when its own is taken', async () => {
    const other = await startMediaHost(`${world.dataDir}/media`);
    expect(other.host).not.toBe(world.sandbox.server.info.media.host);
    await other.stop();
  });
});
