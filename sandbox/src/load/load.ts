import type { BinaryNode } from 'baileys/lib/WABinary/index.js';
import type { Core } from '../protocol/core.js';
import type { Outcome, QueueEntry } from '../world/queues.js';
import { deviceKey } from '../world/world.js';

/** Messages for one device, encrypted in advance (see `LoadContact.prepare`). */
export interface LoadBatch {
  phone: string;
  device: number;
  stanzas: BinaryNode[];
}

export interface LoadResult {
  /** How the messages ended; all are `receipted` when the client did well. */
  outcomes: Record<Outcome, number>;
  /** From the first message's storing to the last one's receipt. */
  ms: number;
  perSecond: number;
}

interface Lane {
  batch: LoadBatch;
  next: number;
}

/**
 * Puts prepared messages straight in the queues of devices, and counts receipts. They are stored,
 * delivered and acknowledged as all others; only, no author is told of their receipts.
 */
export class Load {
  constructor(private readonly core: Core) {}

  /** Queues stanzas for a device, all at once. @throws when there is no such device */
  inject({ phone, device, stanzas }: LoadBatch): void {
    const key = deviceKey(phone, device);
    if (!this.core.world.device(key)) throw new Error(`There is no device ${key}.`);
    for (const stanza of stanzas) this.core.delivery.enqueue(key, stanza);
  }

  /**
   * Delivers batches, with at most `window` unreceipted messages for each device at a time.
   * @throws when not all have ended after `timeoutMs`; the rest stays queued
   */
  run(batches: LoadBatch[], { window = 20, timeoutMs = 120_000 } = {}): Promise<LoadResult> {
    const lanes = new Map<string, Lane>();
    for (const batch of batches) {
      const key = deviceKey(batch.phone, batch.device);
      if (lanes.has(key)) throw new Error(`two batches for device ${key}`);
      lanes.set(key, { batch, next: 0 });
    }
    const outcomes = { receipted: 0, acked: 0, nacked: 0, superseded: 0 };
    const total = batches.reduce((sum, { stanzas }) => sum + stanzas.length, 0);
    const { onLeft } = this.core.queues;
    const started = performance.now();
    return new Promise((resolve, reject) => {
      let open = total;
      const onEntry = (entry: QueueEntry, outcome: Outcome): void => {
        const lane = lanes.get(entry.device);
        if (!lane || entry.tag !== 'message' || entry.author !== undefined) return;
        outcomes[outcome]++;
        open--;
        this.advance(lane, 1);
        if (open === 0) end();
      };
      const end = (): void => {
        clearTimeout(timer);
        onLeft.delete(onEntry);
        const ms = performance.now() - started;
        resolve({ outcomes, ms, perSecond: (total * 1000) / ms });
      };
      const timer = setTimeout(() => {
        onLeft.delete(onEntry);
        reject(new Error(`${open} of ${total} messages were not receipted in ${timeoutMs} ms`));
      }, timeoutMs);
      onLeft.add(onEntry);
      for (const lane of lanes.values()) this.advance(lane, window);
      if (total === 0) end();
    });
  }

  /**
   * A linked device without the linking, for clients that are played by a program.
   * @param noiseKey its public noise key, 32 bytes
   * @returns its index
   */
  addDevice(phone: string, noiseKey: Uint8Array): number {
    const account = this.core.world.account(phone);
    if (!account) throw new Error(`There is no phone ${phone}.`);
    const index = this.core.world.nextDeviceIndex(account);
    this.core.world.addDevice({
      phone,
      index,
      keyIndex: index,
      noiseKey: Buffer.from(noiseKey).toString('base64'),
      os: 'load',
      platform: 'CHROME',
    });
    return index;
  }

  private advance(lane: Lane, count: number): void {
    const { phone, device, stanzas } = lane.batch;
    const some = stanzas.slice(lane.next, lane.next + count);
    lane.next += some.length;
    if (some.length > 0) this.inject({ phone, device, stanzas: some });
  }
}
