import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
} from 'node:crypto';

/** Kinds of files, and what their keys are derived for. */
const KEY_INFO = {
  image: 'WhatsApp Image Keys',
  sticker: 'WhatsApp Image Keys',
  video: 'WhatsApp Video Keys',
  audio: 'WhatsApp Audio Keys',
  document: 'WhatsApp Document Keys',
  history: 'WhatsApp History Keys',
} as const;
type FileKind = keyof typeof KEY_INFO;
/** Kinds of message that carry a file. */
export type MediaKind = Exclude<FileKind, 'history'>;

const MAC_LENGTH = 10;

/** A file as the media host sees it, and what the recipient needs to read it. */
export interface SealedMedia {
  blob: Buffer;
  mediaKey: Buffer;
  fileSha256: Buffer;
  fileEncSha256: Buffer;
}

/** AES-256-CBC, then the first ten bytes of an HMAC, as baileys `lib/Utils/messages-media.js` has it. */
export function sealMedia(plain: Buffer, kind: FileKind): SealedMedia {
  const mediaKey = randomBytes(32);
  const { iv, cipherKey, macKey } = keysOf(mediaKey, kind);
  const cipher = createCipheriv('aes-256-cbc', cipherKey, iv);
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
  const blob = Buffer.concat([ciphertext, macOf(macKey, iv, ciphertext)]);
  return { blob, mediaKey, fileSha256: sha256(plain), fileEncSha256: sha256(blob) };
}

/** @throws when the file is not what its hashes say */
export function openMedia(
  blob: Buffer,
  kind: MediaKind,
  { mediaKey, fileSha256, fileEncSha256 }: Omit<SealedMedia, 'blob'>,
): Buffer {
  const { iv, cipherKey, macKey } = keysOf(mediaKey, kind);
  const ciphertext = blob.subarray(0, -MAC_LENGTH);
  if (!sha256(blob).equals(fileEncSha256)) throw new Error('the encrypted file has another hash');
  if (!macOf(macKey, iv, ciphertext).equals(blob.subarray(-MAC_LENGTH))) {
    throw new Error('the encrypted file has another MAC');
  }
  const decipher = createDecipheriv('aes-256-cbc', cipherKey, iv);
  const plain = Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  if (!sha256(plain).equals(fileSha256)) throw new Error('the file has another hash');
  return plain;
}

/** The key of a request to upload a file again, and of its answer. */
export function retryKey(mediaKey: Uint8Array): Buffer {
  return derive(mediaKey, 'WhatsApp Media Retry Notification', 32);
}

function keysOf(mediaKey: Uint8Array, kind: FileKind) {
  const keys = derive(mediaKey, KEY_INFO[kind], 112);
  return {
    iv: keys.subarray(0, 16),
    cipherKey: keys.subarray(16, 48),
    macKey: keys.subarray(48, 80),
  };
}

function derive(key: Uint8Array, info: string, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', key, Buffer.alloc(32), info, length));
}

function macOf(macKey: Buffer, iv: Buffer, ciphertext: Buffer): Buffer {
  return createHmac('sha256', macKey)
    .update(iv)
    .update(ciphertext)
    .digest()
    .subarray(0, MAC_LENGTH);
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
