import {
  calculateAgreement,
  calculateSignature,
  generateKeyPair,
  verifySignature,
} from 'whatsapp-rust-bridge';

/** A Curve25519 pair; both halves 32 bytes, as they go over the wire. */
export interface KeyPair {
  publicKey: Buffer;
  privateKey: Buffer;
}

/** The bridge wants public keys with libsignal's type byte in front. */
const withType = (key: Uint8Array): Uint8Array =>
  key.length === 33 ? key : Buffer.concat([Buffer.of(5), key]);

export function newKeyPair(): KeyPair {
  const pair = generateKeyPair();
  return { publicKey: Buffer.from(pair.pubKey).subarray(1), privateKey: Buffer.from(pair.privKey) };
}

/** Diffie-Hellman: 32 bytes. */
export function agree(privateKey: Uint8Array, publicKey: Uint8Array): Buffer {
  return Buffer.from(calculateAgreement(withType(publicKey), privateKey));
}

/** XEdDSA signature: 64 bytes. */
export function sign(privateKey: Uint8Array, message: Uint8Array): Buffer {
  return Buffer.from(calculateSignature(privateKey, message));
}

/** False for a wrong signature and for a malformed key alike. */
export function verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verifySignature(withType(publicKey), message, signature);
  } catch {
    return false;
  }
}
