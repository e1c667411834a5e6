import { normalizeJid } from '../../whatsapp/jid.js';
import type {
  Engine,
  EngineCapabilities,
  EngineHost,
  OutgoingMessage,
  PreparedMessage,
} from '../engine.js';
import type { EngineAbilities } from '../engine-abilities.js';
import { EngineError } from '../engine-error.js';
import type { DisconnectCause, EngineEvent } from '../engine-events.js';
import { baileysAbilities } from './abilities.js';
import { Aliases } from './aliases.js';
import { type BaileysAuth, loadAuth } from './auth-state.js';
import type { BaileysEventMap } from './baileys.js';
import { closeSocket, rawSocket } from './close-socket.js';
import { type Connection, openConnection } from './connection.js';
import { deferred } from './deferred.js';
import { disconnectCause } from './disconnect-cause.js';
import { EventChain } from './event-chain.js';
import { decodeMessage, type Me } from './from-baileys/message.js';
import { askForGroups } from './group-cache.js';
import { Linking, pairingCode } from './linking.js';
import { downloadMedia } from './media-download.js';
import { ping } from './ping.js';
import { sendFailure } from './send-failure.js';
import { prepareMessage } from './send-message.js';
import type { BaileysTimings } from './socket-config.js';
import { connected, eventsFromBaileys, lidMapping, pairSuccess } from './socket-events.js';
import { type Transport, transportFor } from './transport.js';

/** Events waiting to be stored from which on nothing more is read from the socket. */
const MAX_WAITING_EVENTS = 500;
const MAX_WAITING_MESSAGES = 200;

export class BaileysEngine implements Engine {
  readonly kind = 'baileys';
  readonly capabilities: EngineCapabilities = {
    takesMessageIds: true,
    deferredAck: true,
    pairingCode: true,
  };

  readonly abilities: Required<EngineAbilities>;
  #connection?: Connection;
  #started = false;
  #loggedIn = false;
  #ending?: Promise<void>;
  /** Set when we end the connection ourselves, whatever status Baileys then reports. */
  #requested = false;
  #ownName?: string;
  #connectTimer?: NodeJS.Timeout;
  readonly #transport: Transport;
  readonly #linking: Linking;
  readonly #closed = deferred<never>();
  readonly #chain: EventChain;
  /** Ends with what was told last of the history, which goes beside the rest. */
  #history: Promise<void> = Promise.resolve();

  constructor(
    private readonly host: EngineHost,
    private readonly timings: BaileysTimings,
  ) {
    this.#transport = transportFor(host.endpoint, host.settings.proxyUrl);
    this.abilities = baileysAbilities((question) => this.#ask(question), this.#transport);
    this.#linking = new Linking(timings.qrMs);
    this.#chain = new EventChain(
      MAX_WAITING_EVENTS,
      (crowded) => this.#throttle(crowded),
      (error) => this.#fail('An event could not be stored', error),
    );
  }

  async connect(): Promise<void> {
    if (this.#started || this.#ending) throw new EngineError('not-connected', 'Engine is spent');
    this.#started = true;
    this.#connectTimer = setTimeout(
      () => this.#finish('transient', 408, 'WhatsApp did not let us in in time'),
      this.timings.connectTimeoutMs,
    );
    try {
      const auth = await loadAuth(
        this.host.auth,
        (error) => this.#fail('The key store failed', error),
        (mappings) => {
          for (const { pn } of mappings) aliases.forget(pn);
          this.#emit(lidMapping(mappings));
        },
      );
      const aliases = new Aliases(auth.state);
      if (!this.#ending) this.#open(auth, aliases);
    } catch (error) {
      this.#fail('The connection could not be opened', error);
    }
  }

  async disconnect(): Promise<void> {
    this.#requested = true;
    await this.#finish('requested', undefined, 'Disconnected on request');
  }

  async logout(): Promise<void> {
    const { sock } = this.#use();
    this.#requested = true;
    try {
      await sock.logout('Logged out on request');
    } catch (error) {
      throw sendFailure(error);
    } finally {
      await this.#finish('requested', undefined, 'Logged out on request');
    }
  }

  async requestPairingCode(phone: string): Promise<string> {
    if (!this.#connection) throw new EngineError('not-connected', 'Not connected');
    await this.#orClosed(this.#linking.begun);
    const { sock, auth } = this.#use(false);
    const code = await this.#orClosed(pairingCode(sock, auth.state.creds, phone)).catch((error) => {
      throw sendFailure(error);
    });
    const expiresAt = this.#linking.endsAt;
    this.#emit({ type: 'pairing-code', code, expiresAt });
    await this.#chain.drained();
    return code;
  }

