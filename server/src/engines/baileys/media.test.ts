import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { request } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestProxy } from '../../testing/test-proxy.js';
import { EngineWorld } from '../testing/engine-world.js';
import { getMediaKeys, type WAMessage } from './baileys.js';
import { baileysEngine } from './index.js';
import { downloadMedia } from './media-download.js';
import { type Transport, transportFor } from './transport.js';

const world = new EngineWorld(() => baileysEngine);
let transport: Transport;
beforeAll(async () => {
  await world.start();
  transport = transportFor(world.endpoint);
});
afterAll(() => world.stop());

/** Encrypts as WhatsApp does (ciphertext and the first ten bytes of its MAC) and uploads. */
async function uploaded(plain: Buffer, damage?: (blob: Buffer) => void): Promise<WAMessage> {
  const mediaKey = randomBytes(32);
  const { iv, cipherKey, macKey } = await getMediaKeys(mediaKey, 'image');
  const cipher = createCipheriv('aes-256-cbc', cipherKey, iv);
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
  const mac = createHmac('sha256', macKey ?? '')
    .update(iv)
    .update(ciphertext)
    .digest();
  const blob = Buffer.concat([ciphertext, mac.subarray(0, 10)]);
  damage?.(blob);
  const name = createHash('sha256').update(blob).digest('base64url');
  const { direct_path: directPath } = await post(`/mms/image/${name}?auth=a&token=${name}`, blob);
  return {
    key: { id: 'M', remoteJid: '1@lid' },
    message: { viewOnceMessage: { message: { imageMessage: { mediaKey, directPath } } } },
  };
}

/** As rc14 uploads: through node:https, to the name of the real host. */
function post(path: string, body: Buffer): Promise<{ direct_path: string }> {
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', agent: transport.fetchAgent };
    const upload = request(`https://mmg.whatsapp.net${path}`, options, (answer) => {
      let text = '';
      answer.on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => resolve(JSON.parse(text) as { direct_path: string }));
    });
    upload.on('error', reject);
    upload.end(body);
  });
}

async function read(message: WAMessage): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of await downloadMedia(message, transport)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('media', () => {
  it.each([0, 15, 16, 300_000])('of %d bytes goes up and comes back', async (size) => {
    const plain = randomBytes(size);
    expect((await read(await uploaded(plain))).equals(plain)).toBe(true);
  });

  it('that was damaged is an error, not data', async () => {
    const damaged = await uploaded(randomBytes(100), (blob) => {
      blob[3] = (blob[3] ?? 0) ^ 1;
    });
    await expect(read(damaged)).rejects.toMatchObject({ code: 'damaged' });
  });

  it('that is not there, and messages without any', async () => {
    const message = await uploaded(Buffer.of(1));
    const image = message.message?.viewOnceMessage?.message?.imageMessage;
    if (image) image.directPath = '/nowhere';
    await expect(read(message)).rejects.toMatchObject({ code: 'gone' });
    const text: WAMessage = { key: { id: 'T' }, message: { conversation: 'no media' } };
    await expect(read(text)).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('comes through fetch too, as rc14 loads history and app state', async () => {
    const message = await uploaded(Buffer.from('history'));
    const path = message.message?.viewOnceMessage?.message?.imageMessage?.directPath;
    const init = { dispatcher: transport.dispatcher } as RequestInit;
    const answer = await fetch(`https://mmg.whatsapp.net${path}`, init);
    expect(answer.status).toBe(200);
    expect((await answer.arrayBuffer()).byteLength).toBe(26);
  });

  it.each(['http', 'socks5'] as const)(
    'goes through a proxy (%s), and stays when that is away',
    async (protocol) => {
      const direct = transport;
      const proxy = await new TestProxy().start();
      try {
        transport = transportFor(world.endpoint, proxy.url(protocol));
        const message = await uploaded(Buffer.from('led'));
        expect((await read(message)).toString()).toBe('led');
        expect(new Set(proxy.targets)).toEqual(new Set([world.endpoint.mediaHost]));
        expect(proxy.targets.length).toBeGreaterThan(1);
        await proxy.stop();
        await expect(uploaded(Buffer.from('not led'))).rejects.toThrow();
        await expect(read(message)).rejects.toThrow();
      } finally {
        transport = direct;
        await proxy.stop();
      }
    },
  );

  it('goes to the real hosts where no other endpoint is set', () => {
    expect(transportFor({ webSocketUrl: 'wss://example.org' })).toEqual({});
  });
});
