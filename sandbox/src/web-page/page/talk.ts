/**
 * What the stand-in page and the sandbox say to each other over their websocket, as JSON. People
 * are phone digits, groups are jids: how WhatsApp Web names them is the page's own business.
 */

/** A login as the page keeps it in its IndexedDB. */
export interface Login {
  phone: string;
  device: number;
  token: string;
}

export interface Person {
  phone: string;
  /** `<digits>@lid` */
  lid: string;
  name: string;
}

export interface GroupMember {
  phone: string;
  role: 'member' | 'admin' | 'superadmin';
}

export interface Group {
  id: string;
  subject: string;
  owner: string;
  /** Seconds since 1970. */
  createdAt: number;
  description?: string;
  announcement?: boolean;
  locked?: boolean;
  members: GroupMember[];
}

/** What was done to a group, as its members are told. */
export interface GroupEvent {
  group: string;
  /** Who did it. */
  by: string;
  /** `add`, `remove`, `promote`, `demote`, `subject`, `description`, `announcement`, … */
  action: string;
  phones: string[];
  text?: string;
}

/** An encrypted file on the media host; keys and hashes in base64. */
export interface SealedFile {
  directPath: string;
  mediaKey: string;
  filehash: string;
  encFilehash: string;
}

export type FileKind = 'image' | 'video' | 'audio' | 'document' | 'sticker';

/** What a message says of its file. */
export interface FileFacts {
  kind: FileKind;
  mimetype: string;
  /** Bytes. */
  size: number;
  filename?: string;
  width?: number;
  height?: number;
  seconds?: number;
  waveform?: number[];
  voice?: boolean;
  gif?: boolean;
  /** A small JPEG, base64. */
  thumbnail?: string;
}

export interface Place {
  latitude: number;
  longitude: number;
  name?: string;
  address?: string;
  url?: string;
  live?: boolean;
}

export interface Meeting {
  name: string;
  description?: string;
  /** ISO 8601. */
  startsAt: string;
  endsAt?: string;
  place?: { name?: string };
  joinLink?: string;
}

export interface Card {
  name: string;
  vcard: string;
}

/** A message as the phone has it. */
export interface Entry {
  id: string;
  /** The other side's phone digits, or a group's jid. */
  chat: string;
  from: string;
  fromMe: boolean;
  kind: string;
  text: string;
  /** ISO 8601. */
  at: string;
  /** As WhatsApp Web counts: -1 failed, 0 pending, 1 server, 2 device, 3 read, 4 played. */
  ack: number;
  /** Of a received one: the account has read it. */
  read: boolean;
  media?: FileFacts;
  file?: SealedFile;
  reaction?: { messageId: string; emoji: string };
  target?: string;
  quoted?: { id: string; from: string; text: string };
  mentions?: string[];
  forwarded?: number;
  viewOnce?: boolean;
  place?: Place;
  contacts?: Card[];
  poll?: { options: string[]; selectableCount: number };
  vote?: string[];
  invite?: { group: string; subject: string; code: string; expiresAt?: string };
  event?: Meeting;
  revoked?: boolean;
}

/** A message of the page's own; its id was chosen by the page and is kept. */
export interface Outgoing {
  id: string;
  chat: string;
  quoted?: string;
  mentions?: string[];
  forwarded?: number;
  what:
    | { kind: 'text'; text: string }
    | { kind: 'location'; place: Place }
    | { kind: 'contact'; contacts: Card[] }
    | { kind: 'poll'; name: string; options: string[]; selectableCount: number }
    | { kind: 'reaction'; target: string; emoji: string }
    | { kind: 'event'; event: Meeting }
    | { kind: 'pin'; target: string; pinned: boolean; seconds: number }
    | { kind: 'edit'; target: string; text: string }
    | { kind: 'revoke'; target: string }
    | { kind: 'forward'; target: string }
    | { kind: 'file'; facts: FileFacts; sealed: SealedFile; caption?: string; viewOnce?: boolean };
}

/** What the account's devices share about a chat. */
export interface ChatSetting {
  archived?: boolean;
  pinned?: boolean;
  /** Milliseconds since 1970, -1 = for ever, 0 = not. */
  mutedUntil?: number;
  markedUnread?: boolean;
  deleted?: boolean;
}

