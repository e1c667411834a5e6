// Made from the OpenAPI document by `npm run generate`; change the schemas in contract/ instead.

import type { Operation } from './operation.js';
import type { RequestOptions } from './request.js';

export type Health = {
  status: 'ok' | 'degraded';
  activeSessions: number;
  role: 'all' | 'api' | 'worker';
  workerId: string | null;
  uptime: number;
};

export type Error = {
  /** Under `/api/whatsapp`, as in its answers */
  success?: false;
  /** The same as in `error`, where `success` is there */
  message?: string;
  error: {
    code:
      | 'invalid_request'
      | 'invalid_phone'
      | 'invalid_chat'
      | 'template_invalid'
      | 'file_unreadable'
      | 'url_refused'
      | 'unauthorized'
      | 'forbidden'
      | 'not_allowed_by_whatsapp'
      | 'not_found'
      | 'session_not_found'
      | 'chat_not_found'
      | 'message_not_found'
      | 'group_not_found'
      | 'picture_not_found'
      | 'label_not_found'
      | 'note_not_found'
      | 'team_label_not_found'
      | 'canned_reply_not_found'
      | 'user_not_found'
      | 'not_on_whatsapp'
      | 'call_not_found'
      | 'media_not_found'
      | 'key_not_found'
      | 'login_not_found'
      | 'invitation_not_found'
      | 'link_not_usable'
      | 'webhook_not_found'
      | 'delivery_not_found'
      | 'route_not_found'
      | 'job_not_found'
      | 'chatbot_not_found'
      | 'conversation_not_found'
      | 'template_not_found'
      | 'bulk_not_found'
      | 'qr_not_available'
      | 'message_not_yours'
      | 'unknown_option'
      | 'chat_is_empty'
      | 'too_late'
      | 'wrong_kind'
      | 'session_not_connected'
      | 'session_already_connected'
      | 'idempotency_key_reused'
      | 'message_already_sent'
      | 'session_not_linked'
      | 'chatbot_exists'
      | 'chatbot_incomplete'
      | 'name_taken'
      | 'too_many'
      | 'too_many_webhooks'
      | 'already_set_up'
      | 'email_taken'
      | 'last_admin'
      | 'slot_connected'
      | 'no_free_slot'
      | 'too_many_keys'
      | 'route_loop'
      | 'route_exists'
      | 'bulk_over_limit'
      | 'bulk_not_possible'
      | 'cursor_expired'
      | 'media_gone'
      | 'payload_too_large'
      | 'unsupported_media_type'
      | 'range_not_satisfiable'
      | 'rate_limited'
      | 'internal'
      | 'not_supported'
      | 'whatsapp_refused'
      | 'whatsapp_timeout'
      | 'no_answer'
      | 'pairing_failed'
      | 'sandbox_unavailable'
      | 'media_damaged'
      | 'media_unavailable'
      | 'search_unavailable'
      | 'session_process_away'
      | 'browser_missing'
      | 'too_many_browsers'
      | 'session_elsewhere'
      | 'storage_unavailable'
      | 'shutting_down';
    message: string;
    requestId?: string;
    issues?: {
      path: string;
      message: string;
    }[];
  };
};

export type Live = {
  status: 'ok';
};

export type Ready = {
  status: 'ready';
};

export type SetUpState = {
  needed: boolean;
};

export type SetUp = {
  token: string;
  email: string;
  name: string;
  password: string;
};

export type Done = {
  success: true;
};

export type SignIn =
  | {
      email: string;
      password: string;
    }
  | {
      apiKey: string;
    };

export type LoginPage = {
  logins: Login[];
  before: string | null;
};

export type Login = {
  id: string;
  current: boolean;
  address: string;
  browser: string;
  createdAt: string;
  usedAt: string;
  expiresAt: string;
};

export type ChangePassword = {
  current: string;
  next: string;
};

export type RequestToken = {
  minutes?: number;
  actions?: Action[];
  sessions?: SessionId[];
};

export type Action = 'read' | 'send' | 'manage';

export type SessionId = string;

export type BearerToken = {
  token: string;
  expiresAt: string;
};

export type LinkToken = {
  token: string;
};

export type LinkPurpose = {
  kind: 'invitation' | 'reset';
  role: Role;
  email: string | null;
  name: string | null;
  expiresAt: string;
};

export type Role = 'admin' | 'agent';

export type UseLink = {
  token: string;
  password: string;
  email?: string;
  name?: string;
};

export type Me = {
  userId: string;
  name: string | null;
  email: string | null;
  role: Role;
  actions: Action[];
  sessions: string[] | null;
  whatsappPhone: string | null;
  onboarded: boolean;
  maxSessions: number | null;
  version: string;
  sandbox: {
    pageUrl: string;
  } | null;
  maxUploadBytes: number;
};

export type ChangeMe = {
  name?: string;
  onboarded?: true;
};

export type UpdatePhone = {
  whatsappPhone: Phone | null;
};

export type Phone = string;

export type UserPage = {
  users: User[];
  after: string | null;
};

export type User = {
  id: string;
  name: string;
  email: string | null;
  role: Role;
  createdAt: string;
};

export type UserId = string;

export type ChangeUser = {
  role?: Role;
  name?: string;
};

export type OneTimeLink = {
  id: string;
  token: string;
  path: string;
  expiresAt: string;
};

export type InvitationPage = {
  invitations: Invitation[];
  before: string | null;
};

export type Invitation = {
  id: string;
  role: Role;
  email: string | null;
  createdBy: string;
  createdAt: string;
  expiresAt: string;
};

export type Invite = {
  role: Role;
  /** For this address only */
  email?: string;
  /** How long it can be used; 7 */
  days?: number;
};

export type ApiKeyPage = {
  keys: ApiKey[];
  before: string | null;
};

export type ApiKey = {
  id: string;
  userId: string;
  name: string;
  hint: string;
  actions: Action[];
  sessions: string[] | null;
  createdAt: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
  revokedAt: string | null;
};

export type CreateApiKey = {
  name: string;
  actions: Action[];
  /** Only these; null: all its user may use */
  sessions?: SessionId[] | null;
  /** Absent: never */
  expiresInDays?: number;
};

export type NewApiKey = {
  id: string;
  userId: string;
  name: string;
  hint: string;
  actions: Action[];
  sessions: string[] | null;
  createdAt: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
  revokedAt: string | null;
  key: string;
};

export type AuditAction =
  | 'server.set_up'
  | 'user.signed_in'
  | 'user.signed_out_everywhere'
  | 'user.joined'
  | 'user.changed'
  | 'user.removed'
  | 'user.password_changed'
  | 'user.password_reset'
  | 'invitation.created'
  | 'invitation.revoked'
  | 'reset_link.created'
  | 'key.created'
  | 'key.revoked'
  | 'session.created'
  | 'session.closed'
  | 'session.removed'
  | 'session.deleted'
  | 'session.shared'
  | 'session.settings_changed'
  | 'webhook.created'
  | 'webhook.changed'
  | 'webhook.deleted'
  | 'label.deleted'
  | 'route.created'
  | 'route.deleted'
  | 'route.tested'
  | 'knowledge.admins_changed'
  | 'knowledge.reindexed'
  | 'jobs.retried'
  | 'chatbot.created'
  | 'chatbot.changed'
  | 'chatbot.deleted'
  | 'bulk.created'
  | 'bulk.paused'
  | 'bulk.resumed'
  | 'bulk.cancelled'
  | 'bulk.deleted'
  | 'template.created'
  | 'template.changed'
  | 'template.deleted';

export type AuditPage = {
  entries: AuditEntry[];
  before: string | null;
};

export type AuditEntry = {
  number: number;
  at: string;
  userId: string;
  userName: string | null;
  via: 'cookie' | 'key' | 'jwt' | 'instance-key';
  keyId: string | null;
  action: AuditAction;
  target: string | null;
  address: string;
  details: {
    [name: string]: unknown;
  };
};

export type SessionList = {
  sessions: Session[];
};

export type Session = {
  id: string;
  userId: string;
  slot: number;
  engine: EngineKind;
  phone: string | null;
  jid: string | null;
  label: string | null;
  displayName: string | null;
  profilePicUrl: string | null;
  status: 'connecting' | 'qr_ready' | 'connected' | 'disconnected';
  state: SessionState;
  lastSeen: string | null;
  createdAt: string;
  lastMessageAt: string | null;
  today: {
    received: number;
    sent: number;
  };
};

export type EngineKind = 'baileys' | 'wwebjs' | 'remote';

export type SessionState = {
  status: SessionStatus;
  reason: StatusReason;
  action: StatusAction;
  since: string;
  attempt: number;
  nextAttemptAt: string | null;
};

export type SessionStatus =
  | 'starting'
  | 'qr'
  | 'pairing'
  | 'connected'
  | 'reconnecting'
  | 'closed'
  | 'logged_out'
  | 'failed';

export type StatusReason =
  | 'none'
  | 'created'
  | 'restored'
  | 'requested'
  | 'paired'
  | 'restart_required'
  | 'connection_lost'
  | 'stuck'
  | 'qr_expired'
  | 'closed_by_user'
  | 'logged_out_by_user'
  | 'device_removed'
  | 'replaced'
  | 'banned'
  | 'client_outdated'
  | 'number_already_linked'
  | 'credentials_unreadable'
  | 'browser_failed';

export type StatusAction = 'scan' | 'restart' | 'wait' | 'none';

export type EnsureSession = {
  engine?: EngineKind;
  provider?: EngineKind;
  phone?: Phone;
  storage?: 'file';
  displayName?: string;
  slot?: Slot;
};

export type Slot = number;

export type SessionAnswer = {
  id: string;
  status: 'starting' | 'ready' | 'closed' | 'removed';
  engine: EngineKind;
  qr?: Qr;
  pairingCode?: string;
  jid?: string;
  state: SessionState;
};

export type Qr = {
  code: string;
  dataUrl: string;
  expiresAt: string;
};

export type SessionStatusAnswer = {
  id: string;
  status: 'connecting' | 'qr_ready' | 'connected' | 'disconnected';
  phone: string | null;
  displayName: string | null;
  socketActive: boolean;
  state: SessionState;
};

export type RequestPairingCode = {
  phone: Phone;
};

export type PairingCode = {
  code: string;
  expiresAt: string;
};

export type EventPage = {
  /** Version of the event catalogue */
  version: 1;
  events: Event[];
  after: number;
};

