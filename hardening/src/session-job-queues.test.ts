import './index.js';
import {
  addTransactionCapability,
  Curve,
  initAuthCreds,
  makeCacheableSignalKeyStore,
  type SignalDataSet,
  type SignalKeyStore,
  signedKeyPair,
} from 'baileys';
import { makeLibSignalRepository } from 'baileys/lib/Signal/libsignal.js';
import pino from 'pino';
import { describe, expect, it } from 'vitest';

const logger = pino({ level: 'silent' });

/** A Signal repository as one socket has it, whose key store waits for `gate`. */
function account(gate: Promise<void> = Promise.resolve()) {
  const creds = initAuthCreds();
  const stored = new Map<string, unknown>();
  const store: SignalKeyStore = {
    get: async (type, ids) => {
      await gate;
      const found = ids.map((id) => [id, stored.get(`${type}/${id}`)]);
      return Object.fromEntries(found.filter(([, value]) => value));
    },
    set: async (data: SignalDataSet) => {
      for (const [type, entries] of Object.entries(data)) {
        for (const [id, value] of Object.entries(entries)) stored.set(`${type}/${id}`, value);
      }
    },
  };
  const keys = addTransactionCapability(store, logger, {
    maxCommitRetries: 1,
    delayBetweenTriesMs: 1,
  });
  return { creds, repository: makeLibSignalRepository({ creds, keys }, logger, undefined) };
}

const contact = '111222333@lid';
const prefixed = (key: Uint8Array) => Buffer.concat([Buffer.of(5), key]);

function bundleOf(identity: ReturnType<typeof Curve.generateKeyPair>) {
  const signed = signedKeyPair(identity, 1);
  return {
    registrationId: 7,
    identityKey: prefixed(identity.public),
    signedPreKey: {
      keyId: 1,
      publicKey: prefixed(signed.keyPair.public),
      signature: signed.signature,
    },
    preKey: { keyId: 5, publicKey: prefixed(Curve.generateKeyPair().public) },
  };
}

describe('job queues of libsignal', () => {
  it('do not make accounts with a common contact wait for each other', async () => {
    let open = () => {};
    const slow = account(new Promise((resolve) => (open = resolve)));
    const quick = account();
    const identity = Curve.generateKeyPair();
    const inject = (who: typeof slow) =>
      who.repository.injectE2ESession({ jid: contact, session: bundleOf(identity) });

    let slowDone = false;
    const waiting = inject(slow).then(() => (slowDone = true));
    await inject(quick);
    const { type } = await quick.repository.encryptMessage({ jid: contact, data: Buffer.of(1) });
    expect(type).toBe('pkmsg');
    expect(slowDone).toBe(false);
    open();
    await waiting;
  });

  it('keep the order of one account, and go on after a failure', async () => {
    const one = account();
    await one.repository.injectE2ESession({
      jid: contact,
      session: bundleOf(Curve.generateKeyPair()),
    });
    const results = await Promise.allSettled([
      one.repository.encryptMessage({ jid: contact, data: Buffer.of(1) }),
      one.repository.decryptMessage({ jid: contact, type: 'msg', ciphertext: Buffer.of(1, 2, 3) }),
      one.repository.encryptMessage({ jid: contact, data: Buffer.of(2) }),
    ]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('let two accounts talk: what one encrypts the other decrypts', async () => {
    const alice = account();
    const bob = account();
    const prekey = Curve.generateKeyPair();
    const bobKeys = makeCacheableSignalKeyStore({ get: async () => ({}), set: async () => {} });
    await bobKeys.set({ 'pre-key': { '9': prekey } });
    const bobRepository = makeLibSignalRepository(
      {
        creds: bob.creds,
        keys: addTransactionCapability(bobKeys, logger, {
          maxCommitRetries: 1,
          delayBetweenTriesMs: 1,
        }),
      },
      logger,
      undefined,
    );
    await alice.repository.injectE2ESession({
      jid: '2@lid',
      session: {
        registrationId: bob.creds.registrationId,
        identityKey: prefixed(bob.creds.signedIdentityKey.public),
        signedPreKey: {
          keyId: bob.creds.signedPreKey.keyId,
          publicKey: prefixed(bob.creds.signedPreKey.keyPair.public),
          signature: bob.creds.signedPreKey.signature,
        },
        preKey: { keyId: 9, publicKey: prefixed(prekey.public) },
      },
    });
    const sent = await alice.repository.encryptMessage({
      jid: '2@lid',
      data: Buffer.from('hello'),
    });
    const got = await bobRepository.decryptMessage({ jid: '1@lid', ...sent });
    expect(Buffer.from(got).toString()).toBe('hello');
  });
});
