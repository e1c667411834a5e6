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

/** Reset instead of a close handshake: what a lost network looks like. */
const DESTROY_GRACE_MS = 2000;

/** One client's websocket: handshake, then encrypted stanzas both ways. */
export class WireConnection {
  events: ConnectionEvents | undefined;
  private readonly reader = new FrameReader();
  private handshake: NoiseHandshake | undefined;
  private transport: Transport | undefined;
  private outgoing: Buffer[] = [];
  private ended = false;

  constructor(
    private readonly socket: WebSocket,
    private readonly identity: ServerIdentity,
  ) {
    socket.on('message', (data) => this.read(data));
    socket.on('close', () => this.finish('closed by the client'));
    socket.on('error', (error) => this.finish(error.message));
  }

  get open(): boolean {
    return !this.ended;
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
    setTimeout(() => this.socket.terminate(), DESTROY_GRACE_MS).unref();
  }

  /** Drops the TCP connection without a word. */
  cut(reason: string): void {
    this.finish(reason);
    this.socket.terminate();
  }

  private read(data: RawData): void {
    if (this.ended) return;
    try {
      const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer);
      for (const payload of this.reader.push(bytes)) this.readFrame(payload);
    } catch (error) {
      this.cut(error instanceof Error ? error.message : String(error));
    }
  }

  private readFrame(payload: Buffer): void {
    if (this.ended) return;
    if (this.transport) {
      this.events?.stanza(decodeStanza(this.transport.decrypt(payload)));
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
    this.events?.closed(reason);
  }
}
