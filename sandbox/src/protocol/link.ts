import type { BinaryNode } from 'baileys/lib/WABinary/index.js';
import type { WireConnection } from '../wire/connection.js';
import { decodeStanza, encodeStanza } from '../wire/stanza-codec.js';
import type { PhoneReceiver } from './seam.js';
import { node } from './stanza.js';

/** A device's connection, over a websocket or in process. */
export abstract class Link {
  /** After `<active/>`: the queue flows. */
  active = false;
  /** Announced by `<presence type=available>`. */
  available = false;
  private silentUntil = 0;
  /** What was said and heard during a silence that ends, in this order. */
  private held: (() => void)[] = [];
  /** Contacts whose presence it watches: phone → the jid that it named. */
  readonly subscriptions = new Map<string, string>();

  constructor(readonly device: string) {}

  abstract readonly companion: boolean;

  /**
   * A fault: nothing comes through, in either direction. Of a stream nothing is ever missing in the
   * middle, so what meets a silence that ends (ms) comes through after it, unless the connection ends.
   */
  beSilent(forMs = Infinity): void {
    this.silentUntil = Math.max(this.silentUntil, Date.now() + forMs);
    this.release();
  }

  /** The device has said something. */
  hear(take: () => void): void {
    this.pass(take);
  }

  send(stanza: BinaryNode): void {
    this.sendEncoded(encodeStanza(stanza));
  }

  sendEncoded(bytes: Buffer): void {
    this.pass(() => this.deliver(bytes));
  }

  /** The connection is over: what was held is lost. */
  forget(): void {
    this.silentUntil = Infinity;
    this.held = [];
  }

  /** Ends the connection, after a last stanza if one is given. */
  end(reason: string, last?: BinaryNode): void {
    if (last) this.send(last);
    this.close(reason);
  }

  private pass(work: () => void): void {
    if (this.silentUntil === 0) work();
    else if (this.silentUntil !== Infinity) this.held.push(work);
  }

  private release(): void {
    const left = this.silentUntil - Date.now();
    if (left > 0) {
      if (left !== Infinity) setTimeout(() => this.release(), left).unref();
      return;
    }
    this.silentUntil = 0;
    for (const work of this.held.splice(0)) this.pass(work);
  }

  /** Drops the connection without a word. */
  abstract cut(reason: string): void;
  abstract sendGarbage(): void;
  protected abstract deliver(bytes: Buffer): void;
  protected abstract close(reason: string): void;
}

export class SocketLink extends Link {
  override readonly companion = true;

  constructor(
    device: string,
    private readonly connection: WireConnection,
  ) {
    super(device);
  }

  override cut(reason: string): void {
    this.connection.cut(reason);
  }

  override sendGarbage(): void {
    this.connection.sendGarbage();
  }

  protected override deliver(bytes: Buffer): void {
    this.connection.sendEncoded(bytes);
  }

  protected override close(reason: string): void {
    this.connection.close(reason);
  }
}

export class PhoneLink extends Link {
  override readonly companion = false;
  private open = true;

  constructor(
    device: string,
    private readonly receiver: PhoneReceiver,
    private readonly ended: () => void,
  ) {
    super(device);
  }

  override cut(reason: string): void {
    this.close(reason);
  }

  /** A phone has no frames that could be damaged. */
  override sendGarbage(): void {
    this.close('garbage');
  }

  protected override deliver(bytes: Buffer): void {
    if (this.open) this.receiver.receive(decodeStanza(bytes));
  }

  protected override close(reason: string): void {
    if (!this.open) return;
    this.open = false;
    this.ended();
    this.receiver.closed?.(reason);
  }
}

export const REPLACED = node('stream:error', {}, [node('conflict', { type: 'replaced' })]);
export const DEVICE_REMOVED = node('stream:error', { code: '401' }, [
  node('conflict', { type: 'device_removed' }),
]);
export const streamError = (code: number): BinaryNode =>
  node('stream:error', { code: String(code) });
