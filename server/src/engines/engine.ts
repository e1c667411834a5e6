import type { Readable } from 'node:stream';
import type { EngineKind, MessageContent } from '@patchbay/contract';
import type { Logger } from 'pino';
import type { EngineAbilities } from './engine-abilities.js';
import type { EngineEvent, EngineGroup } from './engine-events.js';

/** What an engine can do, as data, so that the API can answer 501 without asking it. */
export interface EngineCapabilities {
  /** Messages are sent under the id that we choose. */
  takesMessageIds: boolean;
  /** We decide when a received message is acknowledged. */
  deferredAck: boolean;
  pairingCode: boolean;
}

/** A message to send. The id is chosen before, so that a retry cannot become a second message. */
export interface OutgoingMessage {
  id: string;
  chatJid: string;
  content: MessageContent;
  /** The quoted message in the engine's own encoding (`EngineMessage.raw`). */
  quoted?: Uint8Array;
  /** Handed over before under this id; nobody knows how far the first try came. */
  again?: boolean;
}

/** A message that is ready to leave: built, its file uploaded, its recipient known. */
export interface PreparedMessage {
  timestamp: number;
  /** The engine's own encoding, to be kept for `EngineHost.sentMessage`. */
  raw: Uint8Array;
  /** Resolves when it has left the process; its ack and receipts follow as events. */
  send(): Promise<void>;
}

/**
 * One connection of one session to WhatsApp. An instance lives for one connection: after its
 * `disconnected` event it is spent, and the session makes a new one.
 *
 * Trouble of the connection is a `disconnected` event, never an exception. Methods reject with an
 * `EngineError` when they themselves fail.
 */
export interface Engine {
  readonly kind: EngineKind;
  readonly capabilities: EngineCapabilities;
  /** Groups of methods that not every engine has. */
  readonly abilities: EngineAbilities;
  /** Starts connecting and returns; what becomes of it is told by events. */
  connect(): Promise<void>;
  /** Closes the socket and detaches every listener; keeps the credentials. Safe to call twice. */
  disconnect(): Promise<void>;
  /** Tells WhatsApp to forget this device, then disconnects. The session clears the credentials. */
  logout(): Promise<void>;
  /** Phone in digits. Resolves with the code, `ABCDEFGH`, and emits it as `pairing-code`. */
  requestPairingCode(phone: string): Promise<string>;
  /** Nothing of the message has left when this resolves or rejects. */
  prepare(message: OutgoingMessage): Promise<PreparedMessage>;
  markRead(chatJid: string, messages: { id: string; participantJid?: string }[]): Promise<void>;
  sendChatState(chatJid: string, state: 'composing' | 'recording' | 'paused'): Promise<void>;
  sendPresence(available: boolean): Promise<void>;
  /**
   * The decrypted media of a message given in the engine's own encoding; what WhatsApp no longer has
   * is asked for from the phone. The stream fails with an EngineError when it is not what was sent.
   */
  downloadMedia(raw: Uint8Array): Promise<AsyncIterable<Uint8Array>>;
  /** Asks WhatsApp for a sign of life; what it said before that is stored when this resolves. */
  ping(): Promise<void>;
}

/** One value of an engine's credential store. `kind` and `id` are in clear, `value` is sealed by us. */
export interface KeyEntry {
  kind: string;
  id: string;
  /** null deletes. Read when it is written, which is when it may first be made. */
  readonly value: Uint8Array | null;
}

/** A ciphertext that was read, which its key allows only once: kept for when it comes again. */
export interface OpenedCiphertext {
  /** Of the ciphertext; the name under which the journal has it. */
  digest: string;
  plaintext: Uint8Array;
}

/** An engine's credentials and Signal keys: a row per key, encrypted at rest. */
export interface AuthStore {
  /** Missing ids are absent from the answer. */
  read(kind: string, ids: readonly string[]): Promise<Map<string, Uint8Array>>;
  /**
   * All entries, and the ciphertext that they were needed for, become durable in one transaction
   * before it resolves. Calls take effect in the order in which they are made.
   */
  write(entries: readonly KeyEntry[], opened?: OpenedCiphertext): Promise<void>;
  /** Removes every key of the session. */
  clear(): Promise<void>;
}

/** What WhatsApp handed over and may hand over again, until it certainly knows that we have it. */
export interface StanzaJournal {
  /** What a ciphertext said that was opened before. */
  plaintext(digest: string): Promise<Uint8Array | undefined>;
  /** Keeps a stanza that takes several steps to work off; durable when it resolves. */
  keep(id: string, stanza: Uint8Array): Promise<void>;
  /** The stanzas kept and not forgotten, oldest first. */
  kept(): Promise<{ id: string; stanza: Uint8Array }[]>;
  /** Digests of ciphertexts, or ids of stanzas, that will not be asked for again. */
  forget(names: readonly string[]): Promise<void>;
  /** Ciphertexts opened before a moment (milliseconds since the epoch). */
  forgetOpenedBefore(time: number): Promise<void>;
}

/** Where WhatsApp is: the real one, our sandbox or another stand-in. Absent parts are the real one. */
export interface WhatsAppEndpoint {
  webSocketUrl?: string;
  /** 32 bytes; the root of the noise certificate chain. */
  noiseRootKey?: Uint8Array;
  /** PEM of the authority that signs the media hosts' certificates. */
  mediaCa?: string;
  /** `host:port` that all media traffic goes to instead of mmg.whatsapp.net. */
  mediaHost?: string;
}

/** The file of a message that is to be sent. */
export interface OutgoingFile {
  content: Readable;
  /** A small JPEG. */
  thumbnail: Uint8Array | undefined;
}

/** What the owner of a session chose for it; a change makes a new engine. */
export interface EngineSettings {
  /** `http:`, `https:`, `socks5:` or `socks5h:`; with it nothing connects in another way. */
  proxyUrl?: string;
  /** Shows the account as online while connected. */
  markOnline: boolean;
  historyDepth: 'none' | 'recent' | 'full';
  ignoreStatus: boolean;
  ignoreGroups: boolean;
  ignoreChannels: boolean;
}

/** What an engine is given by its session. */
export interface EngineHost {
  readonly sessionId: string;
  /**
   * How long (ms) the session is this process's at least; 0: it is not any more. Asked before every
   * stanza: a process that was stopped for a while wakes up in the middle of something, and another
   * may be connected by then. Infinity where there is no other.
   */
  oursFor(): number;
  /**
   * Resolves when the event is stored. Never waits for the session's mailbox, so an engine may
   * await it from within a call that the session made.
   */
  emit(event: EngineEvent): Promise<void>;
  readonly auth: AuthStore;
  readonly journal: StanzaJournal;
  /** The engine's own encoding of a message sent or received earlier, for decrypt retries. */
  sentMessage(id: string): Promise<Uint8Array | undefined>;
  /** The file of an outgoing message, from its beginning. */
  outgoingFile(messageId: string): Promise<OutgoingFile | undefined>;
  /** A group with its members as they were told last, so that sending to it asks nobody. */
  group(jid: string): Promise<EngineGroup | undefined>;
  readonly logger: Logger;
  readonly endpoint: WhatsAppEndpoint;
  readonly settings: EngineSettings;
  /** `major.minor.patch` of WhatsApp Web to present; absent: the library's own. */
  readonly clientVersion?: readonly [number, number, number];
  /** How the device is called in the phone's list of linked devices. */
  readonly deviceName: string;
}

export type EngineFactory = (host: EngineHost) => Engine;
