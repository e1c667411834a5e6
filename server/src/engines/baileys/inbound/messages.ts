import { crashPoint } from '../../../crash-point.js';
import { isSwitchedOff } from '../../../unsafe.js';
import { isStatusJid } from '../../../whatsapp/jid.js';
import type { EngineHost } from '../../engine.js';
import type { EngineEvent, EngineEventOf } from '../../engine-events.js';
import {
  type BinaryNode,
  cleanMessage,
  NACK_REASONS,
  NO_MESSAGE_FOUND_ERROR_TEXT,
  type proto,
  toNumber,
  type WAMessage,
  type WASocket,
} from '../baileys.js';
import { decodedFrom } from '../from-baileys/message.js';
import { HistoryInbox, isHistory } from '../history/history-inbox.js';
import type { KeyStore } from '../signal/key-store.js';
import { type ConnectionView, messageEvent } from '../socket-events.js';
import type { Transport } from '../transport.js';
import { askPhoneForMessage } from './phone-request.js';
import { type ReadMessage, readStanza } from './read-stanza.js';
import { sendDeliveryReceipt, sendRefusal } from './receipt-of-message.js';
import { RetryRequests } from './retry-requests.js';
import { turns } from './turns.js';

/** What handling messages needs of its connection. */
export interface MessageSurroundings {
  sock: WASocket;
  host: EngineHost;
  keys: KeyStore;
  view: ConnectionView;
  transport: Transport;
  /** Resolves when the event is stored; the order of calls is kept. */
  store(event: EngineEvent): Promise<void>;
  /** The same for history, beside the rest; rejects when the connection has ended. */
  storeHistory(event: EngineEventOf<'history-sync'>): Promise<void>;
  /** Whether a portion of the history is to be read. */
  wantsHistory(notice: proto.Message.IHistorySyncNotification): boolean;
  /** Whose messages are acknowledged and dropped. */
  ignores(jid: string): boolean;
  /** Resolves when all that Baileys has told so far is stored. */
  eventsStored(): Promise<void>;
  /** Told when storing fails: nothing more may be acknowledged. */
  onFailure(error: unknown): void;
  /** Told the number of messages under way whenever it changes. */
  onLoad(working: number): void;
}

/** A message that was read, on its way to the store. */
interface Reading extends ReadMessage {
  durable: Promise<unknown>;
}

/**
 * Takes `<message>` stanzas in place of rc14's own handler, which acknowledges a message before it
 * tells anybody of it (`lib/Socket/messages-recv.js`, handleMessage): after a death in between it
 * would be lost. Here a message is read, stored, and then acknowledged; see
 * docs/decisions/0011-acknowledge-after-commit.md.
 *
 * Messages are read, and handed to the store, in the order in which they came; later ones do not wait
 * until earlier ones are durable.
 */
export class InboundMessages {
  #reading: Promise<unknown> = Promise.resolve();
  #effects: Promise<unknown> = Promise.resolve();
  #histories: Promise<void> = Promise.resolve();
  #working = 0;
  #idle: (() => void)[] = [];
  readonly #retries: RetryRequests;
  readonly #history: HistoryInbox;
  readonly #learnt = new Set<string>();
  /** Stored here already when Baileys tells it to its listeners. */
  readonly #taken = new WeakSet<WAMessage>();

  constructor(private readonly around: MessageSurroundings) {
    this.#retries = new RetryRequests(around.sock, around.host.logger);
    this.#history = new HistoryInbox(around);
  }

