import './index.js';
import { createHmac } from 'node:crypto';
import { type BinaryNode, Curve, configureSuccessfulPairing, initAuthCreds, proto } from 'baileys';
import { describe, expect, it } from 'vitest';

/** What WhatsApp tells a new companion, signed by `signer` in the name of `phone`. */
function pairSuccess(
  signer: ReturnType<typeof Curve.generateKeyPair>,
  phone = signer,
): {
  stanza: BinaryNode;
  creds: ReturnType<typeof initAuthCreds>;
} {
  const creds = initAuthCreds();
  const device = { rawId: 1, timestamp: 1, keyIndex: 1, accountType: 0, deviceType: 0 };
  const details = proto.ADVDeviceIdentity.encode(device).finish();
  const signed = Buffer.concat([Buffer.of(6, 0), details, creds.signedIdentityKey.public]);
  const identity = proto.ADVSignedDeviceIdentity.encode({
    details,
    accountSignatureKey: phone.public,
    accountSignature: Curve.sign(signer.private, signed),
  }).finish();
  const secret = Buffer.from(creds.advSecretKey, 'base64');
  const hmac = createHmac('sha256', secret).update(identity).digest();
  const content = proto.ADVSignedDeviceIdentityHMAC.encode({ details: identity, hmac }).finish();
  const children: BinaryNode[] = [
    { tag: 'device-identity', attrs: {}, content },
    { tag: 'device', attrs: { jid: '1:1@s.whatsapp.net', lid: '2:1@lid' } },
  ];
  const pairing: BinaryNode = { tag: 'pair-success', attrs: {}, content: children };
  return { stanza: { tag: 'iq', attrs: { id: '1' }, content: [pairing] }, creds };
}

describe('account signature at pairing', () => {
  it("is accepted when it is the phone's", () => {
    const { stanza, creds } = pairSuccess(Curve.generateKeyPair());
    expect(configureSuccessfulPairing(stanza, creds).creds.me?.id).toBe('1:1@s.whatsapp.net');
  });

  it("is refused when it is another's", () => {
    const { stanza, creds } = pairSuccess(Curve.generateKeyPair(), Curve.generateKeyPair());
    expect(() => configureSuccessfulPairing(stanza, creds)).toThrow('verify account signature');
  });
});
