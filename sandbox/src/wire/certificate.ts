import { proto } from 'baileys/WAProto/index.js';
import { type KeyPair, newKeyPair, sign } from './curve.js';

/** What the server proves itself with in the noise handshake. */
export interface ServerIdentity {
  root: KeyPair;
  staticKey: KeyPair;
  /** Encoded `CertChain`: leaf (the static key) ← intermediate ← root. */
  chain: Buffer;
}

/** Serial of the issuer that clients compare with `WA_CERT_DETAILS.SERIAL`. */
const ROOT_SERIAL = 0;
const TEN_YEARS_S = 10 * 365 * 86_400;

const { Details } = proto.CertChain.NoiseCertificate;

/** Signs a fresh static key and a chain for it with the given root. */
export function issueIdentity(root: KeyPair, now = Math.floor(Date.now() / 1000)): ServerIdentity {
  const intermediate = newKeyPair();
  const staticKey = newKeyPair();
  const validity = { notBefore: now - 86_400, notAfter: now + TEN_YEARS_S };
  const certify = (serial: number, issuerSerial: number, key: KeyPair, issuer: KeyPair) => {
    const details = Details.encode({
      serial,
      issuerSerial,
      key: key.publicKey,
      ...validity,
    }).finish();
    return { details, signature: sign(issuer.privateKey, details) };
  };
  const chain = proto.CertChain.encode({
    intermediate: certify(1, ROOT_SERIAL, intermediate, root),
    leaf: certify(2, 1, staticKey, intermediate),
  }).finish();
  return { root, staticKey, chain: Buffer.from(chain) };
}
