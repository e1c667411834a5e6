import type { BinaryNode } from 'baileys/lib/WABinary/index.js';
import type { DeviceQueue } from '../protocol/seam.js';
import { decodeStanza, encodeStanza } from '../wire/stanza-codec.js';
import type { Store } from './store.js';
import { nowSeconds } from './world.js';

export type QueueTag = 'message' | 'receipt' | 'notification' | 'call';
/** How a queued stanza ended. */
export type Outcome = 'receipted' | 'acked' | 'nacked' | 'superseded';

export interface QueueEntry {
  seq: number;
  device: string;
  tag: QueueTag;
  id: string;
  type?: string;
  from: string;
  participant?: string;
  /** Key of the device that sent it; unknown for what the server itself says. */
  author?: string;
  at: number;
  bytes: Buffer;
  deliveries: number;
  retrying: boolean;
  /** Committed: only then may it leave. */
  stored: boolean;
  /** The connection that it was last sent on. */
  sentOn?: object;
}

interface Queue {
  /** By sequence number, so in the order of delivery. */
  entries: Map<number, QueueEntry>;
  byId: Map<string, QueueEntry[]>;
  counts: DeviceQueue['counts'];
}

/** What waits for each device, until the device itself says that it has it. */
export class Queues {
  private readonly queues = new Map<string, Queue>();
  /** Told of each stanza that has left its queue. */
  readonly onLeft = new Set<(entry: QueueEntry, outcome: Outcome) => void>();
  private nextSeq = 1;
  private readonly sql;

  constructor(private readonly store: Store) {
    this.sql = {
      put: store.prepare(
        'INSERT INTO queue (seq, device, author, at, stanza) VALUES (?, ?, ?, ?, ?)',
      ),
      drop: store.prepare('DELETE FROM queue WHERE seq = ?'),
      dropAll: store.prepare('DELETE FROM queue WHERE device = ?'),
    };
    this.load();
  }

  /** Stores a stanza for a device; `entry.stored` becomes true with the turn's commit. */
  add(device: string, stanza: BinaryNode, author?: string): QueueEntry {
    const entry = this.insert(
      { seq: this.nextSeq++, device, author, at: nowSeconds(), bytes: encodeStanza(stanza) },
      stanza,
    );
    this.of(device).counts.queued++;
    const { seq, at, bytes } = entry;
    this.store.write(this.sql.put, seq, device, author ?? null, at, bytes);
    this.store.afterCommit(() => {
      entry.stored = true;
    });
    return entry;
  }

  remove(entry: QueueEntry, outcome: Outcome): void {
    const queue = this.of(entry.device);
    if (!queue.entries.delete(entry.seq)) return;
    const sameId = queue.byId.get(entry.id)?.filter((other) => other !== entry) ?? [];
    if (sameId.length > 0) queue.byId.set(entry.id, sameId);
    else queue.byId.delete(entry.id);
    queue.counts[outcome]++;
    this.store.write(this.sql.drop, entry.seq);
    for (const tell of this.onLeft) tell(entry, outcome);
  }

  /** Forgets the queue of a device that is no more. */
  drop(device: string): void {
    this.queues.delete(device);
    this.store.write(this.sql.dropAll, device);
  }

  /** Waiting stanzas with this id, oldest first. */
  withId(device: string, tag: QueueTag, id: string): QueueEntry[] {
    return (
      this.queues
        .get(device)
        ?.byId.get(id)
        ?.filter((entry) => entry.tag === tag) ?? []
    );
  }

  waiting(device: string): Iterable<QueueEntry> {
    return this.queues.get(device)?.entries.values() ?? [];
  }

  size(device: string): number {
    return this.queues.get(device)?.entries.size ?? 0;
  }

  counts(device: string): DeviceQueue['counts'] {
    return this.of(device).counts;
  }

  private of(device: string): Queue {
    let queue = this.queues.get(device);
    if (!queue) {
      const counts = { queued: 0, receipted: 0, acked: 0, nacked: 0, superseded: 0 };
      queue = { entries: new Map(), byId: new Map(), counts };
      this.queues.set(device, queue);
    }
    return queue;
  }

  private insert(
    row: Pick<QueueEntry, 'seq' | 'device' | 'author' | 'at' | 'bytes'>,
    { tag, attrs }: BinaryNode,
  ): QueueEntry {
    const entry: QueueEntry = {
      ...row,
      tag: tag as QueueTag,
      id: attrs.id ?? '',
      type: attrs.type,
      from: attrs.from ?? '',
      participant: attrs.participant,
      deliveries: 0,
      retrying: false,
      stored: false,
    };
    const queue = this.of(row.device);
    queue.entries.set(entry.seq, entry);
    const sameId = queue.byId.get(entry.id);
    if (sameId) sameId.push(entry);
    else queue.byId.set(entry.id, [entry]);
    return entry;
  }

  private load(): void {
    type Row = { seq: number; device: string; author: string | null; at: number; stanza: Buffer };
    const rows = this.store.prepare('SELECT * FROM queue ORDER BY seq').all() as Row[];
    for (const { seq, device, author, at, stanza } of rows) {
      const bytes = Buffer.from(stanza);
      const row = { seq, device, author: author ?? undefined, at, bytes };
      this.insert(row, decodeStanza(bytes)).stored = true;
      this.nextSeq = seq + 1;
    }
  }
}
