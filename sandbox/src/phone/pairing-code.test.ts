import { createCipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { calculateAgreement, generateKeyPair, type KeyPair } from 'whatsapp-rust-bridge';
import { rawKey, signalKey } from './device-identity.js';
import {
  normalizePairingCode,
  openKeyBundle,
  unwrapEphemeralKey,
  wrapEphemeralKey,
} from './pairing-code.js';

const CODE = 'ABCD2345';

/** The companion's last step, as baileys does it on `primary_hello`. */
function companionFinish(ephemeral: KeyPair, phoneEphemeral: Uint8Array, phoneId: Uint8Array) {
  const identity = generateKeyPair();
  const shared = calculateAgreement(signalKey(phoneEphemeral), ephemeral.privKey);
  const [salt, iv, random] = [randomBytes(32), randomBytes(12), randomBytes(32)];
  const info = 'link_code_pairing_key_bundle_encryption_key';
  const key = Buffer.from(hkdfSync('sha256', shared, salt, info, 32));
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const plain = Buffer.concat([rawKey(identity.pubKey), rawKey(phoneId), random]);
  const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  const identities = calculateAgreement(signalKey(phoneId), identity.privKey);
  const secret = Buffer.concat([shared, identities, random]);
  return {
    wrappedBundle: Buffer.concat([salt, iv, sealed]),
    companionIdentity: rawKey(identity.pubKey),
    advSecret: Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), 'adv_secret', 32)),
  };
}

async function pair(shown: string, typed: string) {
  const companionEphemeral = generateKeyPair();
  const phoneEphemeral = generateKeyPair();
  const phoneIdentity = generateKeyPair();
  const hello = await wrapEphemeralKey(shown, companionEphemeral.pubKey);
  const answer = await wrapEphemeralKey(typed, phoneEphemeral.pubKey);
  const finish = companionFinish(
    companionEphemeral,
    await unwrapEphemeralKey(shown, answer),
    phoneIdentity.pubKey,
  );
  const opened = openKeyBundle({
    ...finish,
    phoneEphemeral,
    phoneIdentity,
    companionEphemeral: await unwrapEphemeralKey(typed, hello),
  });
  return { companion: finish.advSecret, phone: opened.advSecret };
}

describe('pairing code', () => {
  it('gives both sides the same secret', async () => {
    const { companion, phone } = await pair(CODE, CODE);
    expect(Buffer.from(phone).equals(companion)).toBe(true);
  });

  it('refuses a wrong code', async () => {
    await expect(pair(CODE, 'ABCD2346')).rejects.toMatchObject({ code: 'code_wrong' });
  });

  it('takes the code as people type it', () => {
    expect(normalizePairingCode(' abcd-2345 ')).toBe(CODE);
    expect(() => normalizePairingCode('ABCD-234')).toThrow(/eight letters/);
  });
});
