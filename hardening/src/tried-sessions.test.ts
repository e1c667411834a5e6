import './index.js';
import { describe, expect, it } from 'vitest';
import { libsignal, type SignalSession } from './libsignal.js';

/** A session as libsignal keeps it, with a receiving chain of its own. */
function session(name: number): SignalSession {
  const bytes = (length: number) => Buffer.alloc(length, name).toString('base64');
  const Session = libsignal().SessionRecord.createEntry().constructor as unknown as {
    deserialize(data: unknown): SignalSession;
  };
  return Session.deserialize({
    registrationId: name,
    currentRatchet: {
      ephemeralKeyPair: { pubKey: bytes(33), privKey: bytes(32) },
      lastRemoteEphemeralKey: bytes(33),
      previousCounter: 0,
      rootKey: bytes(32),
    },
    indexInfo: {
      baseKey: bytes(33),
      baseKeyType: 1,
      closed: -1,
      used: 0,
      created: 0,
      remoteIdentityKey: bytes(33),
    },
    _chains: {
      [bytes(33)]: { chainKey: { counter: -1, key: bytes(32) }, chainType: 2, messageKeys: {} },
    },
  });
}

describe('sessions of a contact, tried one after another', () => {
  it('are left alone by a message that they do not open', async () => {
    const { SessionCipher } = libsignal();
    const cipher = Object.create(SessionCipher.prototype) as typeof SessionCipher.prototype;
    Object.assign(cipher, {
      storage: { getOurIdentity: async () => ({ pubKey: Buffer.alloc(33, 9) }) },
    });
    const sessions = [session(1), session(2)];
    const before = sessions.map((one) => JSON.stringify(one.serialize()));
    // Counter 3 of a chain that the first session has; its MAC is wrong for everybody.
    const key = Buffer.alloc(33, 1);
    const body = Buffer.concat([
      Buffer.from([0x0a, 33]),
      key,
      Buffer.from([0x10, 3, 0x18, 0, 0x22, 16]),
      Buffer.alloc(16, 7),
    ]);
    const message = Buffer.concat([Buffer.from([0x33]), body, Buffer.alloc(8, 1)]);
    await expect(cipher.decryptWithSessions(message, sessions)).rejects.toThrow('No matching');
    expect(sessions.map((one) => JSON.stringify(one.serialize()))).toEqual(before);
  });
});
