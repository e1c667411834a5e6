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
  /** A fault: neither hears nor says anything. Undefined = not silent, Infinity = to the end. */
  silentUntil: number | undefined;
  /** Contacts whose presence it watches: phone → the jid that it named. */
  readonly subscriptions = new Map<string, string>();

  constructor(readonly device: string) {}

  abstract readonly companion: boolean;

  get silent(): boolean {
    return this.silentUntil !== undefined && Date.now() < this.silentUntil;
  }

  send(stanza: BinaryNode): void {
    this.sendEncoded(encodeStanza(stanza));
  }

  sendEncoded(bytes: Buffer): void {
    if (!this.silent) this.deliver(bytes);
  }

  /** Ends the connection, after a last stanza if one is given. */
  end(reason: string, last?: BinaryNode): void {
    if (last) this.send(last);
    this.close(reason);
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
