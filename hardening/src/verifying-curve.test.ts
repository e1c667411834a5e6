import './index.js';
import { createRequire } from 'node:module';
import { Curve, signedKeyPair } from 'baileys';
import { describe, expect, it } from 'vitest';
import { libsignalCurve } from './libsignal.js';

interface PlainCurve {
  sign(secret: Uint8Array, message: Uint8Array): Uint8Array;
  verify(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  sharedKey(secret: Uint8Array, key: Uint8Array): Uint8Array;
}
const fromBaileys = createRequire(createRequire(import.meta.url).resolve('baileys'));
const plain = createRequire(fromBaileys.resolve('libsignal'))('curve25519-js') as PlainCurve;

const curve = libsignalCurve();
const message = (text: string) => Buffer.from(text);
const flipped = (bytes: Uint8Array, at: number) => {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
};

describe('verifying curve', () => {
  it('refuses a bad signature through Baileys', () => {
    const pair = Curve.generateKeyPair();
    const signature = Curve.sign(pair.private, message('certificate'));
    expect(Curve.verify(pair.public, message('certificate'), signature)).toBe(true);
    expect(Curve.verify(pair.public, message('Certificate'), signature)).toBe(false);
    expect(Curve.verify(Curve.generateKeyPair().public, message('certificate'), signature)).toBe(
      false,
    );
    for (const at of [0, 31, 32, 62]) {
      expect(Curve.verify(pair.public, message('certificate'), flipped(signature, at))).toBe(false);
    }
  });

  it('agrees with the JavaScript it replaces, in both directions', () => {
    for (let round = 0; round < 6; round++) {
      const pair = curve.generateKeyPair();
      const key = pair.pubKey.subarray(1);
      const text = Buffer.alloc(round * 40, round);
      const ours = curve.calculateSignature(pair.privKey, Buffer.concat([text, Buffer.of(1)]));
      const theirs = plain.sign(pair.privKey, Buffer.concat([text, Buffer.of(1)]));
      const signed = Buffer.concat([text, Buffer.of(1)]);
      expect(plain.verify(key, signed, ours)).toBe(true);
      expect(curve.verifySignature(pair.pubKey, signed, Buffer.from(theirs))).toBe(true);
      expect(() => curve.verifySignature(pair.pubKey, text.subarray(1), theirs)).toThrow();
      expect(plain.verify(key, flipped(signed, 0), ours)).toBe(false);
    }
  });

  it('agrees on shared keys, also of keys that Node made', () => {
    for (let round = 0; round < 20; round++) {
      const a = curve.generateKeyPair();
      const b = curve.generateKeyPair();
      const ours = curve.calculateAgreement(b.pubKey, a.privKey);
      expect(ours).toEqual(curve.calculateAgreement(a.pubKey, b.privKey));
      expect(ours).toEqual(Buffer.from(plain.sharedKey(a.privKey, b.pubKey.subarray(1))));
      expect(curve.getPublicFromPrivateKey(a.privKey)).toEqual(a.pubKey);
    }
  });

  it('refuses public keys of low order, as Node does', () => {
    const { privKey } = curve.generateKeyPair();
    expect(() => curve.calculateAgreement(Buffer.alloc(32), privKey)).toThrow();
    expect(() =>
      curve.calculateAgreement(Buffer.concat([Buffer.of(5, 1), Buffer.alloc(31)]), privKey),
    ).toThrow();
  });

  it('keeps the argument checks of libsignal', () => {
    const { pubKey, privKey } = curve.generateKeyPair();
    const signature = curve.calculateSignature(privKey, message('x'));
    expect(() => curve.verifySignature(pubKey.subarray(3), message('x'), signature)).toThrow();
    expect(() => curve.verifySignature(pubKey, message('x'), Buffer.alloc(63))).toThrow();
  });

  it('signs prekeys that the JavaScript accepts', () => {
    const identity = Curve.generateKeyPair();
    const prekey = signedKeyPair(identity, 1);
    const signed = Buffer.concat([Buffer.of(5), prekey.keyPair.public]);
    expect(plain.verify(identity.public, signed, prekey.signature)).toBe(true);
  });
});
