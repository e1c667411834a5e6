import { randomBytes } from 'node:crypto';
import type { AuthenticationCreds } from 'baileys';
import { configureSuccessfulPairing } from 'baileys/lib/Utils/validate-connection.js';
import {
  type BinaryNode,
  getBinaryNodeChild,
  getBinaryNodeChildBuffer,
} from 'baileys/lib/WABinary/index.js';
import { proto } from 'baileys/WAProto/index.js';
import { describe, expect, it } from 'vitest';
import { generateIdentityKeyPair } from 'whatsapp-rust-bridge';
import { rawKey, signDeviceIdentity, verifySignedDevice } from './device-identity.js';

const account = generateIdentityKeyPair();
const companion = generateIdentityKeyPair();
const advSecret = randomBytes(32);

function deviceIdentity(): Uint8Array {
  return signDeviceIdentity({
    accountPrivateKey: account.privKey,
    accountPublicKey: account.pubKey,
    companionIdentityKey: companion.pubKey,
    advSecret,
    rawId: 77,
    keyIndex: 3,
    timestamp: 1_700_000_000,
  });
}

/** What a real companion answers to `pair-success`. */
function answerOf(secret: Uint8Array, identity: Uint8Array): BinaryNode {
  const stanza: BinaryNode = {
    tag: 'iq',
    attrs: { id: '1' },
    content: [
      {
        tag: 'pair-success',
        attrs: {},
        content: [
          { tag: 'device-identity', attrs: {}, content: identity },
          { tag: 'device', attrs: { jid: '51999:1@s.whatsapp.net', lid: '77:1@lid' } },
        ],
      },
    ],
  };
  const creds = {
    advSecretKey: Buffer.from(secret).toString('base64'),
    signedIdentityKey: {
      private: Buffer.from(companion.privKey),
      public: Buffer.from(rawKey(companion.pubKey)),
    },
    signalIdentities: [],
  } as unknown as AuthenticationCreds;
  return configureSuccessfulPairing(stanza, creds).reply;
}

function signedDevice(reply: BinaryNode): Uint8Array {
  const sign = getBinaryNodeChild(reply, 'pair-device-sign');
  return getBinaryNodeChildBuffer(sign, 'device-identity')!;
}

describe('device identity', () => {
  it('is accepted by baileys, whose answer is signed by both sides', () => {
    const reply = answerOf(advSecret, deviceIdentity());
    const sign = getBinaryNodeChild(reply, 'pair-device-sign');
    expect(getBinaryNodeChild(sign, 'device-identity')?.attrs['key-index']).toBe('3');
    const answer = signedDevice(reply);
    expect(verifySignedDevice(answer, account.pubKey, companion.pubKey)).toBe(true);
  });

  it('is refused by baileys when it was made with another secret', () => {
    expect(() => answerOf(randomBytes(32), deviceIdentity())).toThrow('Invalid account signature');
  });

  it('does not verify for another account, another companion, or changed bytes', () => {
    const answer = signedDevice(answerOf(advSecret, deviceIdentity()));
    const stranger = generateIdentityKeyPair();
    expect(verifySignedDevice(answer, stranger.pubKey, companion.pubKey)).toBe(false);
    expect(verifySignedDevice(answer, account.pubKey, stranger.pubKey)).toBe(false);
    const changed = proto.ADVSignedDeviceIdentity.decode(answer);
    changed.deviceSignature![5]! ^= 1;
    const bytes = proto.ADVSignedDeviceIdentity.encode(changed).finish();
    expect(verifySignedDevice(bytes, account.pubKey, companion.pubKey)).toBe(false);
  });
});
