import type { ChatStatus, GroupRole, MessageStatus, SendFailureCode } from '@patchbay/contract';
import type { Generated } from 'kysely';

/** Chats, messages, contacts, groups, and what the team keeps of them. */
export interface ChatTables {
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
}
