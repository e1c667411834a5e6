import type {
  ChatStatus,
  EngineKind,
  GroupRole,
  MessageStatus,
  SendFailureCode,
  SessionStatus,
  StatusAction,
  StatusReason,
} from '@patchbay/contract';
import type { Generated } from 'kysely';

/** Times are milliseconds since the epoch, flags are 0 or 1, JSON is text, on both databases. */
export interface Schema {
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

  /** Owner: event-log. `position` is the cursor of every reader. */
  events: {
    position: Generated<number>;
    owner_id: string;
    session_id: string;
    sequence: number;
    name: string;
    data: string;
    at: number;
  };

  /** Owner: chats. */
  chats: {
    session_id: string;
    /** The first jid by which the chat was known; stays when others are learned. */
    id: string;
    is_group: number;
    name: string | null;
    unread_count: number;
    last_message_id: string | null;
    last_message_at: number | null;
    /** Seconds after which messages disappear; null or 0: they stay. */
    disappearing_seconds: Generated<number | null>;
    archived: Generated<number>;
    marked_unread: Generated<number>;
    /** When it was pinned. */
    pinned_at: number | null;
    /** -1: for ever. */
    muted_until: number | null;
    /** null: not known; empty: there is none. */
    picture: string | null;
    /** What the team has still to do with it. */
    team_status: Generated<ChatStatus>;
    /** The user who has taken it. */
    assignee_id: Generated<string | null>;
    /** Grows with every change of what the team keeps: who changes it has seen the newest. */
    team_revision: Generated<number>;
  };

  /** Owner: chats. Labels of the team, the same over all accounts. */
  team_labels: { id: string; name: string; color: string };

  /** Owner: chats. */
  chat_team_labels: { session_id: string; chat_id: string; label_id: string };

  /** Owner: chats. Private notes, which are never sent. */
  chat_notes: {
    id: string;
    session_id: string;
    chat_id: string;
    author_id: string;
    /** As the author was called when it was written. */
    author_name: string | null;
    text: string;
    /** Its place in the thread, as of messages: in whole seconds, as WhatsApp counts. */
    at: number;
    arrival: number;
    edited_at: number | null;
  };

  /** Owner: chats. */
  canned_replies: {
    id: string;
    author_id: string;
    shortcut: string;
    text: string;
    /** Whether the whole team has it. */
    shared: number;
  };

  /** Owner: groups. Kept also when the account left: `member` is then 0 and nobody is in it. */
  groups: {
    session_id: string;
    jid: string;
    subject: string;
    description: string | null;
    owner_jid: string | null;
    created_at: number | null;
    announce: number;
    locked: number;
    join_approval: number;
    ephemeral_seconds: number;
    /** Which names WhatsApp uses for the members. */
    addressing: 'lid' | 'pn';
    member: number;
  };

  /** Owner: groups. */
  group_members: {
    session_id: string;
    group_jid: string;
    jid: string;
    alt_jid: string | null;
    role: GroupRole;
  };

  /** Owner: chats. */
  labels: { session_id: string; id: string; name: string; color: number };

  /** Owner: chats. */
  chat_labels: { session_id: string; chat_id: string; label_id: string };

  /** Owner: chats. Every jid (PN, LID) that leads to a chat. */
  chat_aliases: { session_id: string; jid: string; chat_id: string };

  /** Owner: chats. Names by jid, as the phone's address book and the contacts themselves have it. */
  contacts: { session_id: string; jid: string; name: string | null; push_name: string | null };

  /** Owner: chats. Which LID belongs to which phone-number jid. */
  lid_mappings: { session_id: string; lid: string; pn: string };

  /** Owner: chats. Outgoing messages are here from the moment they are accepted. */
  messages: {
    session_id: string;
    /** WhatsApp's id; for outgoing messages chosen by us before sending. */
    id: string;
    chat_id: string;
    from_me: number;
    sender_jid: string | null;
    type: string;
    /** What to show as text. */
    text: string;
    /** MessageContent as JSON. */
    content: string;
    quoted_id: string | null;
    at: number;
    /** Growing number that orders messages of one millisecond as we saw them. */
    arrival: number;
    status: MessageStatus;
    error: string | null;
    /** Of a failed message. */
    failure_code: SendFailureCode | null;
    certainly_not_sent: number | null;
    /** Hidden ones act on another message (reaction, edit, revoke) and are no bubble of their own. */
    hidden: number;
    /** How often its text was changed, and when the last change was made. */
    edited: number;
    edited_at: Generated<number | null>;
    /** null: not pinned; 0: pinned without an end. */
    pinned_until: Generated<number | null>;
    source: string;
    /** The engine's own encoding. */
    raw: Uint8Array | null;
    /** SQLite: its row in the full-text table. */
    place: number | null;
    /** What it is found by: words on SQLite, a tsvector on PostgreSQL. */
    words: string | null;
  };

  /** Owner: chats. One per message and author. */
  reactions: {
    session_id: string;
    message_id: string;
    sender_jid: string;
    from_me: number;
    emoji: string;
    at: number;
  };

  /** Owner: chats. Votes in polls and responses to events: the latest of each person. */
  answers: {
    session_id: string;
    message_id: string;
    sender_jid: string;
    from_me: number;
    /** JSON: the options chosen, or `{ response, extraGuests }`. */
    answer: string;
    at: number;
  };

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

  /** Owner: sessions. What was set, as JSON; the rest is the default. */
  session_settings: { session_id: string; settings: string };

  /** Owner: media. The file of a message, by the message. */
  media: {
    session_id: string;
    message_id: string;
    /** absent: may be fetched; fetching: a job; stored: `hash` is there; failed: see `reason`. */
    state: 'absent' | 'fetching' | 'stored' | 'failed';
    reason: string | null;
    /** SHA-256 of the content, hexadecimal: its name in the MediaStore. */
    hash: string | null;
    /** A small JPEG. */
    thumbnail: Uint8Array | null;
    created_at: number;
  };

  /** Owner: media. Every content of the MediaStore; `kept_at` is when somebody last put it there. */
  media_contents: { hash: string; size: number; kept_at: number };

  /** Owner: event-log. How far each durable reader of the log has come. */
  event_consumers: { name: string; position: number };

  /** Owner: jobs. A row until the work is done or given up; `id` is the order. */
  jobs: {
    id: Generated<number>;
    /** Lanes do not wait for each other. */
    lane: string;
    name: string;
    key: string | null;
    unique_name: string | null;
    payload: string;
    /** 1 while an older job of the same lane and key is there. */
    blocked: number;
    due_at: number;
    attempts: number;
    last_error: string | null;
    created_at: number;
  };

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
