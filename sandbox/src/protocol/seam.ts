import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BinaryNode } from 'baileys/lib/WABinary/index.js';
import type { PageHost } from '../web-page/page-host.js';
import type { Fault, FaultControl, FaultKind } from './fault-kinds.js';

/**
 * The seam between the sandbox's server and the simulated phones (and the control API above them).
 *
 * A phone is device 0 of its account. It lives in this process and speaks the same stanzas as a
 * websocket device, through the same routing, the same store-and-forward queue and the same rules
 * of acknowledgement: nothing here lets a phone see or do what a device on the wire could not.
 */
export interface SandboxServer {
  /** Where clients connect, and what they must trust. */
  readonly info: SandboxInfo;
  readonly faults: FaultControl;

  /**
   * Creates an account (device 0 included) or, when the number exists, updates its name.
   * The LID is chosen once by the server and kept. Every account is everybody's contact.
   * @param phone digits only, 5 to 15
   */
  createAccount(phone: string, name: string): Account;
  account(phone: string): Account | undefined;
  accounts(): Account[];

  /**
   * Connects the phone of an account. Stanzas that waited for it come first, oldest first, each
   * with `offline="0"`, then `<ib><offline count/></ib>`; after that, live ones.
   * Attaching again replaces the former connection, as a second login would.
   */
  attachPhone(phone: string, receiver: PhoneReceiver): PhoneConnection;

  /**
   * Connects a linked page, whose words are its own affair: faults against connections strike it as
   * they strike a device on the wire. A second connection replaces the first.
   */
  attachPage(phone: string, device: number, receiver: PageReceiver): PageConnection;

  /** The encrypted files of the media host, which the phones reach without a network. */
  readonly blobs: MediaBlobs;

  /** Whether a fault of this kind strikes now, where no device is to be named; see `FaultControl`. */
  struckBy(kind: FaultKind): Fault | undefined;

  /** A small durable store of the phone's own (Signal identity, sessions, messages). */
  phoneStore(phone: string): PhoneStore;

  /** The companion that waits behind a QR's first field, while its connection is open. */
  findRegistration(ref: string): Registration | undefined;

  /**
   * Links the waiting companion to an account: sends `pair-success`, checks the companion's
   * `pair-device-sign` answer, stores the device with its noise key, sends 515.
   * @param deviceIdentity encoded `ADVSignedDeviceIdentityHMAC`; its `keyIndex` becomes the device's
   * @returns the new device once it is stored
   * @throws {LinkError} unknown or closed registration, account unknown, refused or late answer
   */
  linkCompanion(phone: string, ref: string, deviceIdentity: Uint8Array): Promise<CompanionInfo>;

  /** The latest `companion_hello` that named this phone and whose connection is still open. */
  findPairing(phone: string): PairingHello | undefined;

  /**
   * Sends `primary_hello` to the waiting companion; resolves with its `companion_finish`. May be
   * called again (a mistyped code shows only in the finish, whose bundle then does not decrypt).
   * Afterwards the phone derives the ADV secret and calls `linkCompanion(phone, hello.ref, ...)`.
   * @throws {LinkError} unknown pairing, connection closed, no answer in time
   */
  answerPairing(ref: string, hello: PrimaryHello): Promise<CompanionFinish>;

  /** Linked companions of an account (device 0, the phone, is not listed). */
  devices(phone: string): CompanionInfo[];

  /** Forgets a companion: stream error 401 device_removed, queue dropped, others notified. */
  unlinkDevice(phone: string, device: number): boolean;

  /** What waits for each device, in the order of delivery. */
  queues(): DeviceQueue[];

  /**
   * Resolves when all that was written and sent so far is on disk. Whoever tells somebody outside
   * of the sandbox that a thing is done waits for this first.
   */
  committed(): Promise<void>;

  /**
   * Resolves when nothing is in flight: every stanza queued for a connected device has been
   * acknowledged, and all is committed. Stanzas of disconnected devices do not count.
   * @param timeoutMs rejects with a message that lists what was still open; default 10 000
   */
  settle(timeoutMs?: number): Promise<void>;

  /** How often a device asked for one group's data; a client that keeps it has no need to. */
  groupQueries(): number;

  /** Unknown iqs that were answered 501, latest last (at most 500). */
  unknownIqs(): UnknownIq[];
}

export interface SandboxInfo {
  /** e.g. `ws://127.0.0.1:3100/ws/chat` */
  wsUrl: string;
  /** Root of trust of the noise certificate chain: 32 bytes, lower-case hex. */
  rootPublicKey: string;
  /** The loopback media host: `host:port` (https), and its CA certificate as a PEM file. */
  media: { host: string; caFile: string };
  /** The page in WhatsApp Web's place: `host:port` (https), and the SHA-256 of its key in base64. */
  webPage: { host: string; spki: string };
}

export interface MediaBlobs {
  /** Keeps bytes as they are. @returns their direct path */
  put(name: string, blob: Uint8Array): string;
  /** The blob of a direct path; undefined when it is not there. */
  get(directPath: string): Promise<Buffer | undefined>;
  /** Uploads a blob once more. @returns its new direct path, undefined when it is not there */
  again(directPath: string): Promise<string | undefined>;
}

export interface Account {
  /** Digits. */
  phone: string;
  /** `<phone>@s.whatsapp.net` */
  pn: string;
  /** `<digits>@lid` */
  lid: string;
  /** The push name (`notify` of messages). */
  name: string;
}

