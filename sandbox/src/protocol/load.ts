import type { BinaryNode } from 'baileys/lib/WABinary/index.js';
import { deviceKey } from '../world/world.js';
import type { Core } from './core.js';

/**
 * Stanzas prepared in advance (encrypted by whoever runs the benchmark) put straight in a device's
 * queue. They are stored, delivered and acknowledged as all others; only, nobody is told of their
 * receipts, so that the sandbox does no work but its own.
 */
export class Load {
  constructor(private readonly core: Core) {}

  /** Queues `<message>` stanzas for a device; `attrs.from` is whose they are. */
  inject(phone: string, device: number, stanzas: BinaryNode[]): void {
    const key = deviceKey(phone, device);
    if (!this.core.world.device(key)) throw new Error(`There is no device ${key}.`);
    for (const stanza of stanzas) this.core.delivery.enqueue(key, stanza);
  }

  /** Messages that the device has receipted since the sandbox started. */
  receipted(phone: string, device: number): number {
    return this.core.queues.counts(deviceKey(phone, device)).receipted;
  }

  /** Resolves when the device has receipted that many since the start. */
  async untilReceipted(phone: string, device: number, count: number): Promise<void> {
    const key = deviceKey(phone, device);
    await this.core.queues.until(() => this.core.queues.counts(key).receipted >= count);
  }
}