export type Event =
  | {
      /** Unique and never changes: whoever gets an event twice knows it by this */
      id: string;
      /** Global position in the log; grows, never reused: the cursor of every reader */
      position: number;
      sessionId: string;
      /** Counts 1, 2, 3 ... within the session */
      sequence: number;
      /** When it was recorded */
      at: string;
      name: 'session.created';
      data: {
        displayName: string | null;
      };
    }
  | {
      /** Unique and never changes: whoever gets an event twice knows it by this */
      id: string;
      /** Global position in the log; grows, never reused: the cursor of every reader */
      position: number;
      sessionId: string;
      /** Counts 1, 2, 3 ... within the session */
      sequence: number;
      /** When it was recorded */
      at: string;
      name: 'session.qr';
      data: {
        kind: 'qr' | 'pairing-code';
        expiresAt: string;
      };
    }
  | {
      /** Unique and never changes: whoever gets an event twice knows it by this */
      id: string;
      /** Global position in the log; grows, never reused: the cursor of every reader */
      position: number;
      sessionId: string;
      /** Counts 1, 2, 3 ... within the session */
      sequence: number;
      /** When it was recorded */
      at: string;
      name: 'session.status';
      data: {
        /** The socket in one word */
        connection: 'connecting' | 'open' | 'close';
        state: SessionState;
        /** What it was before; the same when only number, name or tries are others */
        previous?: {
          status: SessionStatus;
          reason: StatusReason;
        };
        phone: string | null;
        displayName: string | null;
      };
    }
  | {
      /** Unique and never changes: whoever gets an event twice knows it by this */
      id: string;
      /** Global position in the log; grows, never reused: the cursor of every reader */
      position: number;
      sessionId: string;
      /** Counts 1, 2, 3 ... within the session */
      sequence: number;
      /** When it was recorded */
      at: string;
      name: 'session.history';
      data: {
        /** Messages in this portion */
        messages: number;
        /** Percent, where the phone says so */
        progress: number | null;
        /** Whether it was the last portion */
        done: boolean;
        /** What asking for older messages answered, when this is the answer to it */
        requestId?: string | null;
      };
    }
  | {
      /** Unique and never changes: whoever gets an event twice knows it by this */
      id: string;
      /** Global position in the log; grows, never reused: the cursor of every reader */
      position: number;
      sessionId: string;
      /** Counts 1, 2, 3 ... within the session */
      sequence: number;
      /** When it was recorded */
      at: string;
      name: 'session.message';
      data: {
        /** `live` just now, `offline` while we were away, `history` from before the link, `api` sent through us, `phone` sent from the phone */
        source: 'live' | 'offline' | 'history' | 'api' | 'phone';
        message: Message;
        /** In groups: the other name of who it was (LID or phone number), where it is known */
        senderAltJid?: string;
        /** Where asked for: the message as the engine has it, in base64 (of Baileys: a WebMessageInfo); null when it is not kept */
        raw?: string | null;
      };
    }
  | {
      /** Unique and never changes: whoever gets an event twice knows it by this */
      id: string;
      /** Global position in the log; grows, never reused: the cursor of every reader */
      position: number;
      sessionId: string;
      /** Counts 1, 2, 3 ... within the session */
      sequence: number;
      /** When it was recorded */
      at: string;
      name: 'message.status';
      data: {
        chatId: string;
        messageId: string;
        status: MessageStatus;
        /** Of a tick: what it had before */
        previous?: MessageStatus;
        /** Why it failed */
        error: string | null;
        /** Why it failed, for machines */
        failure?: SendFailure;
      };
    }
  | {
      /** Unique and never changes: whoever gets an event twice knows it by this */
      id: string;
      /** Global position in the log; grows, never reused: the cursor of every reader */
      position: number;
      sessionId: string;
      /** Counts 1, 2, 3 ... within the session */
      sequence: number;
      /** When it was recorded */
      at: string;
      name: 'message.edited';
      data: {
        /** `live` just now, `offline` while we were away, `history` from before the link, `api` sent through us, `phone` sent from the phone */
        source: 'live' | 'offline' | 'history' | 'api' | 'phone';
        chatId: string;
        /** The message that it was done to */
        messageId: string;
        /** WhatsApp's id of the action itself; of ours, what the send answered */
        actionId: string;
        senderJid: string | null;
        /** In groups: the other name of who it was (LID or phone number), where it is known */
        senderAltJid?: string;
        senderName: string | null;
        fromMe: boolean;
        timestamp: string;
        content: string;
      };
    }
  | {
      /** Unique and never changes: whoever gets an event twice knows it by this */
      id: string;
      /** Global position in the log; grows, never reused: the cursor of every reader */
      position: number;
      sessionId: string;
      /** Counts 1, 2, 3 ... within the session */
      sequence: number;
      /** When it was recorded */
      at: string;
      name: 'message.deleted';
      data: {
        /** `live` just now, `offline` while we were away, `history` from before the link, `api` sent through us, `phone` sent from the phone */
        source: 'live' | 'offline' | 'history' | 'api' | 'phone';
        chatId: string;
        /** The message that it was done to */
        messageId: string;
        /** WhatsApp's id of the action itself; of ours, what the send answered */
        actionId: string;
        senderJid: string | null;
        /** In groups: the other name of who it was (LID or phone number), where it is known */
        senderAltJid?: string;
        senderName: string | null;
        fromMe: boolean;
        timestamp: string;
        /** By an admin of the group, not by its author */
        byAdmin: boolean;
      };
    }
  | {
      /** Unique and never changes: whoever gets an event twice knows it by this */
      id: string;
      /** Global position in the log; grows, never reused: the cursor of every reader */
      position: number;
      sessionId: string;
      /** Counts 1, 2, 3 ... within the session */
      sequence: number;
      /** When it was recorded */
      at: string;
      name: 'message.reaction';
      data: {
        /** `live` just now, `offline` while we were away, `history` from before the link, `api` sent through us, `phone` sent from the phone */
        source: 'live' | 'offline' | 'history' | 'api' | 'phone';
        chatId: string;
        /** The message that it was done to */
        messageId: string;
        /** WhatsApp's id of the action itself; of ours, what the send answered */
        actionId: string;
        senderJid: string | null;
        /** In groups: the other name of who it was (LID or phone number), where it is known */
        senderAltJid?: string;
        senderName: string | null;
        fromMe: boolean;
        timestamp: string;
        /** Empty: the reaction was taken back */
        emoji: string;
      };
    }
  | {
      /** Unique and never changes: whoever gets an event twice knows it by this */
      id: string;
      /** Global position in the log; grows, never reused: the cursor of every reader */
      position: number;
      sessionId: string;
      /** Counts 1, 2, 3 ... within the session */
      sequence: number;
      /** When it was recorded */
      at: string;
      name: 'message.pinned';
      data: {
        /** `live` just now, `offline` while we were away, `history` from before the link, `api` sent through us, `phone` sent from the phone */
        source: 'live' | 'offline' | 'history' | 'api' | 'phone';
        chatId: string;
        /** The message that it was done to */
        messageId: string;
        /** WhatsApp's id of the action itself; of ours, what the send answered */
        actionId: string;
        senderJid: string | null;
        /** In groups: the other name of who it was (LID or phone number), where it is known */
        senderAltJid?: string;
        senderName: string | null;
        fromMe: boolean;
        timestamp: string;
        pinned: boolean;
        until: string | null;
      };
    }
  | {
      /** Unique and never changes: whoever gets an event twice knows it by this */
      id: string;
      /** Global position in the log; grows, never reused: the cursor of every reader */
      position: number;
      sessionId: string;
      /** Counts 1, 2, 3 ... within the session */
      sequence: number;
      /** When it was recorded */
      at: string;
      name: 'poll.vote';
      data: {
        /** `live` just now, `offline` while we were away, `history` from before the link, `api` sent through us, `phone` sent from the phone */
        source: 'live' | 'offline' | 'history' | 'api' | 'phone';
        chatId: string;
        /** The message that it was done to */
        messageId: string;
        /** WhatsApp's id of the action itself; of ours, what the send answered */
        actionId: string;
        senderJid: string | null;
        /** In groups: the other name of who it was (LID or phone number), where it is known */
        senderAltJid?: string;
        senderName: string | null;
        fromMe: boolean;
        timestamp: string;
        /** All that the voter chooses now; none: the vote was taken back */
        options: string[];
      };
    }
  | {
      /** Unique and never changes: whoever gets an event twice knows it by this */
      id: string;
      /** Global position in the log; grows, never reused: the cursor of every reader */
      position: number;
      sessionId: string;
      /** Counts 1, 2, 3 ... within the session */
      sequence: number;
      /** When it was recorded */
      at: string;
      name: 'event.response';
      data: {
        /** `live` just now, `offline` while we were away, `history` from before the link, `api` sent through us, `phone` sent from the phone */
        source: 'live' | 'offline' | 'history' | 'api' | 'phone';
        chatId: string;
        /** The message that it was done to */
        messageId: string;
        /** WhatsApp's id of the action itself; of ours, what the send answered */
        actionId: string;
        senderJid: string | null;
        /** In groups: the other name of who it was (LID or phone number), where it is known */
        senderAltJid?: string;
        senderName: string | null;
        fromMe: boolean;
        timestamp: string;
        response: EventAnswer;
        extraGuests: number;
      };
    }
  | {
      /** Unique and never changes: whoever gets an event twice knows it by this */
      id: string;
      /** Global position in the log; grows, never reused: the cursor of every reader */
      position: number;
      sessionId: string;
      /** Counts 1, 2, 3 ... within the session */
      sequence: number;
      /** When it was recorded */
      at: string;
      name: 'session.restricted';
      data: {
        /** WhatsApp's own number; 463: no new chats for now */
        code: number;
        detail: string;
        chatId: string;
        messageId: string;
      };
    }
  | {
      /** Unique and never changes: whoever gets an event twice knows it by this */
      id: string;
      /** Global position in the log; grows, never reused: the cursor of every reader */
      position: number;
      sessionId: string;
      /** Counts 1, 2, 3 ... within the session */
      sequence: number;
      /** When it was recorded */
      at: string;
      name: 'chat.merged';
      data: {
        from: string;
        into: string;
      };
    }
  | {
      /** Unique and never changes: whoever gets an event twice knows it by this */
      id: string;
      /** Global position in the log; grows, never reused: the cursor of every reader */
      position: number;
      sessionId: string;
      /** Counts 1, 2, 3 ... within the session */
      sequence: number;
      /** When it was recorded */
      at: string;
      name: 'session.closed';
      data: Record<string, never>;
    }
  | {
      /** Unique and never changes: whoever gets an event twice knows it by this */
      id: string;
      /** Global position in the log; grows, never reused: the cursor of every reader */
      position: number;
      sessionId: string;
      /** Counts 1, 2, 3 ... within the session */
      sequence: number;
      /** When it was recorded */
      at: string;
      name: 'session.removed';
      data: Record<string, never>;
    }
  | {
      /** Unique and never changes: whoever gets an event twice knows it by this */
      id: string;
      /** Global position in the log; grows, never reused: the cursor of every reader */
      position: number;
      sessionId: string;
      /** Counts 1, 2, 3 ... within the session */
      sequence: number;
      /** When it was recorded */
      at: string;
      name: 'session.deleted';
      data: Record<string, never>;
    }
  | {
      /** Unique and never changes: whoever gets an event twice knows it by this */
      id: string;
      /** Global position in the log; grows, never reused: the cursor of every reader */
      position: number;
      sessionId: string;
      /** Counts 1, 2, 3 ... within the session */
      sequence: number;
      /** When it was recorded */
      at: string;
      name: 'group.updated';
      data: {
        group: Group;
        /** Jid of who changed it, where that is known */
        by: string | null;
      };
    }
  | {
      /** Unique and never changes: whoever gets an event twice knows it by this */
      id: string;
      /** Global position in the log; grows, never reused: the cursor of every reader */
      position: number;
      sessionId: string;
      /** Counts 1, 2, 3 ... within the session */
      sequence: number;
      /** When it was recorded */
      at: string;
      name: 'group.participants';
      data: {
        groupId: string;
        action: 'add' | 'remove' | 'promote' | 'demote';
        participants: {
          jid: string;
          phone: string | null;
        }[];
        /** Jid of who did it, where that is known */
        by: string | null;
      };
    }
  | {
      /** Unique and never changes: whoever gets an event twice knows it by this */
      id: string;
      /** Global position in the log; grows, never reused: the cursor of every reader */
      position: number;
      sessionId: string;
      /** Counts 1, 2, 3 ... within the session */
      sequence: number;
      /** When it was recorded */
      at: string;
      name: 'chat.updated';
      data: {
        chatId: string;
        archived: boolean;
        pinned: boolean;
        muted: boolean;
        mutedUntil: string | null;
        markedUnread: boolean;
        unreadCount: number;
        labels: string[];
      };
    }
  | {
      /** Unique and never changes: whoever gets an event twice knows it by this */
      id: string;
      /** Global position in the log; grows, never reused: the cursor of every reader */
      position: number;
      sessionId: string;
      /** Counts 1, 2, 3 ... within the session */
      sequence: number;
      /** When it was recorded */
      at: string;
      name: 'chatbot.conversation';
      data: {
        chatbotId: string;
        conversationId: string;
        chatId: string;
        state: ConversationState;
        cause: StateCause;
      };
    }
  | {
      /** Unique and never changes: whoever gets an event twice knows it by this */
      id: string;
      /** Global position in the log; grows, never reused: the cursor of every reader */
      position: number;
      sessionId: string;
      /** Counts 1, 2, 3 ... within the session */
      sequence: number;
      /** When it was recorded */
      at: string;
      name: 'bulk.state';
      data: {
        bulkId: string;
        name: string;
        state: BulkState;
        /** Why it paused by itself; null: somebody did it */
        pausedBecause: BulkPause | null;
      };
    }
  | {
      /** Unique and never changes: whoever gets an event twice knows it by this */
      id: string;
      /** Global position in the log; grows, never reused: the cursor of every reader */
      position: number;
      sessionId: string;
      /** Counts 1, 2, 3 ... within the session */
      sequence: number;
      /** When it was recorded */
      at: string;
      name: 'chat.team';
      data: {
        chatId: string;
        status: ChatStatus;
        /** The user who has taken the chat */
        assigneeId: string | null;
        /** Ids of the team's own labels; `labels` are those of WhatsApp Business */
        teamLabels: string[];
        /** What is new */
        changed: ('status' | 'assignee' | 'labels')[];
        /** The user who changed it; null: an inbound message opened the chat again, or who had it may no longer use the account */
        by: string | null;
      };
    }
  | {
      /** Unique and never changes: whoever gets an event twice knows it by this */
      id: string;
      /** Global position in the log; grows, never reused: the cursor of every reader */
      position: number;
      sessionId: string;
      /** Counts 1, 2, 3 ... within the session */
      sequence: number;
      /** When it was recorded */
      at: string;
      name: 'chat.note';
      data: {
        chatId: string;
        note: Note;
        action: 'created' | 'changed' | 'deleted';
      };
    }
  | {
      /** Unique and never changes: whoever gets an event twice knows it by this */
      id: string;
      /** Global position in the log; grows, never reused: the cursor of every reader */
      position: number;
      sessionId: string;
      /** Counts 1, 2, 3 ... within the session */
      sequence: number;
      /** When it was recorded */
      at: string;
      name: 'chat.deleted';
      data: {
        chatId: string;
      };
    }
  | {
      /** Unique and never changes: whoever gets an event twice knows it by this */
      id: string;
      /** Global position in the log; grows, never reused: the cursor of every reader */
      position: number;
      sessionId: string;
      /** Counts 1, 2, 3 ... within the session */
      sequence: number;
      /** When it was recorded */
      at: string;
      name: 'label.updated';
      data: {
        label: Label;
        deleted: boolean;
      };
    }
  | {
      /** Unique and never changes: whoever gets an event twice knows it by this */
      id: string;
      /** Global position in the log; grows, never reused: the cursor of every reader */
      position: number;
      sessionId: string;
      /** Counts 1, 2, 3 ... within the session */
      sequence: number;
      /** When it was recorded */
      at: string;
      name: 'call.offered';
      data: {
        callId: string;
        chatId: string;
        callerJid: string;
        phone: string | null;
        video: boolean;
        group: boolean;
      };
    }
  | {
      /** Unique and never changes: whoever gets an event twice knows it by this */
      id: string;
      /** Global position in the log; grows, never reused: the cursor of every reader */
      position: number;
      sessionId: string;
      /** Counts 1, 2, 3 ... within the session */
      sequence: number;
      /** When it was recorded */
      at: string;
      name: 'call.ended';
      data: {
        callId: string;
        chatId: string;
        reason: 'accepted' | 'rejected' | 'ended' | 'timeout';
      };
    };

export type Message = {
  id: string;
  chatId: string;
  content: string;
  timestamp: string;
  fromMe: boolean;
  senderName: string | null;
  senderJid: string | null;
  type: string;
  status: MessageStatus;
  error: string | null;
  failure?: SendFailure;
  dueAt?: string;
  mimetype?: string;
  filename?: string;
  caption?: string;
  mediaUrl?: string;
  thumbnailUrl?: string;
  media?: {
    size?: number;
    width?: number;
    height?: number;
    seconds?: number;
    waveform?: number[];
    voice?: boolean;
    gif?: boolean;
    thumbnail?: boolean;
  };
  quotedMessage?: {
    id: string;
    content: string;
    /** Absent: the message itself is not here */
    type?: string;
    fromMe?: boolean;
    senderName?: string | null;
    /** A name, else the number as `+51…`; null: not known */
    mentionNames?: {
      [name: string]: string | null;
    };
  };
  reactions: {
    emoji: string;
    fromMe: boolean;
    senderJid: string;
  }[];
  linkPreview?: {
    url: string;
    title?: string;
    description?: string;
    thumbnail?: string;
  };
  location?: {
    latitude: number;
    longitude: number;
    name?: string;
    address?: string;
    url?: string;
    live?: boolean;
    caption?: string;
    accuracy?: number;
    speed?: number;
    heading?: number;
    sequence?: number;
  };
  contacts?: {
    name: string;
    vcard: string;
    phones: string[];
  }[];
  poll?: PollResult;
  event?: {
    name: string;
    description?: string;
    startsAt: string;
    endsAt?: string;
    location?: {
      latitude?: number;
      longitude?: number;
      name?: string;
      address?: string;
    };
    joinLink?: string;
    canceled?: boolean;
    extraGuestsAllowed?: boolean;
    responses: {
      senderJid: string;
      fromMe: boolean;
      response: EventAnswer;
      extraGuests: number;
    }[];
  };
  groupInvite?: {
    groupJid: string;
    groupName: string;
    code: string;
    expiresAt?: string;
    caption?: string;
  };
  system?: {
    action?: string;
    people?: string[];
    seconds?: number;
  };
  mentions?: string[];
  /** A name, else the number as `+51…`; null: not known */
  mentionNames?: {
    [name: string]: string | null;
  };
  forwarded?: boolean;
  forwardingScore?: number;
  viewOnce?: boolean;
  expiresIn?: number;
  edited?: number;
  deleted?: boolean;
  pinned?: {
    until: string | null;
  };
  raw?: string;
};

export type MessageStatus =
  | 'received'
  | 'queued'
  | 'sending'
  | 'sent'
  | 'delivered'
  | 'read'
  | 'played'
  | 'failed'
  | 'expired'
  | 'cancelled';

export type SendFailure = {
  code: SendFailureCode;
  certainlyNotSent: boolean;
};

export type SendFailureCode =
  | 'restricted'
  | 'malformed'
  | 'not_in_group'
  | 'refused'
  | 'not_on_whatsapp'
  | 'unsupported'
  | 'number_changed'
  | 'no_ack';

export type PollResult = {
  name: string;
  selectableCount: number;
  options: {
    name: string;
    voters: string[];
  }[];
  ownVote: string[];
};

export type EventAnswer = 'going' | 'not_going' | 'maybe';

export type Group = {
  id: string;
  subject: string;
  description: string | null;
  ownerJid: string | null;
  createdAt: string | null;
  announce: boolean;
  locked: boolean;
  joinApproval: boolean;
  ephemeralSeconds: number;
  size: number;
  isMember: boolean;
  ownRole: GroupRole | null;
  profilePicUrl: string | null;
};

export type GroupRole = 'member' | 'admin' | 'superadmin';

export type ConversationState = 'bot' | 'human' | 'closed';

export type StateCause = 'person' | 'phone' | 'spend_cap' | 'no_answer' | 'contact';

export type BulkState = 'scheduled' | 'running' | 'paused' | 'done' | 'cancelled';

export type BulkPause = 'number_changed';

export type ChatStatus = 'open' | 'pending' | 'resolved';

export type Note = {
  id: string;
  chatId: string;
  text: string;
  authorId: string;
  authorName: string | null;
  timestamp: string;
  editedAt: string | null;
};

export type Label = {
  id: string;
  name: string;
  color: number;
};

export type SessionSettings = {
  pacing: PacingSettings;
  connection: ConnectionSettings;
  incoming: IncomingSettings;
};

