import type { Generated } from 'kysely';

/** Users, how they are let in, what is shared with them, and what was done. */
export interface AccessTables {
  /** Owner: auth. Removed ones stay, without e-mail and password, for what they did has their name. */
  users: {
    id: string;
    /** In lower case. */
    email: string | null;
    name: string;
    role: 'admin' | 'agent';
    password_hash: string | null;
    /** Digits in international form. */
    whatsapp_phone: string | null;
    /** Whether the first steps were taken or skipped. */
    onboarded: number;
    created_at: number;
    removed_at: number | null;
  };

  /** Owner: auth. Browsers that somebody signed in with; of the cookie only its hash. */
  logins: {
    id: string;
    user_id: string;
    token_hash: string;
    address: string;
    /** The browser's own name for itself. */
    browser: string;
    created_at: number;
    used_at: number;
    expires_at: number;
  };

  /** Owner: auth. Invitations and resets of passwords; of the link only its hash. */
  one_time_links: {
    id: string;
    kind: 'invitation' | 'reset';
    token_hash: string;
    /** Of a reset: whose password. */
    user_id: string | null;
    /** Of an invitation: for whom, where that is said. */
    email: string | null;
    role: 'admin' | 'agent';
    created_by: string;
    created_at: number;
    expires_at: number;
    used_at: number | null;
  };

  /** Owner: auth. */
  api_keys: {
    id: string;
    user_id: string;
    name: string;
    key_hash: string;
    /** The end of the key, by which its user knows it. */
    hint: string;
    /** A JSON array of actions. */
    actions: string;
    /** A JSON array of session ids; null: all that its user may use. */
    sessions: string | null;
    created_at: number;
    expires_at: number | null;
    used_at: number | null;
    revoked_at: number | null;
  };

  /** Owner: auth. `user_id` `*`: everybody. */
  session_shares: { session_id: string; user_id: string; created_at: number };

  /** Owner: auth. What was done to users, keys, shares and accounts, and by whom. */
  audit: {
    number: Generated<number>;
    at: number;
    user_id: string;
    via: string;
    key_id: string | null;
    action: string;
    /** The id of what it was done to. */
    target: string | null;
    address: string;
    /** A JSON object without secrets. */
    details: string;
  };
}
