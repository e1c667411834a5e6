import { proto } from 'baileys/WAProto/index.js';
import type { LibsignalCurve } from './libsignal.js';

/** The key that the last agreement was with; in a handshake, the server's static one. */
let lastPeer: Buffer | undefined;

/** The curve, remembering with whom it agreed. */
export function rememberingPeer(curve: LibsignalCurve): LibsignalCurve {
  return {
    ...curve,
    calculateAgreement(pubKey, privKey) {
      lastPeer = Buffer.from(pubKey);
      return curve.calculateAgreement(pubKey, privKey);
    },
  };
}

/**
 * Makes a server prove that the certificate which it shows is its own.
 *
 * Mends: baileys `lib/Utils/noise-handler.js`, `processHandshake`, which checks who signed the
 * certificate but not whether its key is the one that the handshake was made with. WhatsApp's chain
 * is public, so that anyone could show it. `processHandshake` runs in one go: it agrees with the
 * server's static key and decodes the chain next, which is where the two are compared.
 */
export function bindCertificate(): void {
  const decode = proto.CertChain.decode;
  proto.CertChain.decode = (...input) => {
    const chain = decode(...input);
    const details = chain.leaf?.details;
    if (!details) return chain; // refused by processHandshake itself
    const { key } = proto.CertChain.NoiseCertificate.Details.decode(details);
    if (!key || !lastPeer?.subarray(-32).equals(key)) {
      throw new Error('noise certificate belongs to another server');
    }
    return chain;
  };
}