export type PacingSettings = {
  perMinute: number | null;
  perDay: number | null;
  newChatsPerDay: number | null;
  jitterSeconds: number;
  typingSeconds: number;
  quietHours: {
    from: string;
    to: string;
  } | null;
  timeZone: string;
};

export type ConnectionSettings = {
  proxyUrl: string | null;
  deviceName: string | null;
  historyDepth: 'none' | 'recent' | 'full';
  markOnline: boolean;
};

export type IncomingSettings = {
  autoRead: boolean;
  rejectCalls: boolean;
  ignoreStatus: boolean;
  ignoreGroups: boolean;
  ignoreChannels: boolean;
};

export type ChangeSessionSettings = {
  pacing?: {
    perMinute?: number | null;
    perDay?: number | null;
    newChatsPerDay?: number | null;
    jitterSeconds?: number;
    typingSeconds?: number;
    quietHours?: {
      from: string;
      to: string;
    } | null;
    timeZone?: string;
  };
  connection?: {
    proxyUrl?: string | null;
    deviceName?: string | null;
    historyDepth?: 'none' | 'recent' | 'full';
    markOnline?: boolean;
  };
  incoming?: {
    autoRead?: boolean;
    rejectCalls?: boolean;
    ignoreStatus?: boolean;
    ignoreGroups?: boolean;
    ignoreChannels?: boolean;
  };
};

export type SessionShares = {
  everybody: boolean;
  userIds: UserId[];
};

export type Account = {
  id: string;
  platform: 'whatsapp';
  jid: string;
  displayName: string | null;
  status: 'ACTIVE' | 'DISCONNECTED';
};

export type CreateAccount = {
  displayName?: string;
  slot?: Slot;
  engine?: EngineKind;
};

export type AccountQr = {
  status: 'ACTIVE' | 'DISCONNECTED';
  qrDataUrl: string | null;
};

export type ChatPage = {
  chats: Chat[];
  after: string | null;
};

export type Chat = {
  id: string;
  sessionId: string;
  name: string;
  phone: string | null;
  profilePicUrl: string | null;
  lastMessage: {
    id: string;
    /** The beginning of its text, at most 256 characters */
    content: string;
    timestamp: string;
    fromMe: boolean;
    /** Who wrote it in a group, where that is known */
    senderName: string | null;
    type: string;
    status: MessageStatus;
    /** A name, else the number as `+51…`; null: not known */
    mentionNames?: {
      [name: string]: string | null;
    };
  } | null;
  unreadCount: number;
  markedUnread: boolean;
  isGroup: boolean;
  archived: boolean;
  pinned: boolean;
  muted: boolean;
  mutedUntil: string | null;
  labels: string[];
  ephemeralSeconds: number;
  status: ChatStatus;
  /** The user who has taken the chat */
  assigneeId: string | null;
  /** Ids of the team's own labels; `labels` are those of WhatsApp Business */
  teamLabels: string[];
  /** A private note that is newer than the last message; of its text the first 256 characters */
  lastNote: Note | null;
};

export type MessagePage = {
  messages: Message[];
  /** Continues towards older ones; null at the beginning */
  before: string | null;
  /** Continues towards newer ones; absent at the newest */
  after?: string;
  /** Private notes of the time that the page covers, oldest first, at most the newest 200; of one chat only */
  notes?: NoteInThread[];
};

export type NoteInThread = {
  id: string;
  chatId: string;
  text: string;
  authorId: string;
  authorName: string | null;
  timestamp: string;
  editedAt: string | null;
  /** The message of the page after which it stands; null: before the first */
  afterMessageId: string | null;
};

export type SharedKind = 'media' | 'documents' | 'links';

export type SharedPage = {
  messages: Message[];
  /** Continues towards older ones; null at the end */
  after: string | null;
};

export type SearchPage = {
  results: {
    message: Message;
    snippet: {
      /** The text around what was found */
      text: string;
      /** Where it stands in `text`, in UTF-16 units; `end` is excluded */
      highlights: {
        start: number;
        end: number;
      }[];
    };
  }[];
  /** Continues towards older ones; null at the end */
  after: string | null;
};

export type ChatCounts = {
  open: number;
  pending: number;
  /** Chats with something unread */
  unread: number;
  /** Those of the caller that are not resolved */
  mine: number;
  /** Those of nobody that are not resolved */
  unassigned: number;
  accounts: {
    sessionId: string;
    open: number;
    pending: number;
    /** Chats with something unread */
    unread: number;
    /** Those of the caller that are not resolved */
    mine: number;
    /** Those of nobody that are not resolved */
    unassigned: number;
  }[];
  agents: {
    userId: string;
    open: number;
    pending: number;
    unread: number;
  }[];
};

export type StartChat = {
  phone: string;
};

export type ChangeTeamState = {
  status?: ChatStatus;
  /** null: nobody */
  assigneeId?: string | null;
  addLabels?: string[];
  removeLabels?: string[];
};

export type NotePage = {
  notes: Note[];
  after: string | null;
};

export type WriteNote = {
  text: string;
};

export type TeamLabelList = {
  labels: TeamLabel[];
};

export type TeamLabel = {
  id: string;
  name: string;
  /** As #rrggbb */
  color: string;
};

export type NewTeamLabel = {
  name: string;
  color: string;
};

export type ChangeTeamLabel = {
  name?: string;
  color?: string;
};

export type CannedReplyList = {
  replies: CannedReply[];
};

export type CannedReply = {
  id: string;
  shortcut: string;
  text: string;
  /** Whether the whole team has it; else its author only */
  shared: boolean;
  authorId: string;
};

export type NewCannedReply = {
  shortcut: string;
  text: string;
  shared?: boolean;
};

export type ChangeCannedReply = {
  shortcut?: string;
  text?: string;
  shared?: boolean;
};

export type SendAnswer = {
  success: boolean;
  messageId: string;
  chatId: string;
  status: MessageStatus;
  dueAt?: string;
  error?: string;
  failure?: SendFailure;
};

export type GroupPage = {
  groups: Group[];
  after: string | null;
};

export type CreateGroup = {
  subject: string;
  participants: string[];
};

export type JoinGroup = {
  code: string;
};

export type JoinedGroup = {
  groupId: string;
  /** An admin has to approve it first */
  pending: boolean;
};

export type ChangeGroup = {
  subject?: string;
  description?: string;
  announce?: boolean;
  locked?: boolean;
  joinApproval?: boolean;
  ephemeralSeconds?: 0 | 86400 | 604800 | 7776000;
};

export type ParticipantPage = {
  participants: GroupParticipant[];
  after: string | null;
};

export type GroupParticipant = {
  jid: string;
  phone: string | null;
  name: string | null;
  role: GroupRole;
};

export type ChangeParticipants = {
  action: 'add' | 'remove' | 'promote' | 'demote';
  participants: string[];
};

export type ParticipantResults = {
  results: {
    jid: string;
    success: boolean;
    code: number;
  }[];
};

export type JoinRequestPage = {
  requests: JoinRequest[];
  after: string | null;
};

export type JoinRequest = {
  jid: string;
  phone: string | null;
  name: string | null;
  requestedAt: string | null;
  /** WhatsApp's word for how, as `invite_link` */
  method: string | null;
};

export type AnswerJoinRequests = {
  action: 'approve' | 'reject';
  participants: string[];
};

export type GroupInviteLink = {
  code: string;
  url: string;
};

export type ChangeChat = {
  archived?: boolean;
  pinned?: boolean;
  muted?: boolean;
  mutedUntil?: string;
  unread?: boolean;
  ephemeralSeconds?: 0 | 86400 | 604800 | 7776000;
};

export type AskForHistory = {
  count?: number;
};

export type HistoryAsked = {
  /** The event `session.history` that ends the answer names it */
  requestId: string;
};

export type ShowTyping = {
  state: 'composing' | 'recording' | 'paused';
};

export type ShowPresence = {
  available: boolean;
};

export type WatchPresence = {
  contact: string;
};

export type LabelList = {
  labels: Label[];
};

export type ChangeLabel = {
  name: string;
  color?: number;
};

export type ContactPage = {
  contacts: Contact[];
  after: string | null;
};

export type Contact = {
  jid: string;
  phone: string | null;
  name: string | null;
  pushName: string | null;
};

export type CheckNumbers = {
  phones: string[];
};

export type CheckedNumbers = {
  results: {
    phone: string;
    exists: boolean;
    jid: string | null;
  }[];
};

export type BlockList = {
  jids: string[];
};

export type About = {
  text: string | null;
  setAt: string | null;
};

export type SendText = {
  chatId: string;
  text: string;
  quotedMessageId?: string;
  /** A card for a link. `true`: what the page of the first link in the text says of itself; it is fetched before the answer, within 5 s, and left out where that fails */
  linkPreview?:
    | {
        url: string;
        title?: string;
        description?: string;
        thumbnail?: string;
      }
    | boolean;
  sendAt?: string;
  expiresAt?: string;
};

export type SendMessage = {
  chatId: string;
  content: SendContent;
  audience?: string[];
  sendAt?: string;
  expiresAt?: string;
};

export type SendContent =
  | {
      type: 'text';
      text: string;
      /** A card for a link. `true`: what the page of the first link in the text says of itself; it is fetched before the answer, within 5 s, and left out where that fails */
      linkPreview?:
        | {
            url: string;
            title?: string;
            description?: string;
            thumbnail?: string;
          }
        | boolean;
      backgroundColor?: string;
      font?: number;
      quotedMessageId?: string;
      mentions?: string[];
    }
  | {
      type: 'location';
      latitude: number;
      longitude: number;
      name?: string;
      address?: string;
      url?: string;
      live?: boolean;
      caption?: string;
      accuracy?: number;
      speed?: number;
      heading?: number;
      sequence?: number;
      quotedMessageId?: string;
      mentions?: string[];
    }
  | {
      type: 'contact';
      contacts:
        | {
            name: string;
            vcard: string;
          }
        | {
            name: string;
            phone: string;
            organization?: string;
          }[];
      quotedMessageId?: string;
    }
  | {
      type: 'poll';
      name: string;
      options: string[];
      selectableCount?: number;
      quotedMessageId?: string;
      mentions?: string[];
    }
  | {
      type: 'event';
      name: string;
      description?: string;
      startsAt: string;
      endsAt?: string;
      location?: {
        name?: string;
        address?: string;
      };
      joinLink?: string;
      extraGuestsAllowed?: boolean;
      canceled?: boolean;
      quotedMessageId?: string;
      mentions?: string[];
    }
  | {
      type: 'reaction';
      targetId: string;
      emoji: string;
    }
  | {
      type: 'edit';
      targetId: string;
      text: string;
      mentions?: string[];
    }
  | {
      type: 'revoke';
      targetId: string;
    }
  | {
      type: 'poll_vote';
      targetId: string;
      options: string[];
    }
  | {
      type: 'event_response';
      targetId: string;
      response: EventAnswer;
      extraGuests?: number;
    }
  | {
      type: 'pin';
      targetId: string;
      pinned: boolean;
      duration?: number;
    }
  | {
      type: 'disappearing_timer';
      seconds: number;
    };

export type ForwardMessage = {
  chatId: string;
  sendAt?: string;
  expiresAt?: string;
};

export type OutboxPage = {
  waiting: OutboxEntry[];
  after: string | null;
  pacing: PacingState;
};

export type OutboxEntry = {
  message: Message;
  waitingFor: WaitingFor;
  dueAt: string;
  attempts: number;
  expiresAt: string | null;
};

export type WaitingFor =
  | 'schedule'
  | 'connection'
  | 'pace'
  | 'day'
  | 'new-chats'
  | 'quiet-hours'
  | 'retry'
  | 'turn'
  | 'ack';

export type PacingState = {
  settings: PacingSettings;
  lastMinute: number;
  today: number;
  newChatsToday: number;
  nextAt: string | null;
};

export type SandboxPhoneList = {
  phones: SandboxPhone[];
};

export type SandboxPhone = {
  phone: string;
  name: string;
};

export type SandboxScan = {
  sessionId: string;
  phone: string;
};

export type WebhookPage = {
  webhooks: Webhook[];
  after: string | null;
};

export type Webhook = {
  id: string;
  name: string | null;
  url: string;
  /** Events of this session; null: of all sessions */
  sessionId: SessionId | null;
  /** Only these events, under these names; empty: all, under their own */
  events: (EventName | NotificationEventName)[];
  /** Of events about a chat only those of these chats (chat id, phone number or jid); empty: all */
  chats: string[];
  /** Whether messages of the history sync are delivered too */
  history: boolean;
  /** Whether `session.message` also carries the message as the engine has it (`data.raw`, in base64) */
  raw: boolean;
  /** Disabled: nothing is delivered, and what waits goes on waiting */
  enabled: boolean;
  /** Names only */
  headers: string[];
  createdAt: string;
  updatedAt: string;
  /** Deliveries that are still to be made */
  pending: number;
  /** Deliveries that were given up */
  dead: number;
};

export type EventName =
  | 'session.created'
  | 'session.qr'
  | 'session.status'
  | 'session.history'
  | 'session.message'
  | 'message.status'
  | 'message.edited'
  | 'message.deleted'
  | 'message.reaction'
  | 'message.pinned'
  | 'poll.vote'
  | 'event.response'
  | 'session.restricted'
  | 'chat.merged'
  | 'session.closed'
  | 'session.removed'
  | 'session.deleted'
  | 'group.updated'
  | 'group.participants'
  | 'chat.updated'
  | 'chatbot.conversation'
  | 'bulk.state'
  | 'chat.team'
  | 'chat.note'
  | 'chat.deleted'
  | 'label.updated'
  | 'call.offered'
  | 'call.ended';

export type NotificationEventName =
  | 'whatsapp.qr'
  | 'whatsapp.authenticated'
  | 'whatsapp.ready'
  | 'whatsapp.auth_failure'
  | 'whatsapp.disconnected'
  | 'whatsapp.manual_disconnect'
  | 'whatsapp.manual_reconnect'
  | 'whatsapp.message_create'
  | 'whatsapp.message_sent';

export type CreateWebhook = {
  url: string;
  name?: string | null;
  /** Events of this session; null: of all sessions */
  sessionId?: SessionId | null;
  /** Only these events, under these names; empty: all, under their own */
  events?: (EventName | NotificationEventName)[];
  /** Of events about a chat only those of these chats (chat id, phone number or jid); empty: all */
  chats?: string[];
  /** Whether messages of the history sync are delivered too */
  history?: boolean;
  /** Whether `session.message` also carries the message as the engine has it (`data.raw`, in base64) */
  raw?: boolean;
  /** Disabled: nothing is delivered, and what waits goes on waiting */
  enabled?: boolean;
  /** Sent with each call; stored encrypted, never shown again */
  headers?: {
    [name: string]: string;
  };
  /** Signs the calls; made by the server when absent */
  secret?: string;
};

export type WebhookWithSecret = {
  id: string;
  name: string | null;
  url: string;
  /** Events of this session; null: of all sessions */
  sessionId: SessionId | null;
  /** Only these events, under these names; empty: all, under their own */
  events: (EventName | NotificationEventName)[];
  /** Of events about a chat only those of these chats (chat id, phone number or jid); empty: all */
  chats: string[];
  /** Whether messages of the history sync are delivered too */
  history: boolean;
  /** Whether `session.message` also carries the message as the engine has it (`data.raw`, in base64) */
  raw: boolean;
  /** Disabled: nothing is delivered, and what waits goes on waiting */
  enabled: boolean;
  /** Names only */
  headers: string[];
  createdAt: string;
  updatedAt: string;
  /** Deliveries that are still to be made */
  pending: number;
  /** Deliveries that were given up */
  dead: number;
  secret: string;
};

