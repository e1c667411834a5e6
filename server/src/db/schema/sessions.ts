import type { EngineKind, SessionStatus, StatusAction, StatusReason } from '@patchbay/contract';

/** Sessions, their keys and settings, and the settings of the server. */
export interface SessionTables {
  /** Owner: db (secret check), auth (hash of the instance key), sessions (client version). */
  settings: { key: string; value: string };

  /** Owner: sessions. */
  sessions: {
    id: string;
    owner_id: string;
    slot: number;
    engine: EngineKind;
    /** Fencing token: grows each time an engine is opened; writes of an older engine fail. */
    epoch: number;
    /** The worker that owns it (see `workers`); null: nobody, or there is one process only. */
    worker_id: string | null;
    /** Whether it should be up: restored at start. */
    wanted: number;
    status: SessionStatus;
    reason: StatusReason;
    action: StatusAction;
    attempt: number;
    status_since: number;
    next_attempt_at: number | null;
    /** Whether its credentials belong to a device that a phone accepted. */
    linked: number;
    jid: string | null;
    lid: string | null;
    /** The name that the user gave the account. */
    label: string | null;
    /** The name that the owner of the number chose; until it is known, the label. */
    display_name: string | null;
    /** Number of the last event; counts within the session. */
    event_sequence: number;
    /** Sealed: a QR holds the secret that links a device. */
    link_code: Uint8Array | null;
    link_code_kind: 'qr' | 'pairing-code' | null;
    link_code_at: number | null;
    link_code_expires_at: number | null;
    last_seen_at: number | null;
    created_at: number;
  };

  /** Owner: sessions (auth-store.ts). Credentials and Signal keys, sealed, a row per key. */
  session_keys: { session_id: string; kind: string; id: string; value: Uint8Array };

  /**
   * What WhatsApp handed over and may hand over again, sealed: plaintexts under the digest of their
   * ciphertext, and whole stanzas under their id. Owner: sessions.
   */
  stanza_journal: {
    session_id: string;
    name: string;
    kind: 'opened' | 'stanza';
    value: Uint8Array;
    at: number;
  };

  /** Owner: sessions. What was set, as JSON; the rest is the default. */
  session_settings: { session_id: string; settings: string };

  /** Owner: notifications. The session that a user has chosen for the notification API. */
  default_sessions: { user_id: string; session_id: string };
}