/** Requests of the page, and what each is answered with. */
export interface Requests {
  send: { ask: Outgoing; answer: { ack: number } };
  read: { ask: { chat: string }; answer: null };
  setting: { ask: { chat: string; change: SettingChange }; answer: null };
  typing: { ask: { chat: string; state: 'composing' | 'recording' | 'paused' }; answer: null };
  available: { ask: { available: boolean }; answer: null };
  /** Whether a phone number is on WhatsApp. */
  exists: { ask: { phone: string }; answer: Person | null };
  /** Where the picture of somebody or of a group is. */
  picture: { ask: { of: string }; answer: string | null };
  /** The account's own picture, or a group's: a JPEG in base64, or none any more. */
  setPicture: { ask: { of: string; jpeg: string | null }; answer: null };
  groups: { ask: Record<string, never>; answer: Group[] };
  createGroup: { ask: { subject: string; phones: string[] }; answer: Group };
  changeGroup: { ask: { group: string; change: Partial<GroupSettings> }; answer: null };
  changeMembers: {
    ask: { group: string; action: 'add' | 'remove' | 'promote' | 'demote'; phones: string[] };
    answer: null;
  };
  leaveGroup: { ask: { group: string }; answer: null };
  inviteCode: { ask: { group: string; anew: boolean }; answer: string };
  joinGroup: { ask: { code: string }; answer: string };
  /** A code that links this page to the phone, once it is typed there. */
  pairingCode: { ask: { phone: string }; answer: string };
  refreshRef: { ask: Record<string, never>; answer: null };
  /** The page logs itself out. */
  unlink: { ask: Record<string, never>; answer: null };
}
export type RequestName = keyof Requests;

export type SettingChange =
  | { archived: boolean }
  | { pinned: boolean }
  | { mutedUntil: number }
  | { unread: boolean }
  | { deleted: true };

export interface GroupSettings {
  subject: string;
  description: string;
  announcement: boolean;
  locked: boolean;
}

export type FromPage =
  /** First of all. `entries`: how much of the log this document has already. */
  | { say: 'hello'; login?: Login; keys: { noise: string; identity: string }; entries?: number }
  /** The login is on disk: from now on the page is a linked device. */
  | { say: 'kept'; os: string }
  | { say: 'request'; n: number; name: RequestName; ask: Requests[RequestName]['ask'] }
  /** whatsapp-web.js asked for a module that the page does not have. */
  | { say: 'unknown-module'; name: string };

export type ToPage =
  /** Nobody is logged in here: what to show in the QR. */
  | { say: 'ref'; ref: string }
  /** The QR is renewed no more until that is asked for. */
  | { say: 'idle' }
  | { say: 'paired'; login: Login }
  | { say: 'unpaired' }
  | { say: 'conflict' }
  | {
      say: 'welcome';
      me: Person;
      people: Person[];
      groups: Group[];
      /** By chat: phone digits or a group's jid. */
      settings: Record<string, ChatSetting>;
      /** The log after what the page said it has, oldest first. */
      entries: Entry[];
      /** How long the log is now. */
      length: number;
      /** Acks of all that the account sent, by message id. */
      acks: [id: string, ack: number][];
      /** A fault: the page claims to be in step before anybody can be listening. */
      early: boolean;
    }
  | { say: 'entry'; entry: Entry; length: number }
  | { say: 'ack'; id: string; ack: number }
  | { say: 'read'; id: string }
  | { say: 'person'; person: Person }
  | { say: 'settings'; chats: Record<string, ChatSetting> }
  /** Something was done to a group, which the account may be in no longer. */
  | { say: 'group'; group?: Group; event?: GroupEvent }
  | { say: 'call'; call: { id: string; with: string; video: boolean } }
  | { say: 'fault'; kind: 'page_reload' | 'page_resync' }
  /** Without `forMs` it stands still for ever. */
  | { say: 'fault'; kind: 'page_hang'; forMs?: number }
  | { say: 'fault'; kind: 'page_state'; state: string }
  | { say: 'answer'; n: number; answer?: unknown; error?: { code: string; message: string } };