export type UpdateWebhook = {
  url?: string;
  name?: string | null;
  /** Events of this session; null: of all sessions */
  sessionId?: SessionId | null;
  /** Only these events, under these names; empty: all, under their own */
  events?: (EventName | NotificationEventName)[];
  /** Of events about a chat only those of these chats (chat id, phone number or jid); empty: all */
  chats?: string[];
  /** Whether messages of the history sync are delivered too */
  history?: boolean;
  /** Whether `session.message` also carries the message as the engine has it (`data.raw`, in base64) */
  raw?: boolean;
  /** Disabled: nothing is delivered, and what waits goes on waiting */
  enabled?: boolean;
  /** Signs the calls; made by the server when absent */
  secret?: string;
  /** All headers anew; null keeps the value that a header has */
  headers?: {
    [name: string]: string | null;
  };
};

export type WebhookTestAnswer = {
  at: string;
  durationMs: number;
  /** HTTP status; null when there was no answer */
  status: number | null;
  error: string | null;
  /** The head of the answer */
  response: string | null;
  delivered: boolean;
  /** Its entry in the delivery log */
  deliveryId: string;
};

export type DeliveryState = 'pending' | 'delivered' | 'dead' | 'failed';

export type DeliveryPage = {
  deliveries: WebhookDelivery[];
  before: string | null;
};

export type WebhookDelivery = {
  id: string;
  webhookId: string;
  eventId: string;
  eventName: string;
  /** Null: a test, which is not in the log */
  position: number | null;
  sessionId: string | null;
  chatId: string | null;
  cause: 'event' | 'redelivery' | 'test';
  state: DeliveryState;
  attempts: number;
  createdAt: string;
  nextAttemptAt: string | null;
  finishedAt: string | null;
  /** The last attempts, oldest first */
  log: WebhookAttempt[];
};

export type WebhookAttempt = {
  at: string;
  durationMs: number;
  /** HTTP status; null when there was no answer */
  status: number | null;
  error: string | null;
  /** The head of the answer */
  response: string | null;
};

export type Redeliver =
  | {
      deliveryId: string;
    }
  | {
      dead: true;
    }
  | {
      from: string;
      to?: string;
    };

export type AccountGroupPage = {
  groups: AccountGroup[];
  after: string | null;
};

export type AccountGroup = {
  id: string;
  subject: string;
  description: string | null;
  ownerJid: string | null;
  createdAt: string | null;
  announce: boolean;
  locked: boolean;
  joinApproval: boolean;
  ephemeralSeconds: number;
  size: number;
  isMember: boolean;
  ownRole: GroupRole | null;
  profilePicUrl: string | null;
  sessionId: string;
  accountName: string | null;
};

export type RoutePage = {
  routes: Route[];
  after: string | null;
};

export type Route = {
  id: string;
  sourceGroupId: string;
  targetGroupIds: string[];
  /** The account that forwards */
  sessionId: string;
  source: {
    id: string;
    subject: string | null;
  };
  targets: {
    id: string;
    subject: string | null;
    /** Whether the account is in it */
    isMember: boolean;
  }[];
  createdAt: string;
};

export type CreateRoute = {
  sourceGroupId: string;
  targetGroupIds: string[];
  /** The account that forwards; absent: one that is in the source and in all targets */
  sessionId?: SessionId;
};

export type RouteTest = {
  results: {
    targetGroupId: string;
    accepted: boolean;
    messageId: string | null;
    /** Why it cannot be sent there */
    error: string | null;
  }[];
};

export type ForwardList = {
  forwards: Forward[];
  before: string | null;
};

export type Forward = {
  id: string;
  routeId: string;
  /** The account that forwards */
  sessionId: string;
  sourceGroupId: string;
  targetGroupId: string;
  sourceSubject: string | null;
  targetSubject: string | null;
  sourceMessageId: string;
  text: string | null;
  state: ForwardState;
  /** The message in the target, once it has an id */
  messageId: string | null;
  error: string | null;
  failure?: SendFailure;
  createdAt: string;
};

/** `pending` before it is in the outbox, then how far the message has come */
export type ForwardState = 'pending' | MessageStatus;

export type KnowledgeHits = {
  results: {
    item: KnowledgeItem;
    snippet: {
      /** The text around what was found */
      text: string;
      /** Where it stands in `text`, in UTF-16 units; `end` is excluded */
      highlights: {
        start: number;
        end: number;
      }[];
    };
  }[];
  /** Continues the results; null at their end */
  after: string | null;
  /** The search engine was away; the database answered in its place */
  degraded: boolean;
};

export type KnowledgeItem = {
  messageId: string;
  groupId: string;
  groupSubject: string | null;
  sessionId: string;
  senderJid: string | null;
  senderPhone: string | null;
  senderName: string | null;
  type: string;
  text: string;
  tags: string[];
  timestamp: string;
  approvedAt: string;
};

export type KnowledgeTags = {
  tags: {
    tag: string;
    count: number;
  }[];
};

export type KnowledgeAdmins = {
  admins: KnowledgeAdmin[];
};

export type KnowledgeAdmin = {
  jid: string;
  phone: string | null;
  name: string | null;
};

export type SetKnowledgeAdmins = {
  admins: string[];
};

export type ReindexState = {
  running: boolean;
  /** Messages that were gone through */
  done: number;
  /** Kept messages when it began */
  total: number;
  startedAt: string | null;
  finishedAt: string | null;
};

export type JobOverview = {
  runner: 'embedded' | 'redis';
  /** Whether Redis is there; null where none is used */
  connected: boolean | null;
  queues: JobQueueCounts[];
};

export type JobQueueCounts = {
  name: string;
  /** Can run now */
  waiting: number;
  /** Under way, here or in a program that reads the queue */
  active: number;
  /** Waits for its time, or for its next attempt */
  delayed: number;
  /** Given up */
  failed: number;
};

export type FailedJobPage = {
  jobs: FailedJob[];
  before: string | null;
};

export type FailedJob = {
  number: number;
  jobId: string;
  queue: string;
  attempts: number;
  /** Of the last attempt */
  reason: string;
  createdAt: string;
  failedAt: string;
};

export type RetryFailedJobs = {
  /** Of this queue; absent: of all */
  queue?: string;
};

export type RetriedJobs = {
  /** How many jobs wait to run again */
  retried: number;
};

export type ChatbotList = {
  chatbots: Chatbot[];
};

export type Chatbot = {
  id: string;
  name: string;
  sessionId: string;
  enabled: boolean;
  responder: Responder;
  ai: {
    /** Of the API, up to before `/chat/completions`: `https://api.openai.com/v1` */
    baseUrl: string | null;
    model: string | null;
    /** The system prompt */
    prompt: string;
    /** How much of the conversation the model is shown, in estimated tokens */
    historyTokens: number;
    /** Longest answer (`max_tokens`) */
    answerTokens: number;
    /** Whether the answer is asked for as a stream */
    stream: boolean;
    /** Spend cap: once so many tokens were used in a day (UTC), people take over */
    tokensPerDay: number | null;
    hasApiKey: boolean;
  };
  /** Called with each question: docs/chatbots.md */
  webhookUrl: string | null;
  /** Who writes in several pieces is answered once, after so long a silence */
  quietSeconds: number;
  createdAt: string;
  updatedAt: string;
};

export type Responder = 'none' | 'ai' | 'webhook';

export type CreateChatbot = {
  name: string;
  enabled?: boolean;
  responder?: Responder;
  /** The key is stored encrypted and never shown again; null removes it */
  ai?: {
    /** Of the API, up to before `/chat/completions`: `https://api.openai.com/v1` */
    baseUrl?: string | null;
    model?: string | null;
    /** The system prompt */
    prompt?: string;
    /** How much of the conversation the model is shown, in estimated tokens */
    historyTokens?: number;
    /** Longest answer (`max_tokens`) */
    answerTokens?: number;
    /** Whether the answer is asked for as a stream */
    stream?: boolean;
    /** Spend cap: once so many tokens were used in a day (UTC), people take over */
    tokensPerDay?: number | null;
    apiKey?: string | null;
  };
  /** Called with each question: docs/chatbots.md */
  webhookUrl?: string | null;
  /** Who writes in several pieces is answered once, after so long a silence */
  quietSeconds?: number;
  sessionId: SessionId;
};

export type CreatedChatbot = {
  id: string;
  name: string;
  sessionId: string;
  enabled: boolean;
  responder: Responder;
  ai: {
    /** Of the API, up to before `/chat/completions`: `https://api.openai.com/v1` */
    baseUrl: string | null;
    model: string | null;
    /** The system prompt */
    prompt: string;
    /** How much of the conversation the model is shown, in estimated tokens */
    historyTokens: number;
    /** Longest answer (`max_tokens`) */
    answerTokens: number;
    /** Whether the answer is asked for as a stream */
    stream: boolean;
    /** Spend cap: once so many tokens were used in a day (UTC), people take over */
    tokensPerDay: number | null;
    hasApiKey: boolean;
  };
  /** Called with each question: docs/chatbots.md */
  webhookUrl: string | null;
  /** Who writes in several pieces is answered once, after so long a silence */
  quietSeconds: number;
  createdAt: string;
  updatedAt: string;
  webhookSecret: string;
};

export type ChangeChatbot = {
  name?: string;
  enabled?: boolean;
  responder?: Responder;
  /** The key is stored encrypted and never shown again; null removes it */
  ai?: {
    /** Of the API, up to before `/chat/completions`: `https://api.openai.com/v1` */
    baseUrl?: string | null;
    model?: string | null;
    /** The system prompt */
    prompt?: string;
    /** How much of the conversation the model is shown, in estimated tokens */
    historyTokens?: number;
    /** Longest answer (`max_tokens`) */
    answerTokens?: number;
    /** Whether the answer is asked for as a stream */
    stream?: boolean;
    /** Spend cap: once so many tokens were used in a day (UTC), people take over */
    tokensPerDay?: number | null;
    apiKey?: string | null;
  };
  /** Called with each question: docs/chatbots.md */
  webhookUrl?: string | null;
  /** Who writes in several pieces is answered once, after so long a silence */
  quietSeconds?: number;
};

export type TestChat = {
  /** What the contact says */
  message: string;
  /** What was said before, oldest first */
  history?: {
    by: 'contact' | 'bot';
    content: string;
  }[];
};

export type TestChatAnswer = {
  /** Null: it chose not to answer */
  content: string | null;
  tokensIn: number;
  tokensOut: number;
  durationMs: number;
};

export type ChatbotUsage = {
  days: ChatbotDay[];
};

export type ChatbotDay = {
  day: string;
  messagesIn: number;
  messagesOut: number;
  answers: number;
  /** Questions that were given up */
  failures: number;
  tokensIn: number;
  tokensOut: number;
};

export type ConversationPage = {
  conversations: Conversation[];
  after: string | null;
};

export type Conversation = {
  id: string;
  chatbotId: string;
  sessionId: string;
  chatId: string;
  /** what the contact is called, where that is known */
  name: string | null;
  state: ConversationState;
  /** Null: as it began */
  stateCause: StateCause | null;
  stateAt: string | null;
  lastMessageAt: string;
  lastMessage: {
    content: string;
    fromMe: boolean;
  } | null;
  /** Why the last question has no answer */
  error: string | null;
};

export type ConversationMessagePage = {
  messages: ConversationMessage[];
  before: string | null;
};

export type ConversationMessage = {
  /** WhatsApp's id */
  id: string;
  by: 'contact' | 'bot' | 'human';
  content: string;
  timestamp: string;
};

export type HandOver = {
  state: ConversationState;
};

export type InitBotSession = {
  /** Starts the session of this chatbot */
  chatbotId?: string;
  /** Starts this session; absent: a new one */
  sessionId?: SessionId;
};

export type BotSession = {
  success: true;
  sessionId: string;
  status: ChatbotSessionStatus;
  phone: string | null;
};

export type ChatbotSessionStatus = 'DISCONNECTED' | 'CONNECTING' | 'QR_READY' | 'CONNECTED';

export type BotQr = {
  success: true;
  sessionId: string;
  status: ChatbotSessionStatus;
  /** A PNG as a base64 data URL; null while there is none */
  qrCode: string | null;
  expiresAt: string | null;
};

export type BotSend = {
  sessionId: SessionId;
  /** Phone number, chat id or jid */
  to: string;
  message: string;
};

export type NameBotSession = {
  sessionId: SessionId;
};

export type SendTemplate = {
  chatId: string;
  templateId: string;
  /** Absent: the first one */
  language?: string;
  /** By the name of the variable */
  values?: {
    [name: string]: string | number;
  };
  quotedMessageId?: string;
  sendAt?: string;
  expiresAt?: string;
};

export type TemplatePage = {
  templates: Template[];
  after: string | null;
};

export type Template = {
  id: string;
  name: string;
  variables: TemplateVariable[];
  /** The first one stands in for other languages */
  variants: TemplateVariant[];
  media: TemplateMedia | null;
  createdAt: string;
  updatedAt: string;
};

export type TemplateVariable = {
  name: string;
  /** Without a value and a default nothing is sent */
  required: boolean;
  /** Stands where no value is given */
  default: string | null;
};

export type TemplateVariant = {
  /** BCP 47: en, pt-BR, ar */
  language: string;
  /** The text, or the caption of the file, with {{variables}} in it */
  body: string;
};

export type TemplateMedia = {
  type: 'image' | 'video' | 'audio' | 'document' | 'sticker';
  mimetype: string;
  filename: string | null;
  /** Bytes */
  size: number;
};

export type CreateTemplate = {
  name: string;
  variants: TemplateVariant[];
  /** Absent: what stands in the texts, all of it required */
  variables?: NewTemplateVariable[];
};

export type NewTemplateVariable = {
  name: string;
  /** Without a value and a default nothing is sent */
  required?: boolean;
  /** Stands where no value is given */
  default?: string | null;
};

export type ChangeTemplate = {
  name?: string;
  variants?: TemplateVariant[];
  /** Absent: what stands in the texts, all of it required */
  variables?: NewTemplateVariable[];
};

export type PreviewTemplate = {
  /** Absent: the first one */
  language?: string;
  /** By the name of the variable */
  values?: {
    [name: string]: string | number;
  };
};

export type TemplatePreview = {
  /** Of the text that was taken */
  language: string;
  text: string;
  media: TemplateMedia | null;
};

export type CreateBulkSend = {
  name: string;
  /** Either this or `text` */
  templateId?: string;
  /** Either this or `templateId`; may have {{variables}}, all of them required */
  text?: string;
  /** Of the template, where a row does not say its own */
  language?: string;
  /** Of numbers without a country code (ISO 3166-1: BR, DE, IN) */
  defaultCountry?: string;
  /** Begins then; absent: at once. At most a year ahead */
  sendAt?: string;
  /** Whether it may take several days when there are more rows than the daily limit allows */
  spreadOverDays?: boolean;
  rows: NewBulkRow[];
};

export type NewBulkRow = {
  phone: string;
  /** By the name of the variable */
  values?: {
    [name: string]: string | number;
  };
  /** BCP 47: en, pt-BR, ar */
  language?: string;
};

export type BulkSend = {
  id: string;
  sessionId: string;
  name: string;
  state: BulkState;
  /** Null: it is not paused, or by somebody */
  pausedBecause: BulkPause | null;
  templateId: string | null;
  /** As it was called when the send was made */
  templateName: string | null;
  /** What is sent, with {{variables}} */
  text: string;
  hasMedia: boolean;
  /** Rows, also those that are not sent */
  total: number;
  counts: BulkCounts;
  spreadOverDays: boolean;
  sendAt: string | null;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  /** When the last row is expected to leave; null in lists, and where nothing is left */
  endsAt: string | null;
};

/** Rows by their state */
export type BulkCounts = {
  pending: number;
  queued: number;
  sent: number;
  delivered: number;
  read: number;
  failed: number;
  cancelled: number;
  invalid: number;
  duplicate: number;
};