  async prepare(message: OutgoingMessage): Promise<PreparedMessage> {
    const prepared = await this.#ask(({ sock, auth }) =>
      prepareMessage(
        sock,
        auth.state,
        message,
        (id) => this.host.sentMessage(id),
        (id) => this.host.outgoingFile(id),
      ),
    );
    return { ...prepared, send: () => this.#ask(() => prepared.send()) };
  }

  async markRead(
    chatJid: string,
    messages: { id: string; participantJid?: string }[],
  ): Promise<void> {
    const keys = messages.map(({ id, participantJid }) => ({
      remoteJid: chatJid,
      id,
      fromMe: false,
      ...(participantJid && { participant: participantJid }),
    }));
    await this.#ask(({ sock }) => sock.readMessages(keys));
  }

  async sendChatState(chatJid: string, state: 'composing' | 'recording' | 'paused'): Promise<void> {
    await this.#ask(({ sock }) => sock.sendPresenceUpdate(state, chatJid));
  }

  async sendPresence(available: boolean): Promise<void> {
    await this.#ask(({ sock }) => sock.sendPresenceUpdate(available ? 'available' : 'unavailable'));
  }

  async downloadMedia(raw: Uint8Array): Promise<AsyncIterable<Uint8Array>> {
    const { sock } = this.#use();
    return downloadMedia(decodeMessage(raw), {
      dispatcher: this.#transport.dispatcher,
      askPhone: (message) => this.#orClosed(sock.updateMediaMessage(message)),
    });
  }

