import type { Generated } from 'kysely';

/** Webhooks and their deliveries. */
export interface WebhookTables {
  /** Owner: consumers/webhooks. */
  webhooks: {
    id: string;
    owner_id: string;
    /** Null: all sessions of the owner. */
    session_id: string | null;
    name: string | null;
    url: string;
    /** Names as a JSON array; empty: all. */
    events: string;
    /** Jids as a JSON array; empty: all. */
    chats: string;
    /** Whether messages of the history wake it. */
    history: number;
    /** Whether a message comes with the engine's own encoding. */
    raw: number;
    enabled: number;
    /** Sealed. */
    secret: Uint8Array;
    /** Sealed: a JSON object of names and values. */
    headers: Uint8Array;
    /** It gets what comes after this position of the log. */
    from_position: number;
    created_at: number;
    updated_at: number;
  };

  /** Owner: consumers/webhooks. One event for one webhook, and what came of the attempts. */
  webhook_deliveries: {
    number: Generated<number>;
    id: string;
    webhook_id: string;
    event_id: string;
    event_name: string;
    /** 0: a test, which is no event of the log. */
    event_position: number;
    /** Empty: a test. */
    session_id: string;
    chat_id: string | null;
    cause: 'event' | 'redelivery' | 'test';
    state: 'pending' | 'delivered' | 'dead' | 'failed';
    attempts: number;
    /** The last attempts as a JSON array. */
    log: string;
    created_at: number;
    next_attempt_at: number | null;
    finished_at: number | null;
  };
}
