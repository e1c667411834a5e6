import type { GroupRole, MessageContent, ParticipantAction } from '@patchbay/contract';

/** Why a connection ended; what to do about it is the session's business (reconnect.ts). */
export type DisconnectCause =
  /** Network trouble, server trouble (503), a broken frame, a refused connection: try again. */
  | 'transient'
  /** 515: expected once after pairing; connect again at once with the same credentials. */
  | 'restart-required'
  /** 401: the phone or WhatsApp removed this device; the credentials are worthless. */
  | 'logged-out'
  /** 440: another socket took over with the same credentials. */
  | 'replaced'
  /** 403: WhatsApp refuses this account. */
  | 'banned'
  /** 405: WhatsApp refuses this client version. */
  | 'client-outdated'
  /** Nobody scanned any of the QR codes that WhatsApp gave for this connection. */
  | 'qr-expired'
  /** The browser of the session could not be started, or WhatsApp Web did not open in it. */
  | 'launch-failed'
  /** We asked for it with `disconnect()` or `logout()`. */
  | 'requested';

/** Receipt levels in the order in which they grow. */
export type ReceiptStatus = 'sent' | 'delivered' | 'read' | 'played';

/**
 * A message as an engine hands it over. Jids are normalised: no device part, and where WhatsApp
 * knows both names of a person, `jid` fields hold one and `alt` fields the other (PN and LID).
 */
export interface EngineMessage {
  /** WhatsApp's message id. */
  id: string;
  /** The chat: a person's PN or LID jid, a group, `status@broadcast` ... */
  chatJid: string;
  chatAltJid?: string;
  fromMe: boolean;
  /** Author: in a group the participant, else the other side or ourselves. */
  senderJid: string;
  senderAltJid?: string;
  /** The author's own display name. */
  pushName?: string;
  /** Milliseconds since the epoch. */
  timestamp: number;
  content: MessageContent;
  /** In the history: it was edited, or deleted for everyone, before it came; of the latter nothing is left. */
  changed?: 'edited' | 'revoked';
  /** What an own message had reached when we saw it (receipts may be merged into it). */
  status?: ReceiptStatus;
  /** A small JPEG of what it shows. */
  thumbnail?: Uint8Array;
  /** The engine's own encoding of the whole message, for later use by the same engine. */
  raw: Uint8Array;
}

export interface EngineContact {
  jid: string;
  altJid?: string;
  /** Name in the phone's address book. */
  name?: string;
  /** Name that the contact chose. */
  pushName?: string;
}

export interface EngineParticipant {
  jid: string;
  altJid?: string;
  role: GroupRole;
}

/** A group with all its members. Times in milliseconds. */
export interface EngineGroup {
  jid: string;
  subject: string;
  description?: string;
  ownerJid?: string;
  createdAt?: number;
  /** Only admins write. */
  announce: boolean;
  /** Only admins change the group's data. */
  locked: boolean;
  /** Admins decide who comes in by the invite link. */
  joinApproval: boolean;
  /** Seconds after which messages disappear; 0: never. */
  ephemeralSeconds: number;
  /** Which names WhatsApp uses for the members. */
  addressing: 'lid' | 'pn';
  participants: EngineParticipant[];
}

/** What a device of the account changed about a chat; absent: not touched. Times in milliseconds. */
export interface EngineChatSettings {
  jid: string;
  altJid?: string;
  archived?: boolean;
  pinned?: boolean;
  /** -1: for ever; null: no longer. */
  mutedUntil?: number | null;
  /** true: marked by hand; false: read. */
  markedUnread?: boolean;
  deleted?: boolean;
}

/** A chat as the phone had it when it handed its history over. Times in milliseconds. */
export interface EngineHistoryChat {
  jid: string;
  altJid?: string;
  name?: string;
  settings?: {
    unreadCount?: number;
    markedUnread?: boolean;
    archived?: boolean;
    pinnedAt?: number | null;
    /** -1: for ever; null: not muted. */
    mutedUntil?: number | null;
    /** 0: messages stay. */
    disappearingSeconds?: number;
  };
}

