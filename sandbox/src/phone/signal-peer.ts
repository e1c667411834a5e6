import {
  GroupCipher,
  GroupSessionBuilder,
  type PreKeyBundleInput,
  ProtocolAddress,
  SenderKeyDistributionMessage,
  SenderKeyName,
  SessionBuilder,
  SessionCipher,
} from 'whatsapp-rust-bridge';
import { padMessage, unpadMessage } from './padding.js';
import type { SignalState } from './signal-state.js';

/** A device as Signal addresses it: the account's LID digits and the device number (0 is the phone). */
export interface DeviceAddress {
  user: string;
  device: number;
}

export interface Encrypted {
  type: 'pkmsg' | 'msg';
  ciphertext: Uint8Array;
}

/** A message that cannot be read. `duplicate` means that its key was used: it was read before. */
export class DecryptError extends Error {
  constructor(
    readonly problem: 'duplicate' | 'unreadable',
    message: string,
  ) {
    super(message);
    this.name = 'DecryptError';
  }
}

/**
 * Signal as a phone uses it: padded messages to and from single devices, and sender keys in groups.
 * Calls on one instance must not overlap: each reads a ratchet and writes it back. Each awaits the
 * bridge before it returns, for `using` frees what the bridge still works on.
 */
export class SignalPeer {
  constructor(private readonly state: SignalState) {}

  hasSession(to: DeviceAddress): boolean {
    return this.state.loadSession(`${to.user}.${to.device}`) !== undefined;
  }

  /** Starts a new session from a bundle of the server; the next message to the device is a `pkmsg`. */
  async startSession(to: DeviceAddress, bundle: PreKeyBundleInput): Promise<void> {
    using address = protocolAddress(to);
    using builder = new SessionBuilder(this.state, address);
    await asError(builder.processPreKeyBundle(bundle));
  }

  async encrypt(to: DeviceAddress, message: Uint8Array): Promise<Encrypted> {
    using address = protocolAddress(to);
    using cipher = new SessionCipher(this.state, address);
    const { type, body } = await asError(cipher.encrypt(padMessage(message)));
    return { type: type === 3 ? 'pkmsg' : 'msg', ciphertext: body };
  }

  /** @throws DecryptError */
  async decrypt(from: DeviceAddress, type: string, ciphertext: Uint8Array): Promise<Uint8Array> {
    using address = protocolAddress(from);
    using cipher = new SessionCipher(this.state, address);
    const padded =
      type === 'pkmsg'
        ? cipher.decryptPreKeyWhisperMessage(ciphertext)
        : cipher.decryptWhisperMessage(ciphertext);
    return unpadMessage(await asDecrypted(padded));
  }

  /** The own sender key of a group, to be given to every device that has not got it. */
  async senderKeyDistribution(group: string, self: DeviceAddress): Promise<Uint8Array> {
    using address = protocolAddress(self);
    using name = new SenderKeyName(group, address);
    using builder = new GroupSessionBuilder(this.state);
    using distribution = await asError(builder.create(name));
    return distribution.serialize();
  }

  /** The next message to the group is under a new key. */
  forgetSenderKey(group: string, self: DeviceAddress): void {
    using address = protocolAddress(self);
    using name = new SenderKeyName(group, address);
    this.state.removeSenderKey(name.toString());
  }

  async processSenderKey(group: string, from: DeviceAddress, bytes: Uint8Array): Promise<void> {
    using address = protocolAddress(from);
    using name = new SenderKeyName(group, address);
    using builder = new GroupSessionBuilder(this.state);
    using distribution = SenderKeyDistributionMessage.deserialize(bytes);
    await asError(builder.process(name, distribution));
  }

  async encryptForGroup(
    group: string,
    self: DeviceAddress,
    message: Uint8Array,
  ): Promise<Uint8Array> {
    using address = protocolAddress(self);
    using cipher = new GroupCipher(this.state, group, address);
    return await asError(cipher.encrypt(padMessage(message)));
  }

  /** @throws DecryptError */
  async decryptFromGroup(
    group: string,
    from: DeviceAddress,
    ciphertext: Uint8Array,
  ): Promise<Uint8Array> {
    using address = protocolAddress(from);
    using cipher = new GroupCipher(this.state, group, address);
    return unpadMessage(await asDecrypted(cipher.decrypt(ciphertext)));
  }
}

function protocolAddress(device: DeviceAddress): ProtocolAddress {
  return new ProtocolAddress(device.user, device.device);
}

/** The bridge rejects with plain strings; callers expect errors. */
async function asError<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (thrown) {
    throw thrown instanceof Error ? thrown : new Error(String(thrown));
  }
}

async function asDecrypted(work: Promise<Uint8Array>): Promise<Uint8Array> {
  try {
    return await work;
  } catch (thrown) {
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    const duplicate = /duplicat|old counter/i.test(text);
    throw new DecryptError(duplicate ? 'duplicate' : 'unreadable', text);
  }
}
