import '@patchbay/hardening';
import { randomBytes } from 'node:crypto';
import { downloadMediaMessage } from 'baileys';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TestWorld } from '../testing/test-world.js';

const ANA = '51999600011';
const BEN = '51999600012';

let world: TestWorld;

beforeEach(async () => {
  world = await new TestWorld().start();
  await world.phone(ANA, 'Ana');
  await world.phone(BEN, 'Ben');
});
afterEach(() => world.end());

const control = (path: string, init?: RequestInit) =>
  fetch(`${world.sandbox.controlUrl}/api${path}`, init);

/** Ben's phone sends a file to Ana. */
async function fileFromBen(file: Buffer, query: Record<string, string>): Promise<string> {
  const asked = new URLSearchParams({ to: ANA, ...query });
  const answer = await control(`/phones/${BEN}/media?${asked}`, {
    method: 'POST',
    body: new Uint8Array(file),
    headers: { 'content-type': 'application/octet-stream' },
  });
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { id: string }).id;
}

describe('a phone', () => {
  it('sends a file that a companion can read, and shows one that it got', async () => {
    const ana = await world.linked(ANA, world.trusting());
    const file = randomBytes(100_000);
    const facts = { kind: 'audio', mimetype: 'audio/ogg; codecs=opus', seconds: '3', voice: '1' };
    const id = await fileFromBen(file, { ...facts, waveform: '0,50,100' });
    const got = await ana.until('the voice note', () =>
      ana.messages.find(({ key }) => key.id === id),
    );
    expect(got.message?.audioMessage).toMatchObject({ seconds: 3, ptt: true });
    expect([...(got.message?.audioMessage?.waveform ?? [])]).toEqual([0, 50, 100]);
    const { options } = world.trusting();
    expect((await downloadMediaMessage(got, 'buffer', { options })).equals(file)).toBe(true);

    const sent = await ana.socket.sendMessage(`${BEN}@s.whatsapp.net`, {
      document: file,
      mimetype: 'text/html',
      fileName: 'a page.html',
    });
    const shown = await vi.waitFor(async () => {
      const answer = await control(`/phones/${BEN}/messages/${sent?.key.id}/media`);
      expect(answer.status).toBe(200);
      return answer;
    }, 10_000);
    expect(shown.headers.get('content-disposition')).toContain("attachment; filename*=UTF-8''a%20");
    expect(shown.headers.get('content-type')).toBe('application/octet-stream');
    expect(Buffer.from(await shown.arrayBuffer()).equals(file)).toBe(true);
    const { messages } = (await (await control(`/phones/${BEN}/messages`)).json()) as {
      messages: { id: string; media?: object }[];
    };
    expect(messages.find((each) => each.id === sent?.key.id)?.media).toEqual({
      kind: 'document',
      mimetype: 'text/html',
      filename: 'a page.html',
      size: file.length,
    });
  });

  it('uploads a file again for its companion, or says that it has it no more', async () => {
    const ana = await world.linked(ANA, world.trusting());
    const file = randomBytes(1000);
    const id = await fileFromBen(file, { kind: 'image', mimetype: 'image/jpeg' });
    const got = await ana.until('the image', () => ana.messages.find(({ key }) => key.id === id));
    await world.sandbox.server.settle();
    const { directPath: before, url } = { ...got.message?.imageMessage };
    const { faults } = world.sandbox.server;
    faults.add({ kind: 'media_gone' });
    const { options } = world.trusting();
    await expect(downloadMediaMessage(got, 'buffer', { options })).rejects.toThrow();
    const again = await ana.socket.updateMediaMessage(got);
    expect(again.message?.imageMessage?.directPath).not.toBe(before);
    // rc14 puts the name of the real host there.
    if (again.message?.imageMessage) again.message.imageMessage.url = url;
    expect((await downloadMediaMessage(again, 'buffer', { options })).equals(file)).toBe(true);
    faults.add({ kind: 'media_lost' });
    await expect(ana.socket.updateMediaMessage(got)).rejects.toThrow('NOT_FOUND');
  });

  it('says when the media host lost a file', async () => {
    const { blobs } = world.sandbox.server;
    expect(await blobs.get('/v/unknown-unknown-unknown')).toBeUndefined();
    expect(await blobs.again('/v/unknown-unknown-unknown')).toBeUndefined();
    const id = await fileFromBen(randomBytes(1000), { kind: 'image', mimetype: 'image/jpeg' });
    const answer = await control(`/phones/${BEN}/messages/${id}/media`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect((await control(`/phones/${BEN}/messages/NOPE/media`)).status).toBe(404);
  });
});