/** Everything an engine tells. All of it is plain data: an engine may live in another process. */
export type EngineEvent =
  /** A QR to scan; a later one replaces it. `expiresAt` in milliseconds since the epoch. */
  | { type: 'qr'; code: string; expiresAt: number }
  /** A code to type on the phone, as answer to `requestPairingCode`. */
  | { type: 'pairing-code'; code: string; expiresAt: number }
  /** The phone accepted us. WhatsApp then closes with `restart-required`. */
  | { type: 'pair-success'; jid: string; lid?: string; name?: string; platform?: string }
  /** Logged in and ready to send. */
  | { type: 'connected'; jid: string; lid?: string; name?: string }
  /** The name that the owner of the number chose; comes late on a first link, and when it changes. */
  | { type: 'own-name'; name: string }
  /** The connection is over; the engine instance is spent. Exactly one, always the last event. */
  | { type: 'disconnected'; cause: DisconnectCause; code?: number; detail: string }
  /** `live` now; `offline` waited at WhatsApp while we were away; `phone` sent from the phone. */
  | { type: 'message'; source: 'live' | 'offline' | 'phone'; message: EngineMessage }
  /** The other side's receipt, or WhatsApp's own ack (`sent`). */
  | {
      type: 'receipt';
      messageIds: string[];
      chatJid: string;
      /** In groups: whose receipt it is. */
      participantJid?: string;
      status: ReceiptStatus;
      timestamp: number;
    }
  /** WhatsApp refused a message that we sent (error ack), e.g. 463, 479. */
  | { type: 'send-refused'; messageId: string; code: number; detail: string }
  | {
      type: 'history-sync';
      messages: EngineMessage[];
      contacts: EngineContact[];
      chats: EngineHistoryChat[];
      /** Percent, where the phone says so. */
      progress?: number;
      /** Of `HistoryAbilities.request`, where it was asked for. */
      requestId?: string;
      /** The first portion after a link: its chats are as the phone has them now. */
      atLink: boolean;
      done: boolean;
    }
  | { type: 'contacts'; contacts: EngineContact[] }
  /** Groups as they are now. `present`: jids of all that the account is in, when they were asked for. */
  | { type: 'groups'; groups: EngineGroup[]; present?: string[] }
  | {
      type: 'group-changed';
      jid: string;
      change: Partial<
        Pick<
          EngineGroup,
          'subject' | 'description' | 'announce' | 'locked' | 'joinApproval' | 'ephemeralSeconds'
        >
      >;
      /** Who did it, where it is told. */
      byJid?: string;
    }
  | {
      type: 'group-participants';
      jid: string;
      action: ParticipantAction;
      participants: EngineParticipant[];
      /** Whether the account itself is one of them. */
      includesMe: boolean;
      byJid?: string;
    }
  /** A picture of a person or group is another, or gone. */
  | { type: 'picture'; jid: string; removed: boolean }
  | { type: 'chat-settings'; chats: EngineChatSettings[] }
  | { type: 'label'; id: string; name: string; color: number; deleted: boolean }
  | { type: 'chat-label'; labelId: string; chatJid: string; chatAltJid?: string; on: boolean }
  | { type: 'lid-mapping'; mappings: { lid: string; pn: string }[] }
  | {
      type: 'chat-state';
      chatJid: string;
      senderJid: string;
      state: 'composing' | 'recording' | 'paused';
    }
  | { type: 'presence'; jid: string; available: boolean; lastSeen?: number }
  | {
      type: 'call';
      callId: string;
      /** Of the caller, or of the group that is called. */
      chatJid: string;
      fromJid: string;
      fromAltJid?: string;
      /** Address of the device that calls, to answer it. */
      device: string;
      status: 'offered' | 'accepted' | 'rejected' | 'ended' | 'timeout';
      video: boolean;
      group: boolean;
      timestamp: number;
    };

export type EngineEventOf<Type extends EngineEvent['type']> = Extract<EngineEvent, { type: Type }>;