/** Called by the server; must not throw. Called in delivery order, never inside `send`. */
export interface PhoneReceiver {
  /**
   * A stanza for this phone: message, receipt, notification, ack, presence, chatstate, ib.
   * Acknowledge as on the wire: a message by `<receipt id to ..>` (or `<ack class=message error>`),
   * a receipt, notification or call by `<ack class id to [participant] [type]>`.
   */
  receive(stanza: BinaryNode): void;
  /** The connection ended: replaced by a later attach, cut by a fault, or the server stopped. */
  closed?(reason: string): void;
}

export interface PhoneConnection {
  readonly open: boolean;
  /**
   * Sends a stanza (message, receipt, ack, presence, chatstate). What it causes is stored in one
   * transaction with what the phone wrote to its `PhoneStore` before in the same turn, and leaves
   * only after the commit. The server's `<ack>` for a message comes through `receive`.
   *
   * 1:1 `<message id to type><participants><to jid><enc/></to>..</participants></message>`: `to` in
   * PN or LID form decides how everyone sees it (`from` in the same form, `sender_lid`/`sender_pn`
   * for the other). One companion only: `<message to="PN:dev@.." ..><enc/></message>`
   * (peer messages, resends). Group: `<message to=..@g.us><enc type=skmsg/><participants>(SKDM)`.
   */
  send(stanza: BinaryNode): void;
  /**
   * Asks an iq (usync, encrypt keys, w:g2, ...). Own keys are published this way too: the same
   * `<iq xmlns=encrypt type=set>` upload that a companion sends.
   * @returns the `<iq type=result>`, @throws {IqFailure} on `<iq type=error>`
   */
  request(iq: BinaryNode): Promise<BinaryNode>;
  detach(): void;
}

/** Called by the server; must not throw. */
export interface PageReceiver {
  /** What was said by `PageConnection.say`, when it comes through. */
  deliver(text: string): void;
  /** A fault of a kind `page_…`. */
  trouble(fault: Fault): void;
  /** Another connection took its place, the device was unlinked, or the line broke. */
  closed(how: 'replaced' | 'removed' | 'cut'): void;
}

export interface PageConnection {
  say(text: string): void;
  /** Takes what the page has said, unless a fault keeps it back. */
  hear(take: () => void): void;
  /** Whether a fault of this kind hits the page now; that is one of its strikes. */
  strikes(kind: FaultKind): Fault | undefined;
  cut(): void;
}

/** Synchronous and transactional: see `PhoneConnection.send`. Keys are plain strings. */
export interface PhoneStore {
  get(key: string): Buffer | undefined;
  set(key: string, value: Uint8Array): void;
  delete(key: string): void;
  /** Entries whose key starts with the prefix, in key order. */
  list(prefix: string): { key: string; value: Buffer }[];
}

export interface Registration {
  ref: string;
  /** 32 bytes each. */
  noiseKey: Buffer;
  identityKey: Buffer;
  registrationId: number;
  /** `DeviceProps.os`, e.g. "Mac OS", and the platform's name, e.g. "CHROME". */
  os: string;
  platform: string;
}

export interface CompanionInfo {
  device: number;
  /** `PN:dev@s.whatsapp.net`, `LID:dev@lid` */
  jid: string;
  lid: string;
  keyIndex: number;
  os: string;
  platform: string;
  connected: boolean;
  /** Seconds since 1970. */
  linkedAt: number;
}

export interface PairingHello {
  ref: string;
  registration: Registration;
  /** `salt32 | iv16 | ct32` */
  wrappedCompanionEphemeral: Buffer;
}

export interface PrimaryHello {
  /** `salt32 | iv16 | ct32` */
  wrappedPrimaryEphemeral: Uint8Array;
  /** 32 bytes. */
  primaryIdentity: Uint8Array;
}

export interface CompanionFinish {
  /** `salt32 | iv12 | gcm` */
  wrappedKeyBundle: Buffer;
  /** 32 bytes. */
  companionIdentity: Buffer;
}

export interface DeviceQueue {
  phone: string;
  device: number;
  connected: boolean;
  /** Waiting stanzas, oldest first. */
  stanzas: QueuedStanza[];
  /** Since the sandbox started: stanzas put in this queue, and how they ended. */
  counts: { queued: number; receipted: number; acked: number; nacked: number; superseded: number };
}

export interface QueuedStanza {
  id: string;
  tag: 'message' | 'receipt' | 'notification' | 'call';
  type?: string;
  from: string;
  participant?: string;
  /** Seconds since 1970. */
  queuedAt: number;
  /** Times that it was sent to the device. */
  deliveries: number;
  /** The device asked its author for a resend, which has not come yet. */
  retrying: boolean;
}

export interface UnknownIq {
  at: number;
  phone?: string;
  device?: number;
  xmlns: string;
  type: string;
  children: string[];
}

export class LinkError extends Error {
  constructor(
    readonly reason: 'unknown_ref' | 'unknown_account' | 'closed' | 'refused' | 'timeout',
    message: string,
  ) {
    super(message);
  }
}

export class IqFailure extends Error {
  constructor(
    readonly code: number,
    readonly text: string,
  ) {
    super(`${code} ${text}`);
  }
}

/**
 * What `src/control/control.ts` exports: it opens the phones of all accounts that it finds in the
 * server, and answers HTTP on the sandbox's port (everything but `/ws/chat`).
 */
export type CreateControl = (
  server: SandboxServer,
  /** `seed`: a world without phones gets three, with a few messages; `page`: whom to serve pages by. */
  options?: { seed?: boolean; page?: PageHost },
) => Promise<{
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Detaches the phones. */
  close(): Promise<void>;
}>;