export type CheckBulkSend = {
  name?: string;
  /** Either this or `text` */
  templateId?: string;
  /** Either this or `templateId`; may have {{variables}}, all of them required */
  text?: string;
  /** Of the template, where a row does not say its own */
  language?: string;
  /** Of numbers without a country code (ISO 3166-1: BR, DE, IN) */
  defaultCountry?: string;
  /** Begins then; absent: at once. At most a year ahead */
  sendAt?: string;
  /** Whether it may take several days when there are more rows than the daily limit allows */
  spreadOverDays?: boolean;
  rows: NewBulkRow[];
};

export type BulkCheck = {
  /** Of the file, in its order; null: no file */
  columns: string[] | null;
  phoneColumn: string | null;
  languageColumn: string | null;
  /** The column of each variable; null: none was found */
  mapping: {
    [name: string]: string | null;
  };
  total: number;
  valid: number;
  invalid: number;
  duplicate: number;
  /** The first rows that would not be sent */
  problems: BulkRow[];
  /** The first rows that would be */
  preview: BulkRow[];
  /** Null: there is nothing to send */
  estimate: BulkEstimate | null;
};

export type BulkRow = {
  /** From 1, in the order of sending */
  number: number;
  /** Of the file, from 1; of JSON, the place in `rows`, from 1 */
  line: number;
  /** Digits; of an invalid row as it was given */
  phone: string;
  /** What is sent to this number */
  text: string | null;
  state: BulkRowState;
  reason: BulkRowReason | null;
  error: string | null;
  messageId: string | null;
  changedAt: string | null;
};

export type BulkRowState =
  | 'pending'
  | 'queued'
  | 'sent'
  | 'delivered'
  | 'read'
  | 'failed'
  | 'cancelled'
  | 'invalid'
  | 'duplicate';

export type BulkRowReason =
  | 'no_phone'
  | 'invalid_phone'
  | 'missing_variable'
  | 'unknown_variable'
  | 'too_long'
  | 'repeated';

export type BulkEstimate = {
  /** That would be sent */
  messages: number;
  /** To persons with whom nothing was written yet */
  newChats: number;
  beginsAt: string;
  /** If nothing else is sent */
  endsAt: string;
  /** Calendar days of the session on which something leaves */
  days: number;
  perMinute: number | null;
  perDay: number | null;
  newChatsPerDay: number | null;
  /** Of the daily limit; null: there is none */
  leftOnFirstDay: number | null;
  /** Why it would be refused: it is over a limit and may not spread over days */
  refusal: string | null;
};

export type BulkSendPage = {
  bulkSends: BulkSend[];
  after: string | null;
};

export type BulkRowPage = {
  rows: BulkRow[];
  after: string | null;
};

export type NumberStatusAnswer = {
  success: true;
  data: NumberStatus;
  message?: string;
};

export type NumberStatus = {
  /** Whether messages go out now */
  ready: boolean;
  /** Whether it connects by itself; nobody has to do anything */
  initializing: boolean;
  hasQRCode: boolean;
  /** That failed in a row */
  reconnectAttempts: number;
  /** The same in a sentence */
  message: string;
};

export type ConnectionStatusAnswer = {
  success: true;
  data: ConnectionStatus;
  message?: string;
};

export type ConnectionStatus = {
  /** Null: there is none yet */
  sessionId: string | null;
  status: NotificationStatus;
  /** Whether messages go out now */
  ready: boolean;
  /** Whether it connects by itself; nobody has to do anything */
  initializing: boolean;
  hasQRCode: boolean;
  /** That failed in a row */
  reconnectAttempts: number;
  qrCodeExpiry: string | null;
  /** Since when it is like this */
  lastUpdated: string | null;
  /** The same in a sentence */
  message: string;
};

export type NotificationStatus =
  | 'DISCONNECTED'
  | 'CONNECTING'
  | 'QR_READY'
  | 'AUTHENTICATED'
  | 'READY'
  | 'AUTH_FAILURE';

export type IsAuthenticatedAnswer = {
  success: true;
  data: {
    /** Whether a number is linked */
    authenticated: boolean;
    /** The same in a sentence */
    message: string;
  };
  message?: string;
};

export type NumberQrAnswer = {
  success: true;
  data: NumberQr;
  message?: string;
};

export type NumberQr = {
  /** A PNG data URL */
  qr: string;
  generatedAt: string;
  /** The next one follows by itself */
  expiresAt: string;
  /** The same in a sentence */
  message: string;
};

export type NewQrAnswer = {
  success: true;
  data: {
    /** A PNG data URL */
    qr: string;
    generatedAt: string;
    /** The next one follows by itself */
    expiresAt: string;
    /** The same in a sentence */
    message: string;
    expiryInSeconds: number;
  };
  message?: string;
};

export type SendNotification = {
  /** With its country code, or as it is written in DEFAULT_COUNTRY */
  phone: string;
  message: string;
};

export type NotificationAnswer = {
  success: boolean;
  message: string;
  data: {
    messageId: string;
    chatId: string;
    status: MessageStatus;
    dueAt?: string;
  };
};

export type NumberCommandAnswer = {
  success: true;
  message: string;
  data: {
    sessionId: string;
    status: NotificationStatus;
  };
};

export type DefaultSessionAnswer = {
  success: true;
  data: {
    /** Null: there is none yet */
    sessionId: string | null;
    /** Whether the caller has chosen it; else it is the oldest one */
    chosen: boolean;
  };
  message?: string;
};

export type ChooseDefaultSession = {
  /** Null: the oldest one again */
  sessionId: SessionId | null;
};

export type DeliveryDays = {
  days: DeliveryDay[];
  total: DeliveryCounts;
};

export type DeliveryDay = {
  day: string;
  /** All that was to be sent */
  accepted: number;
  /** Taken by WhatsApp, whatever came after */
  sent: number;
  /** Reached a device of the recipient, read or not */
  delivered: number;
  read: number;
  failed: number;
};

export type DeliveryCounts = {
  /** All that was to be sent */
  accepted: number;
  /** Taken by WhatsApp, whatever came after */
  sent: number;
  /** Reached a device of the recipient, read or not */
  delivered: number;
  read: number;
  failed: number;
};

export type DeliveryBy = 'session' | 'template' | 'bulk';

export type DeliveryGroups = {
  groups: DeliveryGroup[];
};

export type DeliveryGroup = {
  id: string;
  /** Null: it has none, or is gone */
  name: string | null;
  /** All that was to be sent */
  accepted: number;
  /** Taken by WhatsApp, whatever came after */
  sent: number;
  /** Reached a device of the recipient, read or not */
  delivered: number;
  read: number;
  failed: number;
};

export type BotStatusNotice = {
  sessionId: SessionId;
  status: ChatbotSessionStatus;
  /** The number, with `CONNECTED` */
  phone?: Phone | null;
  /** A PNG in base64, as a data URL or bare, with `QR_READY`; absent: it is fetched */
  qrCode?: string | null;
  /** Of the QR */
  expiresAt?: string | null;
};

export type BotIncoming = {
  sessionId: SessionId;
  /** WhatsApp's id; told again, it changes nothing */
  messageId: string;
  /** Phone number or jid of who wrote it */
  from: string;
  /** Where: a jid or phone number; absent: the private chat with `from` */
  chatId?: string | null;
  /** The text or caption; empty: something without words */
  message: string;
  /** What it is, when it is no text: `image` ... */
  type?: string | null;
  /** What the author is called */
  name?: string | null;
  /** ISO 8601, or seconds since the epoch */
  timestamp: string | number;
  /** Written on the phone itself; never what `POST /send` asked for */
  fromMe?: boolean;
};

