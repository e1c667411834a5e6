import { describe, expect, it } from 'vitest';
import type { PreKeyBundleInput } from 'whatsapp-rust-bridge';
import { padMessage, unpadMessage } from './padding.js';
import { type DeviceAddress, SignalPeer } from './signal-peer.js';
import { loadSignalIdentity, SignalState } from './signal-state.js';

const GROUP = '120363000000000001@g.us';

function party(user: string) {
  const bytes = new Map<string, Uint8Array>();
  const records = {
    get: (key: string) => bytes.get(key),
    set: (key: string, value: Uint8Array | null) => {
      if (value) bytes.set(key, value);
      else bytes.delete(key);
    },
  };
  const open = () => new SignalState(loadSignalIdentity(records), records);
  const state = open();
  const [preKey] = state.createPreKeys(1, 1);
  const bundle: PreKeyBundleInput = {
    registrationId: state.own.registrationId,
    identityKey: state.own.identity.pubKey,
    preKey: { keyId: 1, publicKey: preKey!.keyPair.pubKey },
    signedPreKey: {
      keyId: state.own.signedPreKey.keyId,
      publicKey: state.own.signedPreKey.keyPair.pubKey,
      signature: state.own.signedPreKey.signature,
    },
  };
  const address: DeviceAddress = { user, device: 0 };
  return { address, bundle, peer: new SignalPeer(state), reopened: () => new SignalPeer(open()) };
}

const text = (value: string) => Buffer.from(value);
const read = (bytes: Uint8Array) => Buffer.from(bytes).toString();

describe('SignalPeer', () => {
  it('talks both ways, and goes on from what was stored', async () => {
    const [ana, bruno] = [party('1'), party('2')];
    await ana.peer.startSession(bruno.address, bruno.bundle);
    const first = await ana.peer.encrypt(bruno.address, text('hello'));
    expect(first.type).toBe('pkmsg');
    const received = await bruno.peer.decrypt(ana.address, first.type, first.ciphertext);
    expect(read(received)).toBe('hello');
    const answer = await bruno.reopened().encrypt(ana.address, text('back'));
    expect(answer.type).toBe('msg');
    const back = await ana.reopened().decrypt(bruno.address, answer.type, answer.ciphertext);
    expect(read(back)).toBe('back');
  });

  it('tells a copy from what it cannot read', async () => {
    const [ana, bruno] = [party('1'), party('2')];
    await ana.peer.startSession(bruno.address, bruno.bundle);
    const first = await ana.peer.encrypt(bruno.address, text('one'));
    await bruno.peer.decrypt(ana.address, first.type, first.ciphertext);
    const answer = await bruno.peer.encrypt(ana.address, text('two'));
    await ana.peer.decrypt(bruno.address, answer.type, answer.ciphertext);
    await expect(
      ana.peer.decrypt(bruno.address, answer.type, answer.ciphertext),
    ).rejects.toMatchObject({ problem: 'duplicate' });
    await expect(
      ana.peer.decrypt({ user: '9', device: 4 }, answer.type, answer.ciphertext),
    ).rejects.toMatchObject({ problem: 'unreadable' });
    const next = await bruno.peer.encrypt(ana.address, text('three'));
    const damaged = Buffer.from(next.ciphertext);
    damaged[damaged.length - 12]! ^= 1;
    await expect(ana.peer.decrypt(bruno.address, 'msg', damaged)).rejects.toMatchObject({
      problem: 'unreadable',
    });
  });

  it('can still read what was sent in the session before a new one', async () => {
    const [ana, bruno] = [party('1'), party('2')];
    await ana.peer.startSession(bruno.address, bruno.bundle);
    const first = await ana.peer.encrypt(bruno.address, text('old'));
    await bruno.peer.decrypt(ana.address, first.type, first.ciphertext);
    const late = await bruno.peer.encrypt(ana.address, text('late'));
    await ana.peer.startSession(bruno.address, bruno.bundle);
    expect(read(await ana.peer.decrypt(bruno.address, late.type, late.ciphertext))).toBe('late');
  });

  it('reads everything when both began a session at once and messages cross', async () => {
    const [ana, bruno] = [party('1'), party('2')];
    await ana.peer.startSession(bruno.address, bruno.bundle);
    await bruno.peer.startSession(ana.address, ana.bundle);
    const inFlight: [SignalPeer, DeviceAddress, string, string, Uint8Array][] = [];
    const types = new Set<string>();
    const deliver = async () => {
      const [to, from, expected, type, ciphertext] = inFlight.shift()!;
      types.add(type);
      expect(read(await to.decrypt(from, type, ciphertext))).toBe(expected);
    };
    for (let i = 0; i < 40; i++) {
      const [from, to] = i % 2 ? [ana, bruno] : [bruno, ana];
      const sent = await from.peer.encrypt(to.address, text(`${i}`));
      inFlight.push([to.peer, from.address, `${i}`, sent.type, sent.ciphertext]);
      if (inFlight.length > 5) await deliver();
    }
    while (inFlight.length > 0) await deliver();
    expect(types).toEqual(new Set(['pkmsg', 'msg']));
  });

  it('gives a group one sender key, and a new one when it was forgotten', async () => {
    const [ana, bruno] = [party('1'), party('2')];
    const key = await ana.peer.senderKeyDistribution(GROUP, ana.address);
    const sealed = await ana.peer.encryptForGroup(GROUP, ana.address, text('all'));
    await expect(bruno.peer.decryptFromGroup(GROUP, ana.address, sealed)).rejects.toMatchObject({
      problem: 'unreadable',
    });
    await bruno.peer.processSenderKey(GROUP, ana.address, key);
    expect(read(await bruno.peer.decryptFromGroup(GROUP, ana.address, sealed))).toBe('all');
    await expect(bruno.peer.decryptFromGroup(GROUP, ana.address, sealed)).rejects.toMatchObject({
      problem: 'duplicate',
    });
    ana.peer.forgetSenderKey(GROUP, ana.address);
    await ana.peer.senderKeyDistribution(GROUP, ana.address);
    const later = await ana.peer.encryptForGroup(GROUP, ana.address, text('without you'));
    await expect(bruno.peer.decryptFromGroup(GROUP, ana.address, later)).rejects.toThrow();
  });
});

describe('message padding', () => {
  it('is taken off again, whatever its length', () => {
    for (let length = 1; length <= 16; length++) {
      expect(read(unpadMessage(padMessage(text('x'), length)))).toBe('x');
    }
  });

  it('is refused when it cannot be', () => {
    expect(() => unpadMessage(Buffer.from([1, 2, 17]))).toThrow(/padding/);
    expect(() => unpadMessage(Buffer.alloc(0))).toThrow(/padding/);
  });
});
