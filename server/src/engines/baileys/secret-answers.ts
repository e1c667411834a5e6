import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** What a message is encrypted a second time for; the words are part of the key. */
export type SecretUse = 'Poll Vote' | 'Event Response' | 'Enc Reaction' | 'Message Edit';

/** Everything that the key of one answer depends on. */
export interface SecretContext {
  use: SecretUse;
  /** 32 bytes that travelled in the message that is answered. */
  secret: Uint8Array;
  targetId: string;
  /** Jid of who wrote the message that is answered, as the one who answers knew it (PN or LID). */
  author: string;
  /** Jid of the one who answers. */
  sender: string;
}

export interface SecretBox {
  encPayload: Uint8Array;
  encIv: Uint8Array;
}

const TAG_LENGTH = 16;

/**
 * HKDF over the secret, AES-256-GCM; the scheme of polls (`lib/Utils/process-message.js`,
 * decryptPollVote), which only checks what it opens and cannot seal.
 */
function keyOf({ use, secret, targetId, author, sender }: SecretContext): Buffer {
  const info = Buffer.from(`${targetId}${author}${sender}${use}`);
  return Buffer.from(hkdfSync('sha256', secret, new Uint8Array(0), info, 32));
}

/** Votes and responses are also bound to who gives them. */
function boundTo({ use, targetId, sender }: SecretContext): Buffer {
  const bound = use === 'Poll Vote' || use === 'Event Response';
  return Buffer.from(bound ? `${targetId}\0${sender}` : '');
}

/** undefined when the context is not the one that it was sealed in, or it was tampered with. */
export function openSecret(
  { encPayload, encIv }: SecretBox,
  context: SecretContext,
): Uint8Array | undefined {
  if (encPayload.length < TAG_LENGTH) return undefined;
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyOf(context), encIv);
    decipher.setAAD(boundTo(context));
    decipher.setAuthTag(encPayload.subarray(-TAG_LENGTH));
    const plain = decipher.update(encPayload.subarray(0, -TAG_LENGTH));
    return Buffer.concat([plain, decipher.final()]);
  } catch {
    return undefined;
  }
}

export function sealSecret(plain: Uint8Array, context: SecretContext): SecretBox {
  const encIv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyOf(context), encIv);
  cipher.setAAD(boundTo(context));
  const encPayload = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return { encPayload, encIv };
}
