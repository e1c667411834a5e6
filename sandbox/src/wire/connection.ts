import { randomBytes } from 'node:crypto';
import type { BinaryNode } from 'baileys/lib/WABinary/index.js';
import type { RawData, WebSocket } from 'ws';
import type { ServerIdentity } from './certificate.js';
import { FrameReader, frame } from './frames.js';
import { type ClientIntroduction, NoiseHandshake, type Transport } from './noise.js';
import { decodeStanza, encodeStanza } from './stanza-codec.js';

/** What a connection tells its owner. Anything malformed ends in `closed`, never in a throw. */
export interface ConnectionEvents {
  introduced(introduction: ClientIntroduction): void;
  stanza(stanza: BinaryNode): void;
  closed(reason: string): void;
}

/** Who listens besides the owner of a connection, also after its end. */
export type Overhearing = Pick<ConnectionEvents, 'stanza' | 'closed'>;

/** Reset instead of a close handshake: what a lost network looks like. */
const DESTROY_GRACE_MS = 2000;
/** Where somebody wants to know what a client still says that was thrown out. */
const OVERHEARD_GRACE_MS = 60_000;

/** One client's websocket: handshake, then encrypted stanzas both ways. */
export class WireConnection {
  events: ConnectionEvents | undefined;
  private readonly reader = new FrameReader();
  private handshake: NoiseHandshake | undefined;
  private transport: Transport | undefined;
  private outgoing: Buffer[] = [];
  private ended = false;
  private overhearing: Overhearing | undefined;

  /** @param by what the client calls itself */
  constructor(
    private readonly socket: WebSocket,
    private readonly identity: ServerIdentity,
    readonly by = '',
  ) {
    socket.on('message', (data) => this.read(data));
    socket.on('close', () => this.finish('closed by the client'));
    socket.on('error', (error) => this.finish(error.message));
  }

  get open(): boolean {
    return !this.ended;
  }

  overhear(overhearing: Overhearing): void {
    this.overhearing = overhearing;
  }

  send(stanza: BinaryNode): void {
    this.sendEncoded(encodeStanza(stanza));
  }

  /** Sends bytes of `encodeStanza`. */
  sendEncoded(bytes: Uint8Array): void {
    if (this.ended || !this.transport) return;
    this.write(this.transport.encrypt(bytes));
  }

  /** A well-framed frame that no key opens. */
  sendGarbage(): void {
    if (!this.ended) this.write(randomBytes(64));
  }

  /** Says goodbye after what was sent before. */
  close(reason: string): void {
    if (this.ended) return;
    this.flush();
    this.finish(reason);
    this.socket.close();
    const grace = this.overhearing ? OVERHEARD_GRACE_MS : DESTROY_GRACE_MS;
    setTimeout(() => this.socket.terminate(), grace).unref();
  }

  /** Drops the TCP connection without a word. */
  cut(reason: string): void {
    this.finish(reason);
    this.socket.terminate();
  }

  private read(data: RawData): void {
    if (this.ended && !this.overhearing) return;
    try {
      const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer);
      for (const payload of this.reader.push(bytes)) this.readFrame(payload);
    } catch (error) {
      this.cut(error instanceof Error ? error.message : String(error));
    }
  }

  private readFrame(payload: Buffer): void {
    if (this.ended && !this.overhearing) return;
    if (this.transport) {
      const stanza = decodeStanza(this.transport.decrypt(payload));
      this.overhearing?.stanza(stanza);
      if (!this.ended) this.events?.stanza(stanza);
      return;
    }
    if (!this.handshake) {
      this.handshake = new NoiseHandshake(this.reader.header!, this.identity);
      this.write(this.handshake.hello(payload));
      return;
    }
    const { transport, ...introduction } = this.handshake.finish(payload);
    this.transport = transport;
    this.handshake = undefined;
    this.events?.introduced(introduction);
  }

  /** Frames of one turn leave in one websocket message. */
  private write(payload: Uint8Array): void {
    if (this.outgoing.push(frame(payload)) === 1) queueMicrotask(() => this.flush());
  }

  private flush(): void {
    if (this.outgoing.length === 0) return;
    const frames = this.outgoing;
    this.outgoing = [];
    this.socket.send(frames.length === 1 ? frames[0]! : Buffer.concat(frames));
  }

  private finish(reason: string): void {
    if (this.ended) return;
    this.ended = true;
    this.overhearing?.closed(reason);
    this.events?.closed(reason);
  }
}
