import type { BinaryNode } from 'baileys/lib/WABinary/index.js';
import type { FaultBoard } from '../faults/board.js';
import { damaged, withOneName } from '../faults/damage.js';
import { decodeStanza, encodeStanza } from '../wire/stanza-codec.js';
import { SERVER } from '../world/jid.js';
import type { QueueEntry, Queues } from '../world/queues.js';
import type { Store } from '../world/store.js';
import { nowSeconds } from '../world/world.js';
import type { Link } from './link.js';
import { node } from './stanza.js';

/**
 * Store and forward. A stanza is put in the queue of its device, and leaves only after the commit,
 * if the device is connected and active; it stays until the device acknowledges it, and is sent
 * again, marked `offline`, at each login until then.
 */
export class Delivery {
  private readonly links = new Map<string, Link>();
  private settling: { check: () => void }[] = [];
  private checking = false;

  constructor(
    private readonly store: Store,
    private readonly queues: Queues,
    private readonly faults: FaultBoard,
  ) {}

  link(device: string): Link | undefined {
    return this.links.get(device);
  }

  connected(): Link[] {
    return [...this.links.values()];
  }

  /** Registers a device's connection; returns the one that it replaces. */
  attach(link: Link): Link | undefined {
    const former = this.links.get(link.device);
    this.links.set(link.device, link);
    return former;
  }

  detach(link: Link): void {
    if (this.links.get(link.device) === link) this.links.delete(link.device);
    link.active = false;
    this.checkSettled();
  }

  /** Queues a stanza for a device. */
  enqueue(device: string, stanza: BinaryNode, author?: string): QueueEntry {
    const entry = this.queues.add(device, stanza, author);
    this.store.afterCommit(() => {
      const link = this.links.get(device);
      if (link?.active && entry.sentOn !== link) this.push(link, entry, false);
    });
    return entry;
  }

  /** Removes acknowledged stanzas. */
  done(entries: QueueEntry[], outcome: Parameters<Queues['remove']>[1]): void {
    for (const entry of entries) this.queues.remove(entry, outcome);
    this.store.afterCommit(() => this.checkSettled());
  }

  /** Sends what needs no queue (acks, iq results, presence), in its place after the commit. */
  answer(link: Link, stanza: BinaryNode): void {
    this.store.afterCommit(() => link.send(stanza));
  }

  /** The device said `<active/>`: the backlog, the end of the backlog, and live from here on. */
  activate(link: Link): void {
    this.store.afterCommit(() => {
      link.active = true;
      const backlog = [...this.queues.waiting(link.device)].filter((entry) => entry.stored);
      if (backlog.length > 0) link.send(offlinePreview(backlog));
      for (const entry of backlog) this.push(link, entry, true);
      link.send(fromServer(node('offline', { count: String(backlog.length) })));
      this.checkSettled();
    });
  }

  /** See `SandboxServer.settle`. */
  settle(timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter = {
        check: () => {
          if (this.connected().some((link) => this.queues.size(link.device) > 0)) return;
          if (this.store.idle) end(resolve);
          else this.store.afterCommit(() => this.checkSettled());
        },
      };
      const timer = setTimeout(() => {
        const open = this.open().slice(0, 20).join(', ');
        end(() => reject(new Error(`not settled after ${timeoutMs} ms: ${open}`)));
      }, timeoutMs);
      const end = (finish: () => void): void => {
        clearTimeout(timer);
        this.settling = this.settling.filter((other) => other !== waiter);
        finish();
      };
      this.settling.push(waiter);
      this.checkSettled();
    });
  }

  private open(): string[] {
    return this.connected().flatMap((link) =>
      [...this.queues.waiting(link.device)].map(({ tag, id }) => `${tag} ${id} → ${link.device}`),
    );
  }

  /** Lets the waiters look at the next quiet moment: what this turn causes must be seen first. */
  private checkSettled(): void {
    if (this.checking) return;
    this.checking = true;
    setImmediate(() => {
      this.checking = false;
      for (const waiter of this.settling) waiter.check();
    });
  }

  private push(link: Link, entry: QueueEntry, offline: boolean): void {
    entry.sentOn = link;
    entry.deliveries++;
    let bytes = entry.bytes;
    const damage =
      entry.tag === 'message' && this.faults.strikes('undecryptable', link.device) !== undefined;
    const oneName =
      entry.tag === 'message' && this.faults.strikes('one_name', link.device) !== undefined;
    if (offline || damage || oneName) {
      let stanza = decodeStanza(bytes);
      if (damage) stanza = damaged(stanza);
      if (oneName) stanza = withOneName(stanza);
      if (offline) stanza.attrs.offline = '0';
      bytes = encodeStanza(stanza);
    }
    link.sendEncoded(bytes);
    if (entry.tag === 'message' && this.faults.strikes('duplicate', link.device)) {
      entry.deliveries++;
      link.sendEncoded(bytes);
    }
  }
}

export function fromServer(content: BinaryNode): BinaryNode {
  return node('ib', { from: SERVER }, [content]);
}

function offlinePreview(backlog: QueueEntry[]): BinaryNode {
  const count = (tag: string): string =>
    String(backlog.filter((entry) => entry.tag === tag).length);
  return fromServer(
    node('offline_preview', {
      count: String(backlog.length),
      message: count('message'),
      receipt: count('receipt'),
      notification: count('notification'),
      call: count('call'),
      t: String(nowSeconds()),
    }),
  );
}
