import type { Generated } from 'kysely';

/** What is to be sent. */
export interface OutboxTables {
  /** Owner: outbox. A row until WhatsApp acknowledged or refused the message. */
  outbox: {
    session_id: string;
    message_id: string;
    chat_jid: string;
    /**
     * queued: certainly not sent. written: given to the connection that is open now, so that what
     * follows it in its chat cannot overtake it. sending: it may have left, by an earlier connection
     * or in a try that failed.
     */
    state: 'queued' | 'sending' | 'written';
    attempts: number;
    /** Not looked at before; for what was handed over: when its ack is overdue. */
    due_at: number;
    /** Its place in its chat: when it was accepted, or its schedule. */
    send_at: number;
    /** Not handed over for the first time after this. */
    expires_at: number | null;
    created_at: number;
    /** Order of acceptance. */
    number: Generated<number>;
  };

  /** Owner: outbox. What was accepted under a key of the client's, until it expires. */
  idempotency_keys: {
    owner_id: string;
    session_id: string;
    key: string;
    /** SHA-256 of the request, hexadecimal. */
    digest: string;
    message_id: string;
    expires_at: number;
  };

  /** Owner: outbox. How many messages a session handed over in which second since the epoch. */
  sends_by_second: { session_id: string; second: number; sent: number; new_chats: number };
}
