import type { BinaryNode } from 'baileys/lib/WABinary/index.js';
import type { Fault } from './fault-kinds.js';
import { DEVICE_REMOVED, Link, REPLACED } from './link.js';
import type { PageReceiver } from './seam.js';

/** A linked page's connection: what goes over it are the page's own words, not stanzas. */
export class PageLink extends Link {
  override readonly companion = true;
  private open = true;

  constructor(
    device: string,
    private readonly receiver: PageReceiver,
    private readonly ended: () => void,
  ) {
    super(device);
  }

  /** A fault that only a page can have. */
  trouble(fault: Fault): void {
    this.receiver.trouble(fault);
  }

  override end(_reason: string, last?: BinaryNode): void {
    if (last === REPLACED) this.finish('replaced');
    else this.finish(last === DEVICE_REMOVED ? 'removed' : 'cut');
  }

  override cut(): void {
    this.finish('cut');
  }

  /** A page's words are not encrypted by it: what cannot be read is as good as a cut. */
  override sendGarbage(): void {
    this.finish('cut');
  }

  protected override deliver(bytes: Buffer): void {
    if (this.open) this.receiver.deliver(bytes.toString());
  }

  protected override close(): void {
    this.finish('cut');
  }

  private finish(how: 'replaced' | 'removed' | 'cut'): void {
    if (!this.open) return;
    this.open = false;
    this.ended();
    this.receiver.closed(how);
  }
}
