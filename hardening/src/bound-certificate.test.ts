import './index.js';
import { createHash } from 'node:crypto';
import { aesEncryptGCM, Curve, hkdf, makeNoiseHandler, proto, WA_CERT_DETAILS } from 'baileys';
import { afterAll, beforeAll, expect, it } from 'vitest';

const HEADER = Buffer.from([87, 65, 6, 3]);
const PROTOCOL = Buffer.from('Noise_XX_25519_AESGCM_SHA256\0\0\0\0');
type Pair = ReturnType<typeof Curve.generateKeyPair>;
type Logger = Parameters<typeof makeNoiseHandler>[0]['logger'];
const silent = {
  level: 'silent',
  child: () => silent,
  trace() {},
  debug() {},
} as unknown as Logger;

const realRoot = WA_CERT_DETAILS.PUBLIC_KEY;
const [root, intermediate] = [Curve.generateKeyPair(), Curve.generateKeyPair()];
beforeAll(() => {
  WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(root.public) as typeof realRoot;
});
afterAll(() => {
  WA_CERT_DETAILS.PUBLIC_KEY = realRoot;
});

/** A chain that the root has really signed, for this server key. */
function chainFor(server: Pair): Uint8Array {
  const { Details } = proto.CertChain.NoiseCertificate;
  const signed = (by: Pair, details: Uint8Array) => ({
    details,
    signature: Curve.sign(by.private, details),
  });
  return proto.CertChain.encode({
    intermediate: signed(
      root,
      Details.encode({ serial: 1, issuerSerial: 0, key: intermediate.public }).finish(),
    ),
    leaf: signed(
      intermediate,
      Details.encode({ serial: 2, issuerSerial: 1, key: server.public }).finish(),
    ),
  }).finish();
}

/** The server's half of a Noise XX handshake, up to its hello. */
function serverHello(client: Pair, own: Pair, chain: Uint8Array) {
  const sha = (data: Uint8Array) => createHash('sha256').update(data).digest();
  const ephemeral = Curve.generateKeyPair();
  let [hash, salt, key]: Buffer[] = [PROTOCOL, PROTOCOL, PROTOCOL];
  const authenticate = (data: Uint8Array) => {
    hash = sha(Buffer.concat([hash as Buffer, data]));
  };
  const mix = (secret: Uint8Array) => {
    const mixed = Buffer.from(hkdf(Buffer.from(secret), 64, { salt, info: '' }));
    [salt, key] = [mixed.subarray(0, 32), mixed.subarray(32)];
  };
  const seal = (plain: Uint8Array) => {
    const sealed = aesEncryptGCM(
      Buffer.from(plain),
      key as Buffer,
      Buffer.alloc(12),
      hash as Buffer,
    );
    authenticate(sealed);
    return sealed;
  };
  authenticate(HEADER);
  authenticate(client.public);
  authenticate(ephemeral.public);
  mix(Curve.sharedKey(ephemeral.private, client.public));
  const sealedStatic = seal(own.public);
  mix(Curve.sharedKey(own.private, client.public));
  return { ephemeral: ephemeral.public, static: sealedStatic, payload: seal(chain) };
}

function shakeHands(own: Pair, chain: Uint8Array) {
  const client = Curve.generateKeyPair();
  const noise = makeNoiseHandler({ keyPair: client, NOISE_HEADER: HEADER, logger: silent });
  const hello = serverHello(client, own, chain);
  return () =>
    noise.processHandshake(
      proto.HandshakeMessage.fromObject({ serverHello: hello }),
      Curve.generateKeyPair(),
    );
}

it('accepts a server that shows the certificate of its own key', () => {
  const server = Curve.generateKeyPair();
  expect(shakeHands(server, chainFor(server))).not.toThrow();
});

it('refuses a server that shows the genuine certificate of another', () => {
  const replayed = chainFor(Curve.generateKeyPair());
  expect(shakeHands(Curve.generateKeyPair(), replayed)).toThrow(/belongs to another server/);
});