  async ping(): Promise<void> {
    await this.#ask(async ({ sock }) => {
      await ping(sock, this.timings.pingTimeoutMs);
      await this.#chain.drained();
    });
  }

  #open(auth: BaileysAuth, aliases: Aliases): void {
    this.#connection = openConnection(auth, aliases, {
      host: this.host,
      timings: this.timings,
      transport: this.#transport,
      me: () => this.#me(),
      store: (event) => this.#store(event),
      storeHistory: (event) => this.#storeHistory(event),
      eventsStored: () => this.#chain.succeeded(),
      onEvents: this.#onEvents,
      onAside: (event) => this.#emit(event),
      onLoad: (working) => this.#throttleMessages(working),
      onRefused: (status) =>
        void this.#finish('transient', status, `The websocket was refused (HTTP ${status})`),
      onFailure: (error) => this.#fail('A stanza could not be stored', error),
    });
  }

  /** Everything that Baileys tells, called while it emits: it must not throw, nor wait. */
  readonly #onEvents = (map: Partial<BaileysEventMap>): void => {
    const connection = this.#connection;
    if (!connection) return;
    const { auth, view } = connection;
    if (map['creds.update']) this.#chain.add(() => auth.saveCreds());
    this.#onOwnName(map['creds.update']?.me?.name);
    if (map['connection.update']) this.#onConnection(map['connection.update'], connection);
    this.#chain.add(async () => {
      for (const event of await eventsFromBaileys(map, view)) await this.#store(event);
    });
  };

  #onConnection(
    update: BaileysEventMap['connection.update'],
    { auth, sock, view, inbound, opened }: Connection,
  ): void {
    const { connection, qr, isNewLogin, isOnline, lastDisconnect } = update;
    const { creds } = auth.state;
    if (isOnline !== undefined) view.online = isOnline;
    if (update.receivedPendingNotifications) {
      opened.caughtUp();
      inbound.replay().catch((error) => this.#fail('Stanzas left over could not be read', error));
    }
    if (qr) this.#progress(this.#linking.qr(qr));
    if (isNewLogin) this.#progress(pairSuccess(creds));
    if (connection === 'open') {
      this.#loggedIn = true;
      this.#progress(connected(creds));
      if (!this.host.settings.ignoreGroups) askForGroups(sock, this.host);
    }
    if (connection === 'close') {
      // Baileys is about to throw away what it still buffers.
      sock.ev.flush();
      const error = lastDisconnect?.error as
        | (Error & { output?: { statusCode: number } })
        | undefined;
      const code = error?.output?.statusCode;
      void this.#finish(disconnectCause(code, error?.message), code, error?.message ?? 'Closed');
    }
  }

  #onOwnName(name: string | undefined): void {
    // '~' stands for a name not known yet (`lib/Socket/socket.js`, requestPairingCode).
    if (!name || name === '~' || name === this.#ownName) return;
    this.#ownName = name;
    this.#emit({ type: 'own-name', name });
  }

  async #store(event: EngineEvent): Promise<void> {
    await this.host.emit(event);
    this.#connection?.view.groups.told(event);
    this.#connection?.view.ringing.told(event);
  }

  async #storeHistory(event: EngineEvent): Promise<void> {
    // The phone's notice was not acknowledged, so the next connection goes through it again.
    if (this.#ending) throw new Error('Closed while history was stored');
    const stored = this.#store(event);
    this.#history = stored.catch(() => {});
    await stored;
  }

  /** WhatsApp has let us in, or waits for somebody: the time limit of connecting is over. */
  #progress(event: EngineEvent): void {
    clearTimeout(this.#connectTimer);
    this.#emit(event);
  }

  #emit(event: EngineEvent): void {
    if (!this.#ending || event.type === 'disconnected') {
      this.#chain.add(() => this.host.emit(event));
    }
  }

  #me(): Me | undefined {
    const me = this.#connection?.auth.state.creds.me;
    if (!me?.id) return undefined;
    return { jid: normalizeJid(me.id), ...(me.lid && { lid: normalizeJid(me.lid) }) };
  }

  /** @param loggedIn false: a connection that still waits to be linked will do */
  #use(loggedIn = true): Connection {
    if (!this.#connection || this.#ending || (loggedIn && !this.#loggedIn)) {
      throw new EngineError('not-connected', 'Not connected to WhatsApp', true);
    }
    return this.#connection;
  }

  async #ask<T>(question: (connection: Connection) => Promise<T>): Promise<T> {
    try {
      return await this.#orClosed(question(this.#use()));
    } catch (error) {
      throw sendFailure(error);
    }
  }

  #orClosed<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#closed.promise]);
  }

  /** Takes the pressure off: WhatsApp keeps what we do not read. */
  #throttle(crowded: boolean): void {
    const raw = this.#connection && rawSocket(this.#connection.sock);
    if (crowded) raw?.pause();
    else raw?.resume();
  }

  #throttleMessages(working: number): void {
    if (working === MAX_WAITING_MESSAGES) this.#throttle(true);
    else if (working === MAX_WAITING_MESSAGES / 2) this.#throttle(false);
  }

  #fail(what: string, error: unknown): void {
    this.host.logger.warn({ err: error }, what);
    void this.#finish('transient', undefined, what);
  }

  /** Ends the connection, once; resolves when `disconnected` has been told. */
  #finish(cause: DisconnectCause, code: number | undefined, detail: string): Promise<void> {
    this.#ending ??= this.#shutDown(this.#requested ? 'requested' : cause, code, detail);
    return this.#ending;
  }

  async #shutDown(cause: DisconnectCause, code: number | undefined, detail: string): Promise<void> {
    clearTimeout(this.#connectTimer);
    this.#loggedIn = false;
    const connection = this.#connection;
    if (connection) {
      rawSocket(connection.sock)?.resume();
      // Baileys calls us from within its own ending; it must be through with that.
      await Promise.resolve();
      connection.sock.ev.flush();
      connection.stopListening();
      connection.opened.stop();
      await closeSocket(connection.sock, connection.inbound.messages, this.#onEvents);
    }
    this.#closed.reject(new EngineError('not-connected', 'The connection was closed', false));
    await this.#chain.drained();
    await this.#history;
    this.#connection = undefined;
    try {
      await this.host.emit({ type: 'disconnected', cause, ...(code && { code }), detail });
    } catch (error) {
      this.host.logger.error({ err: error }, 'The end of a connection could not be stored');
    }
  }
}
