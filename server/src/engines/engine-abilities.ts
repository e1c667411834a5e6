import type { ParticipantAction } from '@patchbay/contract';
import type { EngineGroup } from './engine-events.js';

/**
 * What engines may be able to do beside sending and receiving, in groups that are absent where an
 * engine cannot (the API then answers 501). Everything that crosses is plain data. All reject with
 * `EngineError`: `not-connected`, `timeout`, `refused`, `not-allowed`, `not-found`.
 */
export interface EngineAbilities {
  groups?: GroupAbilities;
  contacts?: ContactAbilities;
  chats?: ChatAbilities;
  labels?: LabelAbilities;
  presence?: PresenceAbilities;
  calls?: CallAbilities;
  history?: HistoryAbilities;
}

export interface GroupAbilities {
  /** The group as WhatsApp has it now. */
  fetch(jid: string): Promise<EngineGroup>;
  create(subject: string, participants: string[]): Promise<EngineGroup>;
  setSubject(jid: string, subject: string): Promise<void>;
  /** An empty description takes it away. */
  setDescription(jid: string, description: string): Promise<void>;
  /** Only admins write. */
  setAnnounce(jid: string, on: boolean): Promise<void>;
  /** Only admins change the group's data. */
  setLocked(jid: string, on: boolean): Promise<void>;
  /** Admins decide who comes in by the invite link. */
  setJoinApproval(jid: string, on: boolean): Promise<void>;
  /** Who asks to be let in; `requestedAt` in milliseconds, `method` WhatsApp's word for how. */
  joinRequests(jid: string): Promise<EngineJoinRequest[]>;
  /** As `changeParticipants`. */
  answerJoinRequests(
    jid: string,
    action: 'approve' | 'reject',
    participants: string[],
  ): Promise<{ jid: string; code: number }[]>;
  /** Seconds after which messages disappear; 0: never. */
  setEphemeral(jid: string, seconds: number): Promise<void>;
  /** A JPEG; null takes the picture away. */
  setPicture(jid: string, jpeg: Uint8Array | null): Promise<void>;
  /** One result per person; `code` is WhatsApp's, 200 for done. */
  changeParticipants(
    jid: string,
    action: ParticipantAction,
    participants: string[],
  ): Promise<{ jid: string; code: number }[]>;
  inviteCode(jid: string): Promise<string>;
  /** Makes the code invalid and answers the new one. */
  revokeInvite(jid: string): Promise<string>;
  /** Answers the jid of the group; `pending`: an admin has to approve it first. */
  join(code: string): Promise<{ jid: string; pending: boolean }>;
  leave(jid: string): Promise<void>;
}

export interface EngineJoinRequest {
  jid: string;
  altJid?: string;
  requestedAt?: number;
  method?: string;
}

export interface ContactAbilities {
  /** Whether numbers (digits) are on WhatsApp, and how it names them; at most 50 at a time. */
  check(phones: string[]): Promise<{ phone: string; exists: boolean; jid?: string }[]>;
  /** The picture of a person or group; undefined: there is none, or it is not shown to us. */
  picture(
    jid: string,
    size: 'preview' | 'image',
  ): Promise<{ id: string; mimetype: string; bytes: Uint8Array } | undefined>;
  /** `setAt` in milliseconds. */
  about(jid: string): Promise<{ text?: string; setAt?: number }>;
  setBlocked(jid: string, blocked: boolean): Promise<void>;
  blocked(): Promise<string[]>;
}

/** The newest or oldest message of a chat, by which the account's devices know what is meant. */
export interface ChatEnd {
  id: string;
  fromMe: boolean;
  /** In groups. */
  senderJid?: string;
  /** Milliseconds. */
  timestamp: number;
}

export interface ChatAbilities {
  setArchived(jid: string, archived: boolean, last?: ChatEnd): Promise<void>;
  setPinned(jid: string, pinned: boolean): Promise<void>;
  /** Milliseconds since the epoch, -1: for ever, null: no longer. */
  setMuted(jid: string, until: number | null): Promise<void>;
  setUnread(jid: string, unread: boolean, last?: ChatEnd): Promise<void>;
  delete(jid: string, last?: ChatEnd): Promise<void>;
}

export interface LabelAbilities {
  set(label: { id: string; name: string; color: number }): Promise<void>;
  delete(id: string): Promise<void>;
  setOnChat(labelId: string, chatJid: string, on: boolean): Promise<void>;
}

export interface PresenceAbilities {
  /** From now on, and until disconnected, `presence` events tell of this person. */
  watch(jid: string): Promise<void>;
}

export interface CallAbilities {
  /** Refuses a call that rings; rejects with `not-found` when none does. */
  reject(callId: string): Promise<void>;
}

export interface HistoryAbilities {
  /**
   * Asks the phone for up to `count` (50 at most) messages of a chat from before one that is known.
   * Answers the id of the request: what the phone hands over comes as `history-sync` events with it,
   * when the phone is online, perhaps over a later connection, or not at all.
   */
  request(chatJid: string, oldest: ChatEnd, count: number): Promise<string>;
}
