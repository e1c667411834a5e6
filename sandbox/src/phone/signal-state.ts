import { deserialize, serialize } from 'node:v8';
import {
  generateIdentityKeyPair,
  generatePreKey,
  generateRegistrationId,
  generateSignedPreKey,
  type KeyPair,
  type PreKey,
  type SignedPreKey,
} from 'whatsapp-rust-bridge';

const IDENTITY = 'identity';

/** Who a phone is, for Signal: made once, when the phone is added. Public keys have 33 bytes. */
export interface SignalIdentity {
  identity: KeyPair;
  registrationId: number;
  signedPreKey: SignedPreKey;
}

function createSignalIdentity(): SignalIdentity {
  const identity = generateIdentityKeyPair();
  return {
    identity,
    registrationId: generateRegistrationId(),
    signedPreKey: generateSignedPreKey(identity, 1),
  };
}

/** The identity in a phone's store, made when there is none. */
export function loadSignalIdentity(store: {
  get(key: string): Uint8Array | undefined;
  set(key: string, value: Uint8Array): void;
}): SignalIdentity {
  const stored = store.get(IDENTITY);
  if (stored) return decodeIdentity(stored);
  const identity = createSignalIdentity();
  store.set(IDENTITY, encodeIdentity(identity));
  return identity;
}

/** JSON with keys in base64. */
function encodeIdentity(own: SignalIdentity): Uint8Array {
  return Buffer.from(
    JSON.stringify(own, (_, value: unknown) =>
      value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value,
    ),
  );
}

function decodeIdentity(bytes: Uint8Array): SignalIdentity {
  return JSON.parse(Buffer.from(bytes).toString(), (_, value: unknown) =>
    isEncodedBytes(value) ? Buffer.from(value.base64, 'base64') : value,
  ) as SignalIdentity;
}

function isEncodedBytes(value: unknown): value is { base64: string } {
  return typeof value === 'object' && value !== null && 'base64' in value;
}

/** Bytes by key, as the store keeps them for one phone. Writes are durable once the phone's step is committed. */
export interface SignalRecords {
  get(key: string): Uint8Array | undefined;
  set(key: string, value: Uint8Array | null): void;
}

const sessionKey = (address: string) => `session/${address}`;
const preKeyKey = (id: number) => `prekey/${id}`;
const senderKeyKey = (name: string) => `senderkey/${name}`;

/** One Signal session with a device. There may be several, when both sides began at once. */
export interface StoredSession {
  /** The one who began it made this key; undefined when it was this phone. */
  baseKey?: Uint8Array;
  record: Uint8Array;
}

/** A phone's Signal keys, over its records. */
export class SignalState {
  constructor(
    readonly own: SignalIdentity,
    private readonly records: SignalRecords,
  ) {}

  /** The sessions with a device, the one to write with first. */
  sessions(address: string): StoredSession[] {
    const bytes = this.records.get(sessionKey(address));
    return bytes ? (deserialize(bytes) as StoredSession[]) : [];
  }

  storeSessions(address: string, sessions: StoredSession[]): void {
    this.records.set(sessionKey(address), serialize(sessions));
  }

  getOurIdentity(): KeyPair {
    return this.own.identity;
  }

  getOurRegistrationId(): number {
    return this.own.registrationId;
  }

  /** A phone trusts whom it meets, as WhatsApp's own clients do: a changed identity is taken as a new device. */
  isTrustedIdentity(): boolean {
    return true;
  }

  loadPreKey(id: number): KeyPair | undefined {
    const bytes = this.records.get(preKeyKey(id));
    return bytes && { pubKey: bytes.subarray(0, 33), privKey: bytes.subarray(33) };
  }

  removePreKey(id: number): void {
    this.records.set(preKeyKey(id), null);
  }

  loadSignedPreKey(id: number): SignedPreKey | undefined {
    return id === this.own.signedPreKey.keyId ? this.own.signedPreKey : undefined;
  }

  loadSenderKey(name: string): Uint8Array | undefined {
    return this.records.get(senderKeyKey(name));
  }

  storeSenderKey(name: string, record: Uint8Array): void {
    this.records.set(senderKeyKey(name), record);
  }

  removeSenderKey(name: string): void {
    this.records.set(senderKeyKey(name), null);
  }

  /** Makes one-time prekeys and keeps their private halves; the public ones are for the server's bundles. */
  createPreKeys(firstId: number, count: number): PreKey[] {
    return Array.from({ length: count }, (_, index) => {
      const preKey = generatePreKey(firstId + index);
      const { pubKey, privKey } = preKey.keyPair;
      this.records.set(preKeyKey(preKey.keyId), Buffer.concat([pubKey, privKey]));
      return preKey;
    });
  }
}
