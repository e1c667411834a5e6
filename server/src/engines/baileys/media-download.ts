import type { Hash } from 'node:crypto';
import { createDecipheriv, createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type Dispatcher, request } from 'undici';
import { EngineError } from '../engine-error.js';
import { DEF_MEDIA_HOST, getMediaKeys, type WAMessage } from './baileys.js';
import { type MediaMessage, mediaOf } from './from-baileys/media-content.js';

/** The end of the file: the first bytes of HMAC-SHA256(mac key, iv and ciphertext). */
const MAC_LENGTH = 10;
/** No byte for so long, and the download is given up (ms). */
const IDLE_WITHIN = 30_000;
/** Until the phone has uploaded a file once more (ms). */
const PHONE_WITHIN = 30_000;
/** WhatsApp keeps files for some weeks; then the phone is asked. */
const GONE = [403, 404, 410];

/** Where a file is, its key, and what it must be. */
type EncryptedFile = Pick<
  MediaMessage,
  'url' | 'directPath' | 'mediaKey' | 'fileSha256' | 'fileEncSha256'
>;

export interface DownloadOptions {
  dispatcher?: Dispatcher | undefined;
  /** Asks the phone to upload the file again; resolves with the message that says where. */
  askPhone?: ((message: WAMessage) => Promise<WAMessage>) | undefined;
}

/**
 * The decrypted media of a message, as a stream. rc14's own download ends the process when the
 * connection breaks half way (it pipes without an error listener) and checks nothing
 * (`lib/Utils/messages-media.js`, downloadEncryptedContent); here the hash and the MAC of what came
 * and the hash of what it says are checked, and a difference is an error of the stream, so what was
 * read must be thrown away when it fails.
 * @throws EngineError `unsupported`: no media; `gone`: neither WhatsApp nor the phone has it;
 *   `damaged` (while reading): not what was sent; `refused`, `timeout`: try again
 */
export async function downloadMedia(
  message: WAMessage,
  options: DownloadOptions = {},
): Promise<AsyncIterable<Uint8Array>> {
  const found = mediaOf(message.message ?? {});
  if (!found?.media.mediaKey || !(found.media.directPath || found.media.url)) {
    throw new EngineError('unsupported', 'The message has no media');
  }
  const { media, type } = found;
  const { dispatcher, askPhone } = options;
  const again = askPhone && (() => uploadedAgain(message, askPhone));
  return await downloadFile(media, type, dispatcher, again);
}

/**
 * A file that WhatsApp keeps, decrypted and checked like the media of a message.
 * @param again asks for the file once more, when WhatsApp no longer has it
 * @throws EngineError as `downloadMedia`
 */
export async function downloadFile(
  media: EncryptedFile,
  type: Parameters<typeof getMediaKeys>[1],
  dispatcher?: Dispatcher,
  again?: () => Promise<EncryptedFile>,
): Promise<AsyncIterable<Uint8Array>> {
  if (!media.mediaKey) throw new EngineError('unsupported', 'The file has no key');
  const keys = await getMediaKeys(media.mediaKey, type);
  let answer = await fetchBlob(media, dispatcher);
  if (GONE.includes(answer.statusCode) && again) {
    await answer.body.dump();
    answer = await fetchBlob(await again(), dispatcher);
  }
  if (answer.statusCode !== 200) {
    await answer.body.dump();
    const gone = GONE.includes(answer.statusCode);
    throw new EngineError(
      gone ? 'gone' : 'refused',
      `The media host answered ${answer.statusCode}`,
    );
  }
  return opened(answer.body, keys, media);
}

async function fetchBlob(media: EncryptedFile, dispatcher: Dispatcher | undefined) {
  const host = media.url ? new URL(media.url).host : DEF_MEDIA_HOST;
  const url = media.directPath ? `https://${host}${media.directPath}` : (media.url ?? '');
  return await request(url, {
    ...(dispatcher && { dispatcher }),
    headers: { origin: 'https://web.whatsapp.com' },
    headersTimeout: IDLE_WITHIN,
    bodyTimeout: IDLE_WITHIN,
  });
}

async function uploadedAgain(
  message: WAMessage,
  askPhone: (message: WAMessage) => Promise<WAMessage>,
): Promise<MediaMessage> {
  // rc14 waits for the answer for ever, and writes it into the message that it was given.
  const copy = { ...message, message: structuredClone(message.message) };
  const answered = await inTime(askPhone(copy)).catch((error: unknown) => {
    const detail = error instanceof Error ? error.message : String(error);
    throw new EngineError('gone', `The phone did not upload it again: ${detail}`);
  });
  const media = answered && mediaOf(answered.message ?? {})?.media;
  if (!media) throw new EngineError('timeout', 'The phone did not answer in time');
  return media;
}

/** Undefined when it takes longer than the phone is given. */
async function inTime<T>(work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, PHONE_WITHIN, undefined);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function* opened(
  body: AsyncIterable<Uint8Array>,
  { iv, cipherKey, macKey }: Awaited<ReturnType<typeof getMediaKeys>>,
  media: EncryptedFile,
): AsyncIterable<Uint8Array> {
  if (!macKey) throw new EngineError('unsupported', 'The media key is incomplete');
  const decipher = createDecipheriv('aes-256-cbc', cipherKey, iv);
  const mac = createHmac('sha256', macKey).update(iv);
  const outer = createHash('sha256');
  const inner = createHash('sha256');
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of body) {
    outer.update(chunk);
    held = held.length > 0 ? Buffer.concat([held, chunk]) : Buffer.from(chunk);
    const ciphertext = held.subarray(0, Math.max(0, held.length - MAC_LENGTH));
    held = Buffer.from(held.subarray(ciphertext.length));
    mac.update(ciphertext);
    const plain = decipher.update(ciphertext);
    inner.update(plain);
    if (plain.length) yield plain;
  }
  check('encrypted file', outer, media.fileEncSha256);
  const expected = mac.digest().subarray(0, MAC_LENGTH);
  if (held.length !== MAC_LENGTH || !timingSafeEqual(held, expected)) throw damaged('MAC');
  const last = decipher.final();
  inner.update(last);
  check('file', inner, media.fileSha256);
  yield last;
}

function check(what: string, hash: Hash, said: Uint8Array | null | undefined): void {
  const computed = hash.digest();
  if (said?.length && (said.length !== 32 || !timingSafeEqual(computed, said))) throw damaged(what);
}

function damaged(what: string): EngineError {
  return new EngineError('damaged', `The media was damaged on its way (${what})`);
}
