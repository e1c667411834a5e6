import { createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { type Dispatcher, request } from 'undici';
import { EngineError } from '../engine-error.js';
import { DEF_MEDIA_HOST, getMediaKeys, type MediaType, type WAMessage } from './baileys.js';
import { unwrap } from './from-baileys/envelopes.js';

/** The end of the file: the first bytes of HMAC-SHA256(mac key, iv and ciphertext). */
const MAC_LENGTH = 10;

/**
 * The decrypted media of a message. rc14's own download ends the process when the connection
 * breaks half way (it pipes without an error listener) and checks nothing
 * (`lib/Utils/messages-media.js`, downloadEncryptedContent); here both are errors of the stream,
 * so what was read must be thrown away when it fails.
 * @throws EngineError when the message has no media, or the host does not give it
 */
export async function downloadMedia(
  message: WAMessage,
  dispatcher?: Dispatcher,
): Promise<AsyncIterable<Uint8Array>> {
  const { media, type } = mediaOf(message);
  if (!media?.mediaKey || !(media.directPath || media.url)) {
    throw new EngineError('unsupported', 'The message has no media');
  }
  const host = media.url ? new URL(media.url).host : DEF_MEDIA_HOST;
  const url = media.directPath ? `https://${host}${media.directPath}` : (media.url ?? '');
  const keys = await getMediaKeys(media.mediaKey, type);
  const { statusCode, body } = await request(url, {
    ...(dispatcher && { dispatcher }),
    headers: { origin: 'https://web.whatsapp.com' },
  });
  if (statusCode !== 200) {
    await body.dump();
    throw new EngineError('refused', `The media host answered ${statusCode}`);
  }
  return decrypted(body, keys);
}

async function* decrypted(
  body: AsyncIterable<Uint8Array>,
  keys: Awaited<ReturnType<typeof getMediaKeys>>,
): AsyncIterable<Uint8Array> {
  const { iv, cipherKey, macKey } = keys;
  if (!macKey) throw new EngineError('unsupported', 'The media key is incomplete');
  const decipher = createDecipheriv('aes-256-cbc', cipherKey, iv);
  const mac = createHmac('sha256', macKey).update(iv);
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of body) {
    held = Buffer.concat([held, chunk]);
    const ciphertext = held.subarray(0, Math.max(0, held.length - MAC_LENGTH));
    held = held.subarray(ciphertext.length);
    mac.update(ciphertext);
    const plain = decipher.update(ciphertext);
    if (plain.length) yield plain;
  }
  const expected = mac.digest().subarray(0, MAC_LENGTH);
  if (held.length !== MAC_LENGTH || !timingSafeEqual(held, expected)) {
    throw new EngineError('refused', 'The media was damaged on its way');
  }
  yield decipher.final();
}

function mediaOf({ message }: WAMessage) {
  const inner = unwrap(message ?? {});
  const video = inner.videoMessage ?? inner.ptvMessage;
  const candidates: [typeof inner.imageMessage | typeof video, MediaType][] = [
    [inner.imageMessage, 'image'],
    [video, 'video'],
    [inner.audioMessage, 'audio'],
    [inner.documentMessage, 'document'],
    [inner.stickerMessage, 'sticker'],
  ];
  const [media, type] = candidates.find(([candidate]) => candidate) ?? [
    undefined,
    'image' as const,
  ];
  return { media, type };
}
