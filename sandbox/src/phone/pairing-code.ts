import { createCipheriv, createDecipheriv, hkdfSync, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { calculateAgreement, type KeyPair } from 'whatsapp-rust-bridge';
import { rawKey, signalKey } from './device-identity.js';
import { LinkRefusal } from './link-qr.js';

/** Protocol facts in this file: baileys Utils/crypto.js (derivePairingCodeKey) and Socket/messages-recv.js (link_code_companion_reg). */
const PBKDF2_ITERATIONS = 131_072;
const SALT = 32;
const CTR_IV = 16;
const GCM_IV = 12;
const GCM_TAG = 16;
const KEY = 32;
const derive = promisify(pbkdf2);

/**
 * The eight characters of a pairing code as a person may have typed them (spaces, dashes, small letters).
 * @throws LinkRefusal `code_malformed`
 */
export function normalizePairingCode(typed: string): string {
  const code = typed.replace(/[\s\-–—]/g, '').toUpperCase();
  if (!/^[A-Z0-9]{8}$/.test(code)) {
    throw new LinkRefusal(
      'code_malformed',
      'A pairing code has eight letters and digits, such as ABCD-EFGH.',
    );
  }
  return code;
}

/** Hides an ephemeral public key under the pairing code: salt, counter block, then the masked key. */
export async function wrapEphemeralKey(code: string, publicKey: Uint8Array): Promise<Uint8Array> {
  const salt = randomBytes(SALT);
  const iv = randomBytes(CTR_IV);
  const cipher = createCipheriv('aes-256-ctr', await codeKey(code, salt), iv);
  return Buffer.concat([salt, iv, cipher.update(rawKey(publicKey)), cipher.final()]);
}

/** The other side's ephemeral public key. A wrong code gives a wrong key, which shows only at the end. */
export async function unwrapEphemeralKey(code: string, wrapped: Uint8Array): Promise<Uint8Array> {
  if (wrapped.length !== SALT + CTR_IV + KEY) {
    throw new LinkRefusal('code_wrong', 'The device sent a pairing key of the wrong length.');
  }
  const key = await codeKey(code, wrapped.subarray(0, SALT));
  const decipher = createDecipheriv('aes-256-ctr', key, wrapped.subarray(SALT, SALT + CTR_IV));
  return Buffer.concat([decipher.update(wrapped.subarray(SALT + CTR_IV)), decipher.final()]);
}

export interface KeyBundleOpening {
  /** `link_code_pairing_wrapped_key_bundle`: salt, nonce, then companion id, phone id and random under AES-GCM. */
  wrappedBundle: Uint8Array;
  phoneEphemeral: KeyPair;
  companionEphemeral: Uint8Array;
  phoneIdentity: KeyPair;
  /** `companion_identity_public` of the same stanza. */
  companionIdentity: Uint8Array;
}

/**
 * The secret both sides now share, which takes the place of the secret in a QR.
 * @throws LinkRefusal `code_wrong` when the code that was typed is not the one that the device shows.
 */
export function openKeyBundle(opening: KeyBundleOpening): { advSecret: Uint8Array } {
  const { wrappedBundle } = opening;
  const shared = agree(opening.companionEphemeral, opening.phoneEphemeral.privKey);
  const salt = wrappedBundle.subarray(0, SALT);
  const key = hkdf(shared, salt, 'link_code_pairing_key_bundle_encryption_key');
  const plain = decryptBundle(wrappedBundle.subarray(SALT), key);
  const companion = plain.subarray(0, KEY);
  const phone = plain.subarray(KEY, 2 * KEY);
  const random = plain.subarray(2 * KEY);
  if (
    !companion.equals(rawKey(opening.companionIdentity)) ||
    !phone.equals(rawKey(opening.phoneIdentity.pubKey))
  ) {
    throw new LinkRefusal('code_wrong', 'The device that answered is not the one that asked.');
  }
  const identities = agree(opening.companionIdentity, opening.phoneIdentity.privKey);
  return {
    advSecret: hkdf(Buffer.concat([shared, identities, random]), Buffer.alloc(0), 'adv_secret'),
  };
}

function decryptBundle(sealed: Uint8Array, key: Uint8Array): Buffer {
  try {
    if (sealed.length !== GCM_IV + 3 * KEY + GCM_TAG) throw new Error('length');
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, GCM_IV));
    decipher.setAuthTag(sealed.subarray(sealed.length - GCM_TAG));
    return Buffer.concat([
      decipher.update(sealed.subarray(GCM_IV, sealed.length - GCM_TAG)),
      decipher.final(),
    ]);
  } catch {
    throw new LinkRefusal('code_wrong', 'This is not the code that the device shows.');
  }
}

function codeKey(code: string, salt: Uint8Array): Promise<Buffer> {
  return derive(code, salt, PBKDF2_ITERATIONS, KEY, 'sha256');
}

function agree(publicKey: Uint8Array, privateKey: Uint8Array): Uint8Array {
  return calculateAgreement(signalKey(publicKey), privateKey);
}

function hkdf(secret: Uint8Array, salt: Uint8Array, info: string): Uint8Array {
  return Buffer.from(hkdfSync('sha256', secret, salt, info, KEY));
}
