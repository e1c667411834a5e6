import { proto } from 'baileys/WAProto/index.js';
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
import { SignalOperation } from './signal-operation.js';
import type { SignalState, StoredSession } from './signal-state.js';

/** Older sessions are kept for what is still on its way in them. */
const MOST_SESSIONS = 8;

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
    return this.state.sessions(sessionAddress(to)).length > 0;
  }

  /** Starts a new session from a bundle of the server; the next message to the device is a `pkmsg`. */
  async startSession(to: DeviceAddress, bundle: PreKeyBundleInput): Promise<void> {
    using address = protocolAddress(to);
    const operation = new SignalOperation(this.state);
    using builder = new SessionBuilder(operation, address);
    await asError(builder.processPreKeyBundle(bundle));
    this.keep(to, operation.outcome(), this.state.sessions(sessionAddress(to)));
  }

  async encrypt(to: DeviceAddress, message: Uint8Array): Promise<Encrypted> {
    using address = protocolAddress(to);
    const [current, ...others] = this.state.sessions(sessionAddress(to));
    const operation = new SignalOperation(this.state, current);
    using cipher = new SessionCipher(operation, address);
    const { type, body } = await asError(cipher.encrypt(padMessage(message)));
    this.keep(to, operation.outcome(), others);
    return { type: type === 3 ? 'pkmsg' : 'msg', ciphertext: body };
  }

  /**
   * Tries each session with the device by itself: an attempt with the wrong one must leave no trace in
   * it. The one that fits becomes the one to write with, so that both sides come to use the same.
   * @throws DecryptError
   */
  async decrypt(from: DeviceAddress, type: string, ciphertext: Uint8Array): Promise<Uint8Array> {
    const sessions = this.state.sessions(sessionAddress(from));
    let failure: DecryptError | undefined;
    for (const session of type === 'pkmsg' ? [sessionOf(sessions, ciphertext)] : sessions) {
      const operation = new SignalOperation(this.state, session);
      try {
        const padded = await this.decryptIn(operation, from, type, ciphertext);
        const others = sessions.filter((each) => each !== session);
        this.keep(from, operation.outcome(), others);
        return unpadMessage(padded);
      } catch (error) {
        if (!(error instanceof DecryptError)) throw error;
        if (failure?.problem !== 'duplicate') failure = error;
      }
    }
    throw failure ?? new DecryptError('unreadable', 'there is no session with the device');
  }

  private async decryptIn(
    operation: SignalOperation,
    from: DeviceAddress,
    type: string,
    ciphertext: Uint8Array,
  ): Promise<Uint8Array> {
    using address = protocolAddress(from);
    using cipher = new SessionCipher(operation, address);
    return await asDecrypted(
      type === 'pkmsg'
        ? cipher.decryptPreKeyWhisperMessage(ciphertext)
        : cipher.decryptWhisperMessage(ciphertext),
    );
  }

  private keep(device: DeviceAddress, current: StoredSession, others: StoredSession[]): void {
    this.state.storeSessions(sessionAddress(device), [current, ...others].slice(0, MOST_SESSIONS));
  }

  /** The own sender key of a group, to be given to every device that has not got it. */
  async senderKeyDistribution(group: string, self: DeviceAddress): Promise<Uint8Array> {
    using address = protocolAddress(self);
    using name = new SenderKeyName(group, address);
    using builder = new GroupSessionBuilder(new SignalOperation(this.state));
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
    using builder = new GroupSessionBuilder(new SignalOperation(this.state));
    using distribution = SenderKeyDistributionMessage.deserialize(bytes);
    await asError(builder.process(name, distribution));
  }

  async encryptForGroup(
    group: string,
    self: DeviceAddress,
    message: Uint8Array,
  ): Promise<Uint8Array> {
    using address = protocolAddress(self);
    using cipher = new GroupCipher(new SignalOperation(this.state), group, address);
    return await asError(cipher.encrypt(padMessage(message)));
  }

  /** @throws DecryptError */
  async decryptFromGroup(
    group: string,
    from: DeviceAddress,
    ciphertext: Uint8Array,
  ): Promise<Uint8Array> {
    using address = protocolAddress(from);
    using cipher = new GroupCipher(new SignalOperation(this.state), group, address);
    return unpadMessage(await asDecrypted(cipher.decrypt(ciphertext)));
  }
}

/** The session that a `pkmsg` belongs to: one that it began before, or a new one. */
function sessionOf(sessions: StoredSession[], ciphertext: Uint8Array): Partial<StoredSession> {
  // The first byte is the version, the rest a PreKeySignalMessage.
  const { baseKey } = proto.PreKeySignalMessage.decode(ciphertext.subarray(1));
  const known = sessions.find(
    (each) => each.baseKey && baseKey && Buffer.from(baseKey).equals(each.baseKey),
  );
  return known ?? { baseKey: Buffer.from(baseKey ?? []) };
}

const sessionAddress = ({ user, device }: DeviceAddress): string => `${user}.${device}`;

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