/** Every endpoint of the API, by subject. */
export interface Api {
  health: {
    /** Whether the server answers; open to everyone */
    health(options?: RequestOptions): Promise<Health>;
    /** Whether the process answers at all; open to everyone */
    live(options?: RequestOptions): Promise<Live>;
    /** Whether requests may come here; open to everyone */
    ready(options?: RequestOptions): Promise<Ready>;
  };
  metrics: {
    /** Metrics for Prometheus */
    read(options?: RequestOptions): Promise<string>;
  };
  setUp: {
    /** Whether there is no user yet; open to everyone */
    state(options?: RequestOptions): Promise<SetUpState>;
    /** Create the first admin, and sign in; needs the token that the server printed */
    setUp(body: SetUp, options?: RequestOptions): Promise<Done>;
  };
  auth: {
    /** Sign a browser in, with e-mail and password or the server’s API key */
    signIn(body: SignIn, options?: RequestOptions): Promise<Done>;
    /** End this browser’s sign-in */
    signOut(options?: RequestOptions): Promise<Done>;
    /** End all sign-ins of the caller, this one too */
    signOutEverywhere(options?: RequestOptions): Promise<Done>;
    /** Browsers in which the caller has signed in, newest first */
    list(
      query?: { limit?: number | undefined; before?: string | undefined },
      options?: RequestOptions,
    ): Promise<LoginPage>;
    /** Sign one of the caller’s browsers out */
    end(loginId: string, options?: RequestOptions): Promise<Done>;
    /** Change the caller’s password; ends the other sign-ins */
    changePassword(body: ChangePassword, options?: RequestOptions): Promise<Done>;
    /** A short-lived bearer (JWT) for a program, for what the caller may do or less */
    token(body?: RequestToken, options?: RequestOptions): Promise<BearerToken>;
    /** What an invitation or reset link is for */
    look(body: LinkToken, options?: RequestOptions): Promise<LinkPurpose>;
    /** Accept an invitation or set a new password, and sign in */
    use(body: UseLink, options?: RequestOptions): Promise<Done>;
  };
  me: {
    /** Who is asking, and what this server is */
    me(options?: RequestOptions): Promise<Me>;
    /** Change the caller’s name, or note that the first steps are done */
    change(body: ChangeMe, options?: RequestOptions): Promise<Me>;
    /** Set the caller’s own WhatsApp number */
    updatePhone(body: UpdatePhone, options?: RequestOptions): Promise<Me>;
  };
  users: {
    /** The people who work with this server, in the order they came */
    list(
      query?: { limit?: number | undefined; after?: string | undefined },
      options?: RequestOptions,
    ): Promise<UserPage>;
    /** Change a user’s role or name */
    change(userId: string, body: ChangeUser, options?: RequestOptions): Promise<User>;
    /** Remove a user with all sign-ins and keys; the accounts stay */
    remove(userId: string, options?: RequestOptions): Promise<Done>;
    /** A link with which a user sets a new password, once */
    resetLink(userId: string, options?: RequestOptions): Promise<OneTimeLink>;
    /** Invitations that can still be accepted, newest first */
    invitations(
      query?: { limit?: number | undefined; before?: string | undefined },
      options?: RequestOptions,
    ): Promise<InvitationPage>;
    /** A link with which somebody becomes a user, once; shown only here */
    invite(body: Invite, options?: RequestOptions): Promise<OneTimeLink>;
    /** Take an invitation back */
    revoke(invitationId: string, options?: RequestOptions): Promise<Done>;
  };
  apiKeys: {
    /** API keys, newest first: the caller’s, for admins all */
    list(
      query?: { limit?: number | undefined; before?: string | undefined },
      options?: RequestOptions,
    ): Promise<ApiKeyPage>;
    /** A new API key for the caller; the answer shows it once */
    create(body: CreateApiKey, options?: RequestOptions): Promise<NewApiKey>;
    /** Revoke a key; streams that it opened end too */
    revoke(keyId: string, options?: RequestOptions): Promise<Done>;
  };
  audit: {
    /** What was done to users, keys, shares and accounts, newest first */
    list(
      query?: {
        limit?: number | undefined;
        before?: string | undefined;
        action?: AuditAction | undefined;
        userId?: string | undefined;
        target?: string | undefined;
      },
      options?: RequestOptions,
    ): Promise<AuditPage>;
  };
  sessions: {
    /** All sessions, oldest first */
    list(options?: RequestOptions): Promise<SessionList>;
    /** Create a session under an id of ours and start it */
    create(body?: EnsureSession, options?: RequestOptions): Promise<Session>;
    /** One session */
    get(id: string, options?: RequestOptions): Promise<Session>;
    /** Create or ensure: starts the session and answers with its QR or code */
    ensure(id: string, body?: EnsureSession, options?: RequestOptions): Promise<SessionAnswer>;
    /** Close the socket, keep the credentials */
    close(id: string, options?: RequestOptions): Promise<SessionAnswer>;
    /** Log the device out at WhatsApp and purge its credentials */
    remove(id: string, options?: RequestOptions): Promise<SessionAnswer>;
    /** Close the socket and open a new one */
    restart(id: string, options?: RequestOptions): Promise<SessionAnswer>;
    /** Status in the words of the inbox */
    status(id: string, options?: RequestOptions): Promise<SessionStatusAnswer>;
    /** The QR to scan now; never an expired one */
    qr(id: string, options?: RequestOptions): Promise<Qr>;
    /** A code to type on the phone instead of scanning a QR */
    pairingCode(
      id: string,
      body: RequestPairingCode,
      options?: RequestOptions,
    ): Promise<PairingCode>;
    /** What happened to the session, without its messages; newest last */
    events(
      id: string,
      query?: { limit?: number | undefined; before?: number | undefined },
      options?: RequestOptions,
    ): Promise<EventPage>;
  };
  settings: {
    /** The settings in force: what was set, and defaults for the rest */
    read(id: string, options?: RequestOptions): Promise<SessionSettings>;
    /** Change what the body names and leave the rest; at work at once */
    change(
      id: string,
      body: ChangeSessionSettings,
      options?: RequestOptions,
    ): Promise<SessionSettings>;
  };
  shares: {
    /** With whom the session is shared, beside its owner and admins */
    list(id: string, options?: RequestOptions): Promise<SessionShares>;
    /** Share the session with these users, or with everybody, and no others */
    set(id: string, body: SessionShares, options?: RequestOptions): Promise<SessionShares>;
  };
  accounts: {
    /** All accounts, oldest first; never with a QR */
    list(options?: RequestOptions): Promise<Account[]>;
    /** A new account; its QR follows within seconds */
    create(body?: CreateAccount, options?: RequestOptions): Promise<Account>;
    /** The QR as a PNG data URL, or null while there is none */
    qr(id: string, options?: RequestOptions): Promise<AccountQr>;
    /** Log out, purge the credentials and delete the account */
    delete(id: string, options?: RequestOptions): Promise<Done>;
  };
  chats: {
    /** Chats of the session by recency */
    list(
      id: string,
      query?: { limit?: number | undefined; after?: string | undefined },
      options?: RequestOptions,
    ): Promise<ChatPage>;
    /** One chat */
    one(id: string, chatId: string, options?: RequestOptions): Promise<Chat>;
    /** A page of a chat, oldest first: the newest, those `before` or `after` a cursor, or `around` a message */
    thread(
      id: string,
      chatId: string,
      query?: {
        limit?: number | undefined;
        before?: string | undefined;
        after?: string | undefined;
        around?: string | undefined;
      },
      options?: RequestOptions,
    ): Promise<MessagePage>;
    /** What was shared in a chat, newest first: pictures and videos, documents, or links */
    shared(
      id: string,
      chatId: string,
      query?: {
        limit?: number | undefined;
        after?: string | undefined;
        kind?: SharedKind | undefined;
      },
      options?: RequestOptions,
    ): Promise<SharedPage>;
    /** The newest messages of all chats, oldest first */
    recent(
      id: string,
      query?: { limit?: number | undefined; before?: string | undefined },
      options?: RequestOptions,
    ): Promise<MessagePage>;
    /** Messages with all words of `q`, newest first; "in quotation marks": words that follow each other */
    search(
      id: string,
      query: {
        q: string | undefined;
        chatId?: string | undefined;
        sender?: string | undefined;
        type?: string | undefined;
        from?: string | undefined;
        to?: string | undefined;
        limit?: number | undefined;
        after?: string | undefined;
      },
      options?: RequestOptions,
    ): Promise<SearchPage>;
  };
  chatTeam: {
    /** Start a chat with a phone number, or find the one there is */
    start(id: string, body: StartChat, options?: RequestOptions): Promise<Chat>;
    /** Take or hand over a chat, say what is still to do, label it */
    change(
      id: string,
      chatId: string,
      body: ChangeTeamState,
      options?: RequestOptions,
    ): Promise<Chat>;
    /** Private notes of a chat, newest first */
    list(
      id: string,
      chatId: string,
      query?: { limit?: number | undefined; after?: string | undefined },
      options?: RequestOptions,
    ): Promise<NotePage>;
    /** Write a private note; it is never sent */
    write(id: string, chatId: string, body: WriteNote, options?: RequestOptions): Promise<Note>;
    /** Change a private note; its author and admins may */
    rewrite(
      id: string,
      chatId: string,
      noteId: string,
      body: WriteNote,
      options?: RequestOptions,
    ): Promise<Note>;
    /** Delete a private note; its author and admins may */
    delete(id: string, chatId: string, noteId: string, options?: RequestOptions): Promise<Done>;
  };
  chatCommands: {
    /** Archive, pin, mute, mark as read or unread, set its timer; on the phone too */
    change(id: string, chatId: string, body: ChangeChat, options?: RequestOptions): Promise<Chat>;
    /** Delete the chat with its messages; on the phone too */
    delete(id: string, chatId: string, options?: RequestOptions): Promise<Done>;
    /** Ask the phone for older messages of the chat */
    askForHistory(
      id: string,
      chatId: string,
      body: AskForHistory,
      options?: RequestOptions,
    ): Promise<HistoryAsked>;
    /** The picture of the person or group */
    picture(
      id: string,
      chatId: string,
      query?: { size?: 'preview' | 'image' | undefined; v?: string | undefined },
      options?: RequestOptions,
    ): Promise<Response>;
    /** Show that somebody types or records, or has stopped */
    typing(id: string, chatId: string, body: ShowTyping, options?: RequestOptions): Promise<Done>;
    /** Show the account as online or not; while online the phone is quiet */
    presence(id: string, body: ShowPresence, options?: RequestOptions): Promise<Done>;
    /** Be told by events `presence` when a contact comes and goes */
    watch(id: string, body: WatchPresence, options?: RequestOptions): Promise<Done>;
    /** Refuse a call that rings */
    rejectCall(id: string, callId: string, options?: RequestOptions): Promise<Done>;
    /** Labels of the account; WhatsApp Business has them */
    labels(id: string, options?: RequestOptions): Promise<LabelList>;
    /** Make or change a label */
    setLabel(
      id: string,
      labelId: string,
      body: ChangeLabel,
      options?: RequestOptions,
    ): Promise<Done>;
    /** Delete a label, from all chats */
    deleteLabel(id: string, labelId: string, options?: RequestOptions): Promise<Done>;
    /** Put a label on a chat */
    addLabel(id: string, chatId: string, labelId: string, options?: RequestOptions): Promise<Chat>;
    /** Take a label off a chat */
    removeLabel(
      id: string,
      chatId: string,
      labelId: string,
      options?: RequestOptions,
    ): Promise<Chat>;
  };
  inbox: {
    /** Chats of all sessions that the caller may use: pinned ones first, then by recency */
    list(
      query?: {
        limit?: number | undefined;
        after?: string | undefined;
        account?: string | undefined;
        unread?: 'true' | 'false' | undefined;
        mine?: 'true' | 'false' | undefined;
        unassigned?: 'true' | 'false' | undefined;
        assignee?: string | undefined;
        groups?: 'true' | 'false' | undefined;
        status?: string | undefined;
        archived?: 'true' | 'false' | 'all' | undefined;
        label?: string | undefined;
        q?: string | undefined;
      },
      options?: RequestOptions,
    ): Promise<ChatPage>;
    /** How many chats are open, unread, mine: over all, by account, by agent */
    counts(options?: RequestOptions): Promise<ChatCounts>;
  };
  team: {
    /** The team's own labels, by name */
    listLabels(options?: RequestOptions): Promise<TeamLabelList>;
    /** Make a label */
    createLabel(body: NewTeamLabel, options?: RequestOptions): Promise<TeamLabel>;
    /** Rename or recolour a label */
    changeLabel(
      labelId: string,
      body: ChangeTeamLabel,
      options?: RequestOptions,
    ): Promise<TeamLabel>;
    /** Delete a label, off all chats; for admins */
    deleteLabel(labelId: string, options?: RequestOptions): Promise<Done>;
    /** The caller's own canned replies and the shared ones, by shortcut */
    listReplies(options?: RequestOptions): Promise<CannedReplyList>;
    /** Keep a text to answer with */
    createReply(body: NewCannedReply, options?: RequestOptions): Promise<CannedReply>;
    /** Change a canned reply; of shared ones the author and admins may */
    changeReply(
      replyId: string,
      body: ChangeCannedReply,
      options?: RequestOptions,
    ): Promise<CannedReply>;
    /** Delete a canned reply; of shared ones the author and admins may */
    deleteReply(replyId: string, options?: RequestOptions): Promise<Done>;
  };
  message: {
    /** One message; with `raw=1` also as the engine has it, in base64 */
    one(
      id: string,
      messageId: string,
      query?: { raw?: '0' | '1' | undefined },
      options?: RequestOptions,
    ): Promise<Message>;
  };
  media: {
    /** The file of a message, whole or a range; fetched from WhatsApp if it is not here yet */
    file(
      id: string,
      messageId: string,
      query?: { download?: '0' | '1' | undefined },
      options?: RequestOptions,
    ): Promise<Response>;
    /** The small picture that came with a message */
    thumbnail(id: string, messageId: string, options?: RequestOptions): Promise<Response>;
  };
  sendMedia: {
    /** Send a file: picture, video, audio or document, by its type */
    media(
      id: string,
      body:
        | FormData
        | {
            url: string;
            chatId: string;
            quotedMessageId?: string;
            sendAt?: string;
            expiresAt?: string;
            caption?: string;
            filename?: string;
            type?: 'image' | 'video' | 'audio' | 'document' | 'sticker';
            viewOnce?: 'true' | 'false';
          },
      query?: { wait?: 'sent' | 'delivered' | undefined; timeout?: number | undefined },
      options?: RequestOptions,
    ): Promise<SendAnswer>;
    /** Send a recording as a voice note */
    audio(
      id: string,
      body:
        | FormData
        | {
            url: string;
            chatId: string;
            quotedMessageId?: string;
            sendAt?: string;
            expiresAt?: string;
            viewOnce?: 'true' | 'false';
          },
      query?: { wait?: 'sent' | 'delivered' | undefined; timeout?: number | undefined },
      options?: RequestOptions,
    ): Promise<SendAnswer>;
  };
  groups: {
    /** Groups that the account is in */
    list(
      id: string,
      query?: { limit?: number | undefined; after?: string | undefined },
      options?: RequestOptions,
    ): Promise<GroupPage>;
    /** Create a group */
    create(id: string, body: CreateGroup, options?: RequestOptions): Promise<Group>;
    /** Join a group by its invite link */
    join(id: string, body: JoinGroup, options?: RequestOptions): Promise<JoinedGroup>;
    /** One group, as stored; nobody is asked */
    get(id: string, groupId: string, options?: RequestOptions): Promise<Group>;
    /** Change subject, description, settings */
    change(
      id: string,
      groupId: string,
      body: ChangeGroup,
      options?: RequestOptions,
    ): Promise<Group>;
    /** Who is in a group */
    participants(
      id: string,
      groupId: string,
      query?: { limit?: number | undefined; after?: string | undefined },
      options?: RequestOptions,
    ): Promise<ParticipantPage>;
    /** Add, remove, promote or demote people */
    changeParticipants(
      id: string,
      groupId: string,
      body: ChangeParticipants,
      options?: RequestOptions,
    ): Promise<ParticipantResults>;
    /** Who asks to be let in */
    joinRequests(
      id: string,
      groupId: string,
      query?: { limit?: number | undefined; after?: string | undefined },
      options?: RequestOptions,
    ): Promise<JoinRequestPage>;
    /** Let people in who asked for it, or do not */
    answerJoinRequests(
      id: string,
      groupId: string,
      body: AnswerJoinRequests,
      options?: RequestOptions,
    ): Promise<ParticipantResults>;
    /** Set the picture: the body is a JPEG, square, 640 pixels or so */
    setPicture(id: string, groupId: string, options?: RequestOptions): Promise<Done>;
    /** Take the picture away */
    removePicture(id: string, groupId: string, options?: RequestOptions): Promise<Done>;
    /** The invite link */
    invite(id: string, groupId: string, options?: RequestOptions): Promise<GroupInviteLink>;
    /** Make the invite link invalid; answers the new one */
    revokeInvite(id: string, groupId: string, options?: RequestOptions): Promise<GroupInviteLink>;
    /** Leave the group */
    leave(id: string, groupId: string, options?: RequestOptions): Promise<Done>;
  };
  contacts: {
    /** Contacts that the session knows by a name */
    list(
      id: string,
      query?: { limit?: number | undefined; after?: string | undefined },
      options?: RequestOptions,
    ): Promise<ContactPage>;
    /** Which of up to 50 numbers are on WhatsApp */
    check(id: string, body: CheckNumbers, options?: RequestOptions): Promise<CheckedNumbers>;
    /** Whom the account has blocked */
    blocked(id: string, options?: RequestOptions): Promise<BlockList>;
    /** The text below the name */
    about(id: string, contactId: string, options?: RequestOptions): Promise<About>;
    /** Block a contact */
    block(id: string, contactId: string, options?: RequestOptions): Promise<Done>;
    /** Unblock a contact */
    unblock(id: string, contactId: string, options?: RequestOptions): Promise<Done>;
  };
  send: {
    /** Accept a text for sending; its ticks follow as message.status events */
    text(
      id: string,
      body: SendText,
      query?: { wait?: 'sent' | 'delivered' | undefined; timeout?: number | undefined },
      options?: RequestOptions,
    ): Promise<SendAnswer>;
  };
  sendKinds: {
    /** Accept a message of any kind, or an action on one, for sending */
    send(
      id: string,
      body: SendMessage,
      query?: { wait?: 'sent' | 'delivered' | undefined; timeout?: number | undefined },
      options?: RequestOptions,
    ): Promise<SendAnswer>;
    /** Pass a message on to another chat */
    forward(
      id: string,
      messageId: string,
      body: ForwardMessage,
      query?: { wait?: 'sent' | 'delivered' | undefined; timeout?: number | undefined },
      options?: RequestOptions,
    ): Promise<SendAnswer>;
  };
  outbox: {
    /** What waits to be sent, for what and until when; limits and their use */
    list(
      id: string,
      query?: { limit?: number | undefined; after?: string | undefined },
      options?: RequestOptions,
    ): Promise<OutboxPage>;
    /** Cancel a message before it is handed to WhatsApp */
    cancel(id: string, messageId: string, options?: RequestOptions): Promise<Done>;
  };
  events: {
    /** Events after a position, oldest first; `after` continues */
    page(
      query?: {
        after?: number | undefined;
        sessionId?: SessionId | undefined;
        limit?: number | undefined;
        raw?: '0' | '1' | undefined;
      },
      options?: RequestOptions,
    ): Promise<EventPage>;
    /** The same as Server-Sent Events; resumes after Last-Event-ID */
    stream(
      query?: {
        after?: number | undefined;
        sessionId?: SessionId | undefined;
        events?: string | undefined;
      },
      options?: RequestOptions,
    ): Promise<Response>;
  };
  sandbox: {
    /** The simulated phones */
    phones(options?: RequestOptions): Promise<SandboxPhoneList>;
    /** Let a simulated phone scan the QR that a session shows */
    scan(body: SandboxScan, options?: RequestOptions): Promise<Done>;
  };
  webhooks: {
    /** All webhooks, oldest first */
    list(
      query?: { limit?: number | undefined; after?: string | undefined },
      options?: RequestOptions,
    ): Promise<WebhookPage>;
    /** A new webhook for events from now on; the answer shows its secret once */
    create(body: CreateWebhook, options?: RequestOptions): Promise<WebhookWithSecret>;
    /** One webhook, without its secret */
    get(id: string, options?: RequestOptions): Promise<Webhook>;
    /** Change a webhook; fields that are absent stay as they are */
    update(id: string, body: UpdateWebhook, options?: RequestOptions): Promise<Webhook>;
    /** Delete a webhook; what waits for it is dropped */
    delete(id: string, options?: RequestOptions): Promise<Done>;
    /** A new secret in place of the old one; shown once */
    renewSecret(id: string, options?: RequestOptions): Promise<WebhookWithSecret>;
    /** Call the webhook now with the event `webhook.test` */
    test(id: string, options?: RequestOptions): Promise<WebhookTestAnswer>;
    /** Deliveries with what came of them, newest first */
    listDeliveries(
      id: string,
      query?: {
        limit?: number | undefined;
        before?: string | undefined;
        state?: DeliveryState | undefined;
      },
      options?: RequestOptions,
    ): Promise<DeliveryPage>;
    /** Deliveries that were given up, newest first */
    listDead(
      id: string,
      query?: { limit?: number | undefined; before?: string | undefined },
      options?: RequestOptions,
    ): Promise<DeliveryPage>;
    /** Deliver again: one delivery, all that were given up, or the events of a time span */
    redeliver(id: string, body: Redeliver, options?: RequestOptions): Promise<Done>;
  };
  routes: {
    /** Groups of all accounts */
    listGroups(
      query?: {
        limit?: number | undefined;
        after?: string | undefined;
        sessionId?: SessionId | undefined;
      },
      options?: RequestOptions,
    ): Promise<AccountGroupPage>;
    /** Routes by which approved messages go on to other groups */
    list(
      query?: { limit?: number | undefined; after?: string | undefined },
      options?: RequestOptions,
    ): Promise<RoutePage>;
    /** A new route, for what is approved from now on */
    create(body: CreateRoute, options?: RequestOptions): Promise<Route>;
    /** Delete a route; what was approved before still goes its way */
    delete(routeId: string, options?: RequestOptions): Promise<Done>;
    /** Send a short message along a route now */
    test(routeId: string, options?: RequestOptions): Promise<RouteTest>;
    /** What was forwarded and how far it has come, newest first */
    listForwards(
      query?: {
        limit?: number | undefined;
        before?: string | undefined;
        routeId?: string | undefined;
      },
      options?: RequestOptions,
    ): Promise<ForwardList>;
  };
  knowledgeSearch: {
    /** Find approved messages of groups, best first; typos are forgiven */
    find(
      query?: {
        q?: string | undefined;
        group?: string | undefined;
        tag?: string | undefined;
        sender?: string | undefined;
        from?: string | undefined;
        to?: string | undefined;
        limit?: number | undefined;
        after?: string | undefined;
      },
      options?: RequestOptions,
    ): Promise<KnowledgeHits>;
    /** The tags of approved messages, the most used first */
    tags(options?: RequestOptions): Promise<KnowledgeTags>;
    /** All that a search finds, as CSV */
    export(
      query?: {
        q?: string | undefined;
        group?: string | undefined;
        tag?: string | undefined;
        sender?: string | undefined;
        from?: string | undefined;
        to?: string | undefined;
      },
      options?: RequestOptions,
    ): Promise<Response>;
  };
  knowledgeAdmins: {
    /** Whose star approves a message */
    list(options?: RequestOptions): Promise<KnowledgeAdmins>;
    /** Set whose star approves from now on: phone numbers or jids */
    set(body: SetKnowledgeAdmins, options?: RequestOptions): Promise<KnowledgeAdmins>;
  };
  reindex: {
    /** How far making the search index anew has come */
    state(options?: RequestOptions): Promise<ReindexState>;
    /** Make the search index anew, or go on where that was stopped */
    start(options?: RequestOptions): Promise<ReindexState>;
    /** Stop it; what was done stays done */
    stop(options?: RequestOptions): Promise<ReindexState>;
  };
  jobs: {
    /** The queues of jobs, and how many are in which state */
    overview(options?: RequestOptions): Promise<JobOverview>;
    /** Jobs that were given up, newest first */
    list(
      query?: {
        limit?: number | undefined;
        before?: string | undefined;
        queue?: string | undefined;
      },
      options?: RequestOptions,
    ): Promise<FailedJobPage>;
    /** Take up all failed jobs again, or all of a queue */
    retryAll(body: RetryFailedJobs, options?: RequestOptions): Promise<RetriedJobs>;
    /** Take up a failed job again */
    retry(jobNumber: string, options?: RequestOptions): Promise<Done>;
  };
  chatbots: {
    /** All chatbots, oldest first */
    list(options?: RequestOptions): Promise<ChatbotList>;
    /** A chatbot for a session; it reads what comes from now on */
    create(body: CreateChatbot, options?: RequestOptions): Promise<CreatedChatbot>;
    /** One chatbot, without its secrets */
    get(id: string, options?: RequestOptions): Promise<Chatbot>;
    /** Change a chatbot; fields that are absent stay as they are */
    change(id: string, body: ChangeChatbot, options?: RequestOptions): Promise<Chatbot>;
    /** Delete a chatbot with its conversations; the chats stay */
    delete(id: string, options?: RequestOptions): Promise<Done>;
    /** What the chatbot would answer; nothing is sent, tokens count */
    test(id: string, body: TestChat, options?: RequestOptions): Promise<TestChatAnswer>;
    /** Messages, answers and tokens by day (UTC), oldest first */
    usage(
      id: string,
      query?: { days?: number | undefined },
      options?: RequestOptions,
    ): Promise<ChatbotUsage>;
    /** Conversations, newest first */
    conversations(
      id: string,
      query?: {
        limit?: number | undefined;
        after?: string | undefined;
        state?: ConversationState | undefined;
        chatId?: string | undefined;
      },
      options?: RequestOptions,
    ): Promise<ConversationPage>;
    /** What was said in a conversation, newest first */
    messages(
      id: string,
      conversationId: string,
      query?: { limit?: number | undefined; before?: string | undefined },
      options?: RequestOptions,
    ): Promise<ConversationMessagePage>;
    /** Who answers from now on: the bot, people, nobody */
    handOver(
      id: string,
      conversationId: string,
      body: HandOver,
      options?: RequestOptions,
    ): Promise<Conversation>;
  };
  whatsappQr: {
    /** Create or start a session; its QR follows within seconds */
    init(body: InitBotSession, options?: RequestOptions): Promise<BotSession>;
    /** The QR to scan now; never an expired one */
    qr(sessionId: string, options?: RequestOptions): Promise<BotQr>;
    /** Status of a session */
    status(sessionId: string, options?: RequestOptions): Promise<BotSession>;
    /** The session of a chatbot */
    ofChatbot(chatbotId: string, options?: RequestOptions): Promise<BotSession>;
    /** Accept a text for sending, if the session is connected */
    send(body: BotSend, options?: RequestOptions): Promise<SendAnswer>;
    /** Close the socket, keep the credentials */
    disconnect(body: NameBotSession, options?: RequestOptions): Promise<BotSession>;
  };
  templateSends: {
    /** Accept one of your templates, filled in, for sending */
    send(
      id: string,
      body: SendTemplate,
      query?: { wait?: 'sent' | 'delivered' | undefined; timeout?: number | undefined },
      options?: RequestOptions,
    ): Promise<SendAnswer>;
  };
  templates: {
    /** Your templates, by name */
    list(
      query?: { limit?: number | undefined; after?: string | undefined },
      options?: RequestOptions,
    ): Promise<TemplatePage>;
    /** A template: a text in one or more languages, with {{variables}} */
    create(body: CreateTemplate, options?: RequestOptions): Promise<Template>;
    /** One template */
    get(templateId: string, options?: RequestOptions): Promise<Template>;
    /** Change a template; bulk sends that were made of it stay as they are */
    change(templateId: string, body: ChangeTemplate, options?: RequestOptions): Promise<Template>;
    /** Delete a template; bulk sends that were made of it go on */
    delete(templateId: string, options?: RequestOptions): Promise<Done>;
    /** The text with values filled in; nothing is sent */
    preview(
      templateId: string,
      body: PreviewTemplate,
      options?: RequestOptions,
    ): Promise<TemplatePreview>;
    /** The file that is sent with a template; its text becomes the caption */
    setMedia(templateId: string, body: FormData, options?: RequestOptions): Promise<Template>;
    /** Take the file away from a template */
    removeMedia(templateId: string, options?: RequestOptions): Promise<Template>;
  };
  bulkMaking: {
    /** Send to many: rows as JSON. Each row is sent once, at the pace of the session */
    create(id: string, body: CreateBulkSend, options?: RequestOptions): Promise<BulkSend>;
    /** What would be sent and when; nothing is stored */
    check(id: string, body: CheckBulkSend, options?: RequestOptions): Promise<BulkCheck>;
    /** Send to many: a CSV file whose first line names the columns */
    createOfFile(id: string, body: FormData, options?: RequestOptions): Promise<BulkSend>;
    /** What would be sent of a CSV file, and when; nothing is stored */
    checkFile(id: string, body: FormData, options?: RequestOptions): Promise<BulkCheck>;
  };
  bulkSends: {
    /** Bulk sends, newest first, with how far each is */
    list(
      query?: {
        limit?: number | undefined;
        after?: string | undefined;
        sessionId?: SessionId | undefined;
        state?: BulkState | undefined;
      },
      options?: RequestOptions,
    ): Promise<BulkSendPage>;
    /** One bulk send, and when it is expected to end */
    get(bulkId: string, options?: RequestOptions): Promise<BulkSend>;
    /** Delete one that is not running, with its rows; the messages stay */
    delete(bulkId: string, options?: RequestOptions): Promise<Done>;
    /** Its rows in the order of sending, with what became of each */
    rows(
      bulkId: string,
      query?: {
        limit?: number | undefined;
        after?: string | undefined;
        state?: BulkRowState | undefined;
      },
      options?: RequestOptions,
    ): Promise<BulkRowPage>;
    /** What became of every row, as CSV */
    export(bulkId: string, options?: RequestOptions): Promise<Response>;
    /** Pause: at most the message that is leaving at this moment still leaves */
    pause(bulkId: string, options?: RequestOptions): Promise<BulkSend>;
    /** Go on where it was paused */
    resume(bulkId: string, options?: RequestOptions): Promise<BulkSend>;
    /** Cancel: rows that have not left are not sent any more */
    cancel(bulkId: string, options?: RequestOptions): Promise<BulkSend>;
  };
  whatsapp: {
    /** Whether messages go out */
    status(options?: RequestOptions): Promise<NumberStatusAnswer>;
    /** How the connection is, since when, and until when a QR can be scanned */
    connectionStatus(options?: RequestOptions): Promise<ConnectionStatusAnswer>;
    /** Whether a number is linked */
    isAuthenticated(options?: RequestOptions): Promise<IsAuthenticatedAnswer>;
    /** The QR to scan now; makes a session for who has none */
    qr(options?: RequestOptions): Promise<NumberQrAnswer>;
    /** A new QR, of a new connection */
    newQr(options?: RequestOptions): Promise<NewQrAnswer>;
    /** Accept a text for a phone number that is on WhatsApp */
    send(
      body: SendNotification,
      query?: { wait?: 'sent' | 'delivered' | undefined; timeout?: number | undefined },
      options?: RequestOptions,
    ): Promise<NotificationAnswer>;
    /** Close the connection, keep the credentials */
    disconnect(options?: RequestOptions): Promise<NumberCommandAnswer>;
    /** Open the connection anew; makes a session for who has none */
    reconnect(options?: RequestOptions): Promise<NumberCommandAnswer>;
    /** For which session all of this speaks */
    session(options?: RequestOptions): Promise<DefaultSessionAnswer>;
    /** Choose it; null: the oldest of the caller’s own */
    choose(body: ChooseDefaultSession, options?: RequestOptions): Promise<DefaultSessionAnswer>;
  };
  delivery: {
    /** Sent, delivered, read and failed by day (UTC), oldest first */
    days(
      query?: {
        days?: number | undefined;
        sessionId?: SessionId | undefined;
        templateId?: string | undefined;
        bulkId?: string | undefined;
      },
      options?: RequestOptions,
    ): Promise<DeliveryDays>;
    /** The same by account, by template or by bulk send */
    groups(
      query: {
        days?: number | undefined;
        sessionId?: SessionId | undefined;
        templateId?: string | undefined;
        bulkId?: string | undefined;
        by: DeliveryBy | undefined;
      },
      options?: RequestOptions,
    ): Promise<DeliveryGroups>;
  };
  whatsappQrNotices: {
    /** A separate session process tells how a session is */
    webhook(body: BotStatusNotice, options?: RequestOptions): Promise<Done>;
    /** A separate session process tells of a message; it is stored once this is answered */
    incoming(body: BotIncoming, options?: RequestOptions): Promise<Done>;
  };
}

