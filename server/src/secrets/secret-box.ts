import type { KeyObject } from 'node:crypto';
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
} from 'node:crypto';
import { pooledRandomBytes } from './random-pool.js';

const NONCE = 12;
const TAG = 16;
/** First byte of every stored value: how it is stored. */
const SEALED = 1;
const CLEAR = 0;

/**
 * Seals what must not be readable in the database: AES-256-GCM under a key derived from the
 * instance's secret, bound to its place (`context`), so that values cannot be swapped between rows.
 * Layout: version byte | 12 bytes nonce | ciphertext | 16 bytes tag.
 */
export class SecretBox {
  private readonly sealingKey: KeyObject | undefined;
  private readonly signingKey: KeyObject;

  /** `encrypt: false` stores in clear; it exists to prove that the encryption does something. */
  constructor(
    secret: Uint8Array,
    readonly encrypts = true,
  ) {
    this.sealingKey = encrypts ? derive(secret, 'patchbay sealing key') : undefined;
    this.signingKey = derive(secret, 'patchbay signing key');
  }

  seal(value: Uint8Array, context: string): Uint8Array {
    if (!this.sealingKey) return Buffer.concat([Buffer.from([CLEAR]), value]);
    const nonce = pooledRandomBytes(NONCE);
    const cipher = createCipheriv('aes-256-gcm', this.sealingKey, nonce);
    cipher.setAAD(Buffer.from(context));
    const body = Buffer.concat([cipher.update(value), cipher.final()]);
    return Buffer.concat([Buffer.from([SEALED]), nonce, body, cipher.getAuthTag()]);
  }

  /** Throws when the value was sealed under another secret, for another place, or was changed. */
  open(stored: Uint8Array, context: string): Uint8Array {
    if (stored[0] === CLEAR && !this.encrypts) return stored.subarray(1);
    if (stored[0] !== SEALED || !this.sealingKey) throw new Error('stored in another form');
    const nonce = stored.subarray(1, 1 + NONCE);
    const decipher = createDecipheriv('aes-256-gcm', this.sealingKey, nonce);
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(stored.subarray(-TAG));
    const body = stored.subarray(1 + NONCE, -TAG);
    return Buffer.concat([decipher.update(body), decipher.final()]);
  }

  /** A signature of ours over a text, for cookies. */
  sign(text: string): string {
    return createHmac('sha256', this.signingKey).update(text).digest('base64url');
  }
}

function derive(secret: Uint8Array, purpose: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, 'patchbay', purpose, 32)));
}
