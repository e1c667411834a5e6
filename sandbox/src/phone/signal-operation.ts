import type { KeyPair, SessionRecord, SignalStorage, SignedPreKey } from 'whatsapp-rust-bridge';
import type { SignalState, StoredSession } from './signal-state.js';

/**
 * The key store that whatsapp-rust-bridge sees during one operation, in at most one session. What it
 * writes to that session is held here: the caller takes it when the operation succeeded.
 */
export class SignalOperation implements SignalStorage {
  private written: Uint8Array | undefined;

  constructor(
    private readonly state: SignalState,
    private readonly session: Partial<StoredSession> = {},
  ) {}

  /** The session after the operation. */
  outcome(): StoredSession {
    const record = this.written ?? this.session.record;
    if (!record) throw new Error('the Signal operation left no session');
    return this.session.baseKey ? { baseKey: this.session.baseKey, record } : { record };
  }

  loadSession(): Uint8Array | undefined {
    return this.written ?? this.session.record;
  }

  storeSession(_address: string, record: SessionRecord): void {
    this.written = record.serialize();
  }

  getOurIdentity(): KeyPair {
    return this.state.getOurIdentity();
  }

  getOurRegistrationId(): number {
    return this.state.getOurRegistrationId();
  }

  isTrustedIdentity(): boolean {
    return this.state.isTrustedIdentity();
  }

  loadPreKey(id: number): KeyPair | undefined {
    return this.state.loadPreKey(id);
  }

  removePreKey(id: number): void {
    this.state.removePreKey(id);
  }

  loadSignedPreKey(id: number): SignedPreKey | undefined {
    return this.state.loadSignedPreKey(id);
  }

  loadSenderKey(name: string): Uint8Array | undefined {
    return this.state.loadSenderKey(name);
  }

  storeSenderKey(name: string, record: Uint8Array): void {
    this.state.storeSenderKey(name, record);
  }
}