export const operations: { [Group in keyof Api]: Record<keyof Api[Group], Operation> } = {
  health: {
    health: { method: 'GET', path: '/api/health', answer: 'json' },
    live: { method: 'GET', path: '/api/health/live', answer: 'json' },
    ready: { method: 'GET', path: '/api/health/ready', answer: 'json' },
  },
  metrics: {
    read: { method: 'GET', path: '/api/metrics', answer: 'text' },
  },
  setUp: {
    state: { method: 'GET', path: '/api/setup', answer: 'json' },
    setUp: { method: 'POST', path: '/api/setup', answer: 'json', body: true },
  },
  auth: {
    signIn: { method: 'POST', path: '/api/auth/sign-in', answer: 'json', body: true },
    signOut: { method: 'POST', path: '/api/auth/sign-out', answer: 'json' },
    signOutEverywhere: { method: 'POST', path: '/api/auth/sign-out-everywhere', answer: 'json' },
    list: { method: 'GET', path: '/api/auth/logins', answer: 'json', query: true },
    end: { method: 'DELETE', path: '/api/auth/logins/{loginId}', answer: 'json' },
    changePassword: { method: 'POST', path: '/api/auth/password', answer: 'json', body: true },
    token: { method: 'POST', path: '/api/auth/token', answer: 'json', body: true },
    look: { method: 'POST', path: '/api/auth/links/look', answer: 'json', body: true },
    use: { method: 'POST', path: '/api/auth/links/use', answer: 'json', body: true },
  },
  me: {
    me: { method: 'GET', path: '/api/me', answer: 'json' },
    change: { method: 'PATCH', path: '/api/me', answer: 'json', body: true },
    updatePhone: { method: 'POST', path: '/api/users/update-phone', answer: 'json', body: true },
  },
  users: {
    list: { method: 'GET', path: '/api/users', answer: 'json', query: true },
    change: { method: 'PATCH', path: '/api/users/{userId}', answer: 'json', body: true },
    remove: { method: 'DELETE', path: '/api/users/{userId}', answer: 'json' },
    resetLink: { method: 'POST', path: '/api/users/{userId}/reset-link', answer: 'json' },
    invitations: { method: 'GET', path: '/api/invitations', answer: 'json', query: true },
    invite: { method: 'POST', path: '/api/invitations', answer: 'json', body: true },
    revoke: { method: 'DELETE', path: '/api/invitations/{invitationId}', answer: 'json' },
  },
  apiKeys: {
    list: { method: 'GET', path: '/api/keys', answer: 'json', query: true },
    create: { method: 'POST', path: '/api/keys', answer: 'json', body: true },
    revoke: { method: 'DELETE', path: '/api/keys/{keyId}', answer: 'json' },
  },
  audit: {
    list: { method: 'GET', path: '/api/audit', answer: 'json', query: true },
  },
  sessions: {
    list: { method: 'GET', path: '/api/sessions', answer: 'json' },
    create: { method: 'POST', path: '/api/sessions', answer: 'json', body: true },
    get: { method: 'GET', path: '/api/sessions/{id}', answer: 'json' },
    ensure: { method: 'PUT', path: '/api/sessions/{id}', answer: 'json', body: true },
    close: { method: 'DELETE', path: '/api/sessions/{id}', answer: 'json' },
    remove: { method: 'DELETE', path: '/api/sessions/{id}/storage', answer: 'json' },
    restart: { method: 'POST', path: '/api/sessions/{id}/restart', answer: 'json' },
    status: { method: 'GET', path: '/api/sessions/{id}/status', answer: 'json' },
    qr: { method: 'GET', path: '/api/sessions/{id}/qr', answer: 'json' },
    pairingCode: {
      method: 'POST',
      path: '/api/sessions/{id}/pairing-code',
      answer: 'json',
      body: true,
    },
    events: { method: 'GET', path: '/api/sessions/{id}/events', answer: 'json', query: true },
  },
  settings: {
    read: { method: 'GET', path: '/api/sessions/{id}/settings', answer: 'json' },
    change: { method: 'PUT', path: '/api/sessions/{id}/settings', answer: 'json', body: true },
  },
  shares: {
    list: { method: 'GET', path: '/api/sessions/{id}/shares', answer: 'json' },
    set: { method: 'PUT', path: '/api/sessions/{id}/shares', answer: 'json', body: true },
  },
  accounts: {
    list: { method: 'GET', path: '/api/accounts', answer: 'json' },
    create: { method: 'POST', path: '/api/accounts', answer: 'json', body: true },
    qr: { method: 'GET', path: '/api/accounts/{id}/qr', answer: 'json' },
    delete: { method: 'DELETE', path: '/api/accounts/{id}', answer: 'json' },
  },
  chats: {
    list: { method: 'GET', path: '/api/sessions/{id}/chats', answer: 'json', query: true },
    one: { method: 'GET', path: '/api/sessions/{id}/chats/{chatId}', answer: 'json' },
    thread: {
      method: 'GET',
      path: '/api/sessions/{id}/chats/{chatId}/messages',
      answer: 'json',
      query: true,
    },
    shared: {
      method: 'GET',
      path: '/api/sessions/{id}/chats/{chatId}/shared',
      answer: 'json',
      query: true,
    },
    recent: { method: 'GET', path: '/api/sessions/{id}/messages', answer: 'json', query: true },
    search: {
      method: 'GET',
      path: '/api/sessions/{id}/messages/search',
      answer: 'json',
      query: true,
    },
  },
  chatTeam: {
    start: { method: 'POST', path: '/api/sessions/{id}/chats', answer: 'json', body: true },
    change: {
      method: 'PATCH',
      path: '/api/sessions/{id}/chats/{chatId}/team',
      answer: 'json',
      body: true,
    },
    list: {
      method: 'GET',
      path: '/api/sessions/{id}/chats/{chatId}/notes',
      answer: 'json',
      query: true,
    },
    write: {
      method: 'POST',
      path: '/api/sessions/{id}/chats/{chatId}/notes',
      answer: 'json',
      body: true,
    },
    rewrite: {
      method: 'PATCH',
      path: '/api/sessions/{id}/chats/{chatId}/notes/{noteId}',
      answer: 'json',
      body: true,
    },
    delete: {
      method: 'DELETE',
      path: '/api/sessions/{id}/chats/{chatId}/notes/{noteId}',
      answer: 'json',
    },
  },
  chatCommands: {
    change: {
      method: 'PATCH',
      path: '/api/sessions/{id}/chats/{chatId}',
      answer: 'json',
      body: true,
    },
    delete: { method: 'DELETE', path: '/api/sessions/{id}/chats/{chatId}', answer: 'json' },
    askForHistory: {
      method: 'POST',
      path: '/api/sessions/{id}/chats/{chatId}/history',
      answer: 'json',
      body: true,
    },
    picture: {
      method: 'GET',
      path: '/api/sessions/{id}/chats/{chatId}/picture',
      answer: 'response',
      query: true,
    },
    typing: {
      method: 'POST',
      path: '/api/sessions/{id}/chats/{chatId}/typing',
      answer: 'json',
      body: true,
    },
    presence: { method: 'PUT', path: '/api/sessions/{id}/presence', answer: 'json', body: true },
    watch: {
      method: 'POST',
      path: '/api/sessions/{id}/presence/watch',
      answer: 'json',
      body: true,
    },
    rejectCall: {
      method: 'POST',
      path: '/api/sessions/{id}/calls/{callId}/reject',
      answer: 'json',
    },
    labels: { method: 'GET', path: '/api/sessions/{id}/labels', answer: 'json' },
    setLabel: {
      method: 'PUT',
      path: '/api/sessions/{id}/labels/{labelId}',
      answer: 'json',
      body: true,
    },
    deleteLabel: { method: 'DELETE', path: '/api/sessions/{id}/labels/{labelId}', answer: 'json' },
    addLabel: {
      method: 'PUT',
      path: '/api/sessions/{id}/chats/{chatId}/labels/{labelId}',
      answer: 'json',
    },
    removeLabel: {
      method: 'DELETE',
      path: '/api/sessions/{id}/chats/{chatId}/labels/{labelId}',
      answer: 'json',
    },
  },
  inbox: {
    list: { method: 'GET', path: '/api/chats', answer: 'json', query: true },
    counts: { method: 'GET', path: '/api/chats/counts', answer: 'json' },
  },
  team: {
    listLabels: { method: 'GET', path: '/api/team/labels', answer: 'json' },
    createLabel: { method: 'POST', path: '/api/team/labels', answer: 'json', body: true },
    changeLabel: {
      method: 'PATCH',
      path: '/api/team/labels/{labelId}',
      answer: 'json',
      body: true,
    },
    deleteLabel: { method: 'DELETE', path: '/api/team/labels/{labelId}', answer: 'json' },
    listReplies: { method: 'GET', path: '/api/team/canned-replies', answer: 'json' },
    createReply: { method: 'POST', path: '/api/team/canned-replies', answer: 'json', body: true },
    changeReply: {
      method: 'PATCH',
      path: '/api/team/canned-replies/{replyId}',
      answer: 'json',
      body: true,
    },
    deleteReply: { method: 'DELETE', path: '/api/team/canned-replies/{replyId}', answer: 'json' },
  },
  message: {
    one: {
      method: 'GET',
      path: '/api/sessions/{id}/messages/{messageId}',
      answer: 'json',
      query: true,
    },
  },
  media: {
    file: {
      method: 'GET',
      path: '/api/sessions/{id}/messages/{messageId}/media',
      answer: 'response',
      query: true,
    },
    thumbnail: {
      method: 'GET',
      path: '/api/sessions/{id}/messages/{messageId}/thumbnail',
      answer: 'response',
    },
  },
  sendMedia: {
    media: {
      method: 'POST',
      path: '/api/sessions/{id}/send/media',
      answer: 'json',
      body: true,
      query: true,
    },
    audio: {
      method: 'POST',
      path: '/api/sessions/{id}/send/audio',
      answer: 'json',
      body: true,
      query: true,
    },
  },
  groups: {
    list: { method: 'GET', path: '/api/sessions/{id}/groups', answer: 'json', query: true },
    create: { method: 'POST', path: '/api/sessions/{id}/groups', answer: 'json', body: true },
    join: { method: 'POST', path: '/api/sessions/{id}/groups/join', answer: 'json', body: true },
    get: { method: 'GET', path: '/api/sessions/{id}/groups/{groupId}', answer: 'json' },
    change: {
      method: 'PATCH',
      path: '/api/sessions/{id}/groups/{groupId}',
      answer: 'json',
      body: true,
    },
    participants: {
      method: 'GET',
      path: '/api/sessions/{id}/groups/{groupId}/participants',
      answer: 'json',
      query: true,
    },
    changeParticipants: {
      method: 'POST',
      path: '/api/sessions/{id}/groups/{groupId}/participants',
      answer: 'json',
      body: true,
    },
    joinRequests: {
      method: 'GET',
      path: '/api/sessions/{id}/groups/{groupId}/join-requests',
      answer: 'json',
      query: true,
    },
    answerJoinRequests: {
      method: 'POST',
      path: '/api/sessions/{id}/groups/{groupId}/join-requests',
      answer: 'json',
      body: true,
    },
    setPicture: {
      method: 'PUT',
      path: '/api/sessions/{id}/groups/{groupId}/picture',
      answer: 'json',
    },
    removePicture: {
      method: 'DELETE',
      path: '/api/sessions/{id}/groups/{groupId}/picture',
      answer: 'json',
    },
    invite: { method: 'GET', path: '/api/sessions/{id}/groups/{groupId}/invite', answer: 'json' },
    revokeInvite: {
      method: 'DELETE',
      path: '/api/sessions/{id}/groups/{groupId}/invite',
      answer: 'json',
    },
    leave: { method: 'POST', path: '/api/sessions/{id}/groups/{groupId}/leave', answer: 'json' },
  },
  contacts: {
    list: { method: 'GET', path: '/api/sessions/{id}/contacts', answer: 'json', query: true },
    check: {
      method: 'POST',
      path: '/api/sessions/{id}/contacts/check',
      answer: 'json',
      body: true,
      repeatable: true,
    },
    blocked: { method: 'GET', path: '/api/sessions/{id}/contacts/blocked', answer: 'json' },
    about: { method: 'GET', path: '/api/sessions/{id}/contacts/{contactId}/about', answer: 'json' },
    block: { method: 'PUT', path: '/api/sessions/{id}/contacts/{contactId}/block', answer: 'json' },
    unblock: {
      method: 'DELETE',
      path: '/api/sessions/{id}/contacts/{contactId}/block',
      answer: 'json',
    },
  },
  send: {
    text: {
      method: 'POST',
      path: '/api/sessions/{id}/send/text',
      answer: 'json',
      body: true,
      query: true,
    },
  },
  sendKinds: {
    send: {
      method: 'POST',
      path: '/api/sessions/{id}/send',
      answer: 'json',
      body: true,
      query: true,
    },
    forward: {
      method: 'POST',
      path: '/api/sessions/{id}/messages/{messageId}/forward',
      answer: 'json',
      body: true,
      query: true,
    },
  },
  outbox: {
    list: { method: 'GET', path: '/api/sessions/{id}/outbox', answer: 'json', query: true },
    cancel: { method: 'DELETE', path: '/api/sessions/{id}/outbox/{messageId}', answer: 'json' },
  },
  events: {
    page: { method: 'GET', path: '/api/events', answer: 'json', query: true },
    stream: { method: 'GET', path: '/api/events/stream', answer: 'response', query: true },
  },
  sandbox: {
    phones: { method: 'GET', path: '/api/sandbox/phones', answer: 'json' },
    scan: { method: 'POST', path: '/api/sandbox/scan', answer: 'json', body: true },
  },
  webhooks: {
    list: { method: 'GET', path: '/api/webhooks', answer: 'json', query: true },
    create: { method: 'POST', path: '/api/webhooks', answer: 'json', body: true },
    get: { method: 'GET', path: '/api/webhooks/{id}', answer: 'json' },
    update: { method: 'PUT', path: '/api/webhooks/{id}', answer: 'json', body: true },
    delete: { method: 'DELETE', path: '/api/webhooks/{id}', answer: 'json' },
    renewSecret: { method: 'POST', path: '/api/webhooks/{id}/secret', answer: 'json' },
    test: { method: 'POST', path: '/api/webhooks/{id}/test', answer: 'json' },
    listDeliveries: {
      method: 'GET',
      path: '/api/webhooks/{id}/deliveries',
      answer: 'json',
      query: true,
    },
    listDead: {
      method: 'GET',
      path: '/api/webhooks/{id}/dead-letters',
      answer: 'json',
      query: true,
    },
    redeliver: { method: 'POST', path: '/api/webhooks/{id}/redeliver', answer: 'json', body: true },
  },
  routes: {
    listGroups: { method: 'GET', path: '/api/groups', answer: 'json', query: true },
    list: { method: 'GET', path: '/api/routes', answer: 'json', query: true },
    create: { method: 'POST', path: '/api/routes', answer: 'json', body: true },
    delete: { method: 'DELETE', path: '/api/routes/{routeId}', answer: 'json' },
    test: { method: 'POST', path: '/api/routes/{routeId}/test', answer: 'json' },
    listForwards: { method: 'GET', path: '/api/forwards', answer: 'json', query: true },
  },
  knowledgeSearch: {
    find: { method: 'GET', path: '/api/search', answer: 'json', query: true },
    tags: { method: 'GET', path: '/api/search/tags', answer: 'json' },
    export: { method: 'GET', path: '/api/search/export', answer: 'response', query: true },
  },
  knowledgeAdmins: {
    list: { method: 'GET', path: '/api/knowledge/admins', answer: 'json' },
    set: { method: 'PUT', path: '/api/knowledge/admins', answer: 'json', body: true },
  },
  reindex: {
    state: { method: 'GET', path: '/api/knowledge/reindex', answer: 'json' },
    start: { method: 'POST', path: '/api/knowledge/reindex', answer: 'json' },
    stop: { method: 'DELETE', path: '/api/knowledge/reindex', answer: 'json' },
  },
  jobs: {
    overview: { method: 'GET', path: '/api/jobs', answer: 'json' },
    list: { method: 'GET', path: '/api/jobs/failed', answer: 'json', query: true },
    retryAll: { method: 'POST', path: '/api/jobs/failed/retry', answer: 'json', body: true },
    retry: { method: 'POST', path: '/api/jobs/failed/{jobNumber}/retry', answer: 'json' },
  },
  chatbots: {
    list: { method: 'GET', path: '/api/chatbots', answer: 'json' },
    create: { method: 'POST', path: '/api/chatbots', answer: 'json', body: true },
    get: { method: 'GET', path: '/api/chatbots/{id}', answer: 'json' },
    change: { method: 'PATCH', path: '/api/chatbots/{id}', answer: 'json', body: true },
    delete: { method: 'DELETE', path: '/api/chatbots/{id}', answer: 'json' },
    test: { method: 'POST', path: '/api/chatbots/{id}/test', answer: 'json', body: true },
    usage: { method: 'GET', path: '/api/chatbots/{id}/usage', answer: 'json', query: true },
    conversations: {
      method: 'GET',
      path: '/api/chatbots/{id}/conversations',
      answer: 'json',
      query: true,
    },
    messages: {
      method: 'GET',
      path: '/api/chatbots/{id}/conversations/{conversationId}/messages',
      answer: 'json',
      query: true,
    },
    handOver: {
      method: 'PUT',
      path: '/api/chatbots/{id}/conversations/{conversationId}/state',
      answer: 'json',
      body: true,
    },
  },
  whatsappQr: {
    init: { method: 'POST', path: '/api/whatsapp-qr/init', answer: 'json', body: true },
    qr: { method: 'GET', path: '/api/whatsapp-qr/qr-code/{sessionId}', answer: 'json' },
    status: { method: 'GET', path: '/api/whatsapp-qr/status/{sessionId}', answer: 'json' },
    ofChatbot: { method: 'GET', path: '/api/whatsapp-qr/session/{chatbotId}', answer: 'json' },
    send: { method: 'POST', path: '/api/whatsapp-qr/send', answer: 'json', body: true },
    disconnect: { method: 'POST', path: '/api/whatsapp-qr/disconnect', answer: 'json', body: true },
  },
  templateSends: {
    send: {
      method: 'POST',
      path: '/api/sessions/{id}/send-template',
      answer: 'json',
      body: true,
      query: true,
    },
  },
  templates: {
    list: { method: 'GET', path: '/api/templates', answer: 'json', query: true },
    create: { method: 'POST', path: '/api/templates', answer: 'json', body: true },
    get: { method: 'GET', path: '/api/templates/{templateId}', answer: 'json' },
    change: { method: 'PATCH', path: '/api/templates/{templateId}', answer: 'json', body: true },
    delete: { method: 'DELETE', path: '/api/templates/{templateId}', answer: 'json' },
    preview: {
      method: 'POST',
      path: '/api/templates/{templateId}/preview',
      answer: 'json',
      body: true,
    },
    setMedia: {
      method: 'PUT',
      path: '/api/templates/{templateId}/media',
      answer: 'json',
      body: true,
    },
    removeMedia: { method: 'DELETE', path: '/api/templates/{templateId}/media', answer: 'json' },
  },
  bulkMaking: {
    create: { method: 'POST', path: '/api/sessions/{id}/bulk-sends', answer: 'json', body: true },
    check: {
      method: 'POST',
      path: '/api/sessions/{id}/bulk-sends/check',
      answer: 'json',
      body: true,
    },
    createOfFile: {
      method: 'POST',
      path: '/api/sessions/{id}/bulk-sends/csv',
      answer: 'json',
      body: true,
    },
    checkFile: {
      method: 'POST',
      path: '/api/sessions/{id}/bulk-sends/csv/check',
      answer: 'json',
      body: true,
    },
  },
  bulkSends: {
    list: { method: 'GET', path: '/api/bulk-sends', answer: 'json', query: true },
    get: { method: 'GET', path: '/api/bulk-sends/{bulkId}', answer: 'json' },
    delete: { method: 'DELETE', path: '/api/bulk-sends/{bulkId}', answer: 'json' },
    rows: { method: 'GET', path: '/api/bulk-sends/{bulkId}/rows', answer: 'json', query: true },
    export: { method: 'GET', path: '/api/bulk-sends/{bulkId}/export', answer: 'response' },
    pause: { method: 'POST', path: '/api/bulk-sends/{bulkId}/pause', answer: 'json' },
    resume: { method: 'POST', path: '/api/bulk-sends/{bulkId}/resume', answer: 'json' },
    cancel: { method: 'POST', path: '/api/bulk-sends/{bulkId}/cancel', answer: 'json' },
  },
  whatsapp: {
    status: { method: 'GET', path: '/api/whatsapp/status', answer: 'json' },
    connectionStatus: { method: 'GET', path: '/api/whatsapp/connection-status', answer: 'json' },
    isAuthenticated: { method: 'GET', path: '/api/whatsapp/is-authenticated', answer: 'json' },
    qr: { method: 'GET', path: '/api/whatsapp/qr', answer: 'json' },
    newQr: { method: 'GET', path: '/api/whatsapp/admin/qr-code', answer: 'json' },
    send: { method: 'POST', path: '/api/whatsapp/send', answer: 'json', body: true, query: true },
    disconnect: { method: 'POST', path: '/api/whatsapp/disconnect', answer: 'json' },
    reconnect: { method: 'POST', path: '/api/whatsapp/reconnect', answer: 'json' },
    session: { method: 'GET', path: '/api/whatsapp/session', answer: 'json' },
    choose: { method: 'PUT', path: '/api/whatsapp/session', answer: 'json', body: true },
  },
  delivery: {
    days: { method: 'GET', path: '/api/delivery/days', answer: 'json', query: true },
    groups: { method: 'GET', path: '/api/delivery/groups', answer: 'json', query: true },
  },
  whatsappQrNotices: {
    webhook: { method: 'POST', path: '/api/whatsapp-qr/webhook', answer: 'json', body: true },
    incoming: { method: 'POST', path: '/api/whatsapp-qr/incoming', answer: 'json', body: true },
  },
};