  /** Takes a stanza; never throws and never waits. */
  readonly take = (node: BinaryNode): void => {
    this.#count(1);
    const read = this.#reading.then(() => turns.next()).then(() => this.#read(node));
    this.#reading = read.catch(() => {});
    read
      .then((reading) => {
        if (!reading) return;
        if (!isHistory(reading.message)) return this.#finish(node, reading);
        // Takes long and holds little until it is its turn: live messages do not wait for it.
        this.#histories = this.#histories
          .then(() => this.#finish(node, reading))
          .catch(this.around.onFailure);
      })
      .catch(this.around.onFailure)
      .finally(() => this.#count(-1));
  };

  /** Whether messages are under way that were not acknowledged. */
  get isBusy(): boolean {
    return this.#working > 0;
  }

  /** Whether a message that Baileys tells of was stored when it came. */
  has(message: WAMessage): boolean {
    return this.#taken.has(message);
  }

  /** Resolves when everything taken so far has been worked off. */
  drained(): Promise<void> {
    if (this.#working === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Opens a stanza and hands what it says to the store; undefined: nothing to store. */
  async #read(node: BinaryNode): Promise<Reading | undefined> {
    const { sock, host, view, keys } = this.around;
    const { from } = node.attrs;
    if (!from || this.around.ignores(from)) return this.#refuse(node);
    // rc14 cannot open what was encrypted with a message's secret, such as answers of bots.
    if (encryptionOf(node) === 'msmsg') {
      return this.#refuse(node, NACK_REASONS.MissingMessageSecret);
    }
    const me = sock.authState.creds.me;
    if (!me) return undefined;
    const read = await readStanza(node, me, sock.signalRepository, this.#learnt).catch(
      (error: unknown) => {
        host.logger.warn({ err: error }, 'a stanza is not a message');
        return undefined;
      },
    );
    if (!read) return this.#refuse(node);
    crashPoint('after-decrypt');
    cleanMessage(read.message, me.id, me.lid ?? '');
    this.#taken.add(read.message);
    if (isSwitchedOff('ack-after-commit') && !read.unreadable) {
      await sendDeliveryReceipt(sock, node, read, view.online);
      crashPoint('after-receipt');
    }
    const type = node.attrs.offline ? 'append' : 'notify';
    const event = await messageEvent(read.message, type, view);
    return { ...read, durable: event ? this.around.store(event) : keys.written() };
  }

  /** Acknowledges a message when it is durable. */
  async #finish(node: BinaryNode, reading: Reading): Promise<void> {
    const { sock, keys, view } = this.around;
    await reading.durable;
    await keys.written();
    crashPoint('after-commit');
    if (reading.unreadable && !(await this.#isRepetition(reading))) {
      return this.#orClosed(this.#askAgain(node, reading));
    }
    // What follows from a message between devices must be done before it is taken off WhatsApp's hands.
    if (!reading.unreadable && !(await this.#carryOut(node, reading))) return;
    crashPoint('before-receipt');
    if (isSwitchedOff('ack-after-commit')) return;
    await this.#orClosed(sendDeliveryReceipt(sock, node, reading, view.online));
    crashPoint('after-receipt');
  }

  /**
   * Baileys' own part: keys of the app state, settings, names; and ours of the history.
   * @returns false: not now, so the message must come again
   */
  async #carryOut(node: BinaryNode, { message }: Reading): Promise<boolean> {
    const { sock, host, eventsStored } = this.around;
    const effects = async (of: WAMessage) => {
      this.#taken.add(of);
      await sock
        .upsertMessage(of, node.attrs.offline ? 'append' : 'notify')
        .catch((error: unknown) => {
          host.logger.warn({ err: error }, 'what a message asked for could not be done');
        });
      if (of.message?.protocolMessage) await eventsStored();
    };
    if (isHistory(message)) return await this.#history.take(message, effects);
    const done = this.#effects.then(() => effects(message));
    this.#effects = done.catch(() => {});
    await done;
    return true;
  }

  /** A ciphertext that comes again after its key was forgotten, of a message that we have. */
  async #isRepetition({ message }: Reading): Promise<boolean> {
    const { id } = message.key;
    const known = id ? await decodedFrom(this.around.host, id) : undefined;
    return Boolean(known?.message);
  }

  async #askAgain(node: BinaryNode, { message, unreadable = '' }: Reading): Promise<void> {
    if (unreadable === NO_MESSAGE_FOUND_ERROR_TEXT) {
      askPhoneForMessage(this.around.sock, node, message, this.around.host.logger);
      return this.around.sock.sendMessageAck(node);
    }
    if (isStatusJid(message.key.remoteJid ?? '') && isOlderThanADay(message)) {
      return this.around.sock.sendMessageAck(node);
    }
    return this.#retries.ask(node, unreadable);
  }

  async #refuse(node: BinaryNode, reason?: number): Promise<undefined> {
    await this.#orClosed(sendRefusal(this.around.sock, node, reason));
    return undefined;
  }

  /** What cannot be acknowledged because the connection is over will come again. */
  async #orClosed(acknowledging: Promise<void>): Promise<void> {
    await acknowledging.catch((error: unknown) => {
      this.around.host.logger.debug({ err: error }, 'a message could not be acknowledged');
    });
  }

  #count(change: 1 | -1): void {
    this.#working += change;
    this.around.onLoad(this.#working);
    if (this.#working > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}

/** A status is shown for a day. */
function isOlderThanADay({ messageTimestamp }: WAMessage): boolean {
  return Date.now() / 1000 - toNumber(messageTimestamp) > 86_400;
}

function encryptionOf(node: BinaryNode): string | undefined {
  const enc = Array.isArray(node.content) && node.content.find(({ tag }) => tag === 'enc');
  return enc ? enc.attrs.type : undefined;
}
