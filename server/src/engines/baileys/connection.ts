import { LISTENER_REJECTED } from '@patchbay/hardening';
import type { EngineHost } from '../engine.js';
import type { EngineEvent, EngineEventOf } from '../engine-events.js';
import type { Aliases } from './aliases.js';
import type { BaileysAuth } from './auth-state.js';
import { type BaileysEventMap, type BinaryNode, makeWASocket, type WASocket } from './baileys.js';
import { eventFromAck } from './from-baileys/acks.js';
import { decodedFrom, type Me } from './from-baileys/message.js';
import { groupsOf } from './group-cache.js';
import { guardSocket } from './guard-socket.js';
import { InboundStanzas } from './inbound/stanzas.js';
import { ping } from './ping.js';
import { RingingCalls } from './ringing-calls.js';
import { OpenedCiphertexts } from './signal/opened-ciphertexts.js';
import { type BaileysTimings, socketConfig } from './socket-config.js';
import type { ConnectionView } from './socket-events.js';
import { crashAroundStanzas } from './stanza-crash-points.js';
import type { Transport } from './transport.js';
import { unbuffer } from './unbuffered.js';

/** A socket and what belongs to it. */
export interface Connection {
  sock: WASocket;
  auth: BaileysAuth;
  view: ConnectionView;
  inbound: InboundStanzas;
  opened: OpenedCiphertexts;
  stopListening(): void;
}

/** Whose connection it is: who is told, and where things are stored. */
export interface ConnectionOwner {
  host: EngineHost;
  timings: BaileysTimings;
  transport: Transport;
  me(): Me | undefined;
  /** Resolves when the event is stored; the order of calls is kept. */
  store(event: EngineEvent): Promise<void>;
  /** The same for history, beside the rest; rejects when the connection has ended. */
  storeHistory(event: EngineEventOf<'history-sync'>): Promise<void>;
  /** Resolves when all that Baileys has told so far is stored; rejects when it cannot be. */
  eventsStored(): Promise<void>;
  /** Called while Baileys emits: it must not throw, nor wait. */
  onEvents(events: Partial<BaileysEventMap>): void;
  /** What is known beside Baileys: WhatsApp took or refused a message of ours, a group changed. */
  onAside(event: EngineEvent): void;
  /** Told the number of received messages under way whenever it changes. */
  onLoad(working: number): void;
  /** The websocket was refused, with this HTTP status. */
  onRefused(status: number | undefined): void;
  /** Something that WhatsApp handed over could not be stored. */
  onFailure(error: unknown): void;
}

/** Opens a socket with everything of rc14's that must be different. */
export function openConnection(
  auth: BaileysAuth,
  aliases: Aliases,
  owner: ConnectionOwner,
): Connection {
  const { host, timings } = owner;
  const groups = groupsOf(host, () => sock, owner.onAside);
  const opened = new OpenedCiphertexts(
    host.journal,
    timings.forgetEveryMs,
    () => ping(sock, timings.pingTimeoutMs),
    () => inbound.messages.isBusy,
    (error) => host.logger.debug({ err: error }, 'opened ciphertexts are kept for now'),
  );
  const config = socketConfig(host, auth, timings, {
    transport: owner.transport,
    groupMetadata: (jid) => groups.get(jid),
    onOpened: (digest) => opened.add(digest),
  });
  const sock = makeWASocket(config);
  const view: ConnectionView = {
    online: false,
    isStored: (message) => inbound.messages.has(message),
    me: owner.me,
    aliasOf: aliases.of,
    stored: (id) => decodedFrom(host, id),
    groups,
    typing: new Set(),
    pushNames: new Map(),
    ringing: new RingingCalls(),
  };
  guardSocket(sock, () => host.oursFor() > 0);
  unbuffer(sock);
  crashAroundStanzas(sock, config.logger);
  // rc14 makes messages of missed calls here, in a promise that nobody catches.
  sock.ev.removeAllListeners('call');
  const inbound = new InboundStanzas({
    ...owner,
    sock,
    keys: auth.keys,
    view,
    ignores: (jid) => config.shouldIgnoreJid?.(jid) === true,
    wantsHistory: (notice) => config.shouldSyncHistoryMessage?.(notice) === true,
  });
  const stopListening = sock.ev.process(owner.onEvents);
  listen(sock, owner);
  return { sock, auth, view, inbound, opened, stopListening };
}

function listen({ ws }: WASocket, { host, onAside, onRefused }: ConnectionOwner): void {
  ws.on('CB:ack,class:message', (ack: BinaryNode) => {
    const event = eventFromAck(ack);
    if (event) onAside(event);
  });
  // By listening to it, rc14 keeps ws from failing, and then does nothing
  // (`lib/Socket/Client/websocket.js`). The status is that of a proxy or load balancer.
  ws.on('unexpected-response', (_request, { statusCode }: { statusCode?: number }) => {
    onRefused(statusCode);
  });
  ws.on(LISTENER_REJECTED, (error: unknown, event: string) => {
    host.logger.debug({ event, error: String(error) }, 'baileys: a listener failed');
  });
}
