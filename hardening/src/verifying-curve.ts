import * as bridge from 'whatsapp-rust-bridge';
import type { LibsignalCurve } from './libsignal.js';

/**
 * Curve25519 with signatures that are really checked, in WebAssembly.
 *
 * Mends: baileys `lib/Utils/crypto.js`, `Curve.verify`, which takes every signature that does not
 * make libsignal throw for a good one; libsignal's `src/curve.js` merely returns false. So the
 * noise certificate chain (`lib/Utils/noise-handler.js`) and the account signature at pairing
 * (`lib/Utils/validate-connection.js`) went unchecked. Here a bad signature throws.
 *
 * The arithmetic comes from whatsapp-rust-bridge, which baileys has anyway: signing and verifying
 * take a hundredth of the time of libsignal's JavaScript, key agreement a fifth.
 */
export function verifyingCurve(original: LibsignalCurve): LibsignalCurve {
  return {
    ...original,

    generateKeyPair() {
      const { pubKey, privKey } = bridge.generateKeyPair();
      return { pubKey: Buffer.from(pubKey), privKey: Buffer.from(privKey) };
    },

    calculateAgreement(pubKey, privKey) {
      const shared = Buffer.from(bridge.calculateAgreement(prefixed(pubKey), privKey));
      // Node refuses points of low order, whose secret is zero whatever the private key is.
      if (shared.every((byte) => byte === 0)) throw new Error('Invalid public key');
      return shared;
    },

    calculateSignature(privKey, message) {
      if (!message) throw new Error('Invalid message');
      return Buffer.from(bridge.calculateSignature(privKey, message));
    },

    /**
     * `isInit` is libsignal's own way of not checking (`src/session_builder.js`, for the signed
     * prekey of a bundle: identity keys are trusted on first use anyway); it keeps its meaning.
     */
    verifySignature(pubKey, message, signature, isInit) {
      original.verifySignature(pubKey, message, signature, true); // checks the arguments only
      if (isInit) return true;
      if (!bridge.verifySignature(prefixed(pubKey), message, signature)) {
        throw new Error('Invalid signature');
      }
      return true;
    },
  };
}

/** A public key with the 0x05 that says which curve it is on. */
function prefixed(pubKey: Uint8Array): Uint8Array {
  if (pubKey.length === 33 && pubKey[0] === 5) return pubKey;
  if (pubKey.length === 32) return Buffer.concat([Buffer.of(5), pubKey]);
  throw new Error('Invalid public key');
}
