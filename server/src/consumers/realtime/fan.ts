import type { PassingEvent } from '@patchbay/contract';
import type { Logger } from 'pino';
import type { EventLog, Scope, ScopedQuery } from '../../event-log/event-log.js';
import type { PassingEvents } from '../../event-log/passing-events.js';
import { LogTail } from './log-tail.js';
import type { Subscription } from './subscription.js';
import type { QrOf } from './told-event.js';
import { ToldEvent } from './told-event.js';

/** Pages for readers that are behind, read at the same time; the rest of the house reads too. */
const READS_AT_ONCE = 2;

export interface FanParts {
  log: EventLog;
  passing: PassingEvents;
  qrOf: QrOf;
  logger: Logger;
  /** A reader that takes nothing for this long is sent away (ms). */
  patience: number;
}

/** From one reader of the log to all subscriptions, by what they may see. */
export class Fan {
  private readonly tail: LogTail;
  private readonly live = new Map<string, Set<Subscription>>();
  private readonly stopHearing: () => void;
  private reads = 0;
  private readonly waitingReads: (() => void)[] = [];

  constructor(private readonly parts: FanParts) {
    const { log, qrOf, logger, passing } = parts;
    this.tail = new LogTail(log, qrOf, logger, (event) => {
      for (const subscription of this.interested(event.row.owner_id, event.row.session_id)) {
        subscription.offer(event);
      }
    });
    this.stopHearing = passing.on((ownerId, event: PassingEvent) => {
      const { sessionId } = event;
      const isOfTeam = ownerId === null || sessionId === null;
      const told = isOfTeam ? this.everybody() : this.interested(ownerId, sessionId);
      for (const subscription of told) subscription.tell(event);
    });
  }

  get logger(): Logger {
    return this.parts.logger;
  }

  get patience(): number {
    return this.parts.patience;
  }

  /** Everything up to here was offered to the live subscriptions. */
  get position(): number {
    return this.tail.position;
  }

  /** Resolves when the tail reads; the log is read only when somebody listens. */
  start(): Promise<void> {
    return this.tail.start();
  }

  stop(): void {
    this.tail.stop();
    this.stopHearing();
  }

  since(position: number): ToldEvent[] | undefined {
    return this.tail.since(position);
  }

  join(subscription: Subscription): void {
    for (const key of subscription.scope.map(keyOf)) {
      const known = this.live.get(key);
      if (known) known.add(subscription);
      else this.live.set(key, new Set([subscription]));
    }
  }

  leave(subscription: Subscription): void {
    for (const key of subscription.scope.map(keyOf)) {
      const known = this.live.get(key);
      known?.delete(subscription);
      if (known?.size === 0) this.live.delete(key);
    }
  }

  /** A page for a reader that is behind. Few are read at a time, so that live readers come first. */
  async read(position: number, query: ScopedQuery): Promise<ToldEvent[]> {
    if (this.reads >= READS_AT_ONCE) {
      await new Promise<void>((resolve) => this.waitingReads.push(resolve));
    }
    this.reads += 1;
    try {
      const rows = await this.parts.log.storedAfter(position, query);
      // An embedded database answers at once: let others have their turn.
      await new Promise<void>((resolve) => setImmediate(resolve));
      return await Promise.all(rows.map((row) => ToldEvent.of(row, this.parts.qrOf)));
    } finally {
      this.reads -= 1;
      this.waitingReads.shift()?.();
    }
  }

  private everybody(): Iterable<Subscription> {
    return new Set([...this.live.values()].flatMap((some) => [...some]));
  }

  private *interested(ownerId: string, sessionId: string): Iterable<Subscription> {
    // Copies, for a reader that does not keep up leaves while it is offered.
    for (const scope of [{}, { ownerId }, { ownerId, sessionId }]) {
      yield* [...(this.live.get(keyOf(scope)) ?? [])];
    }
  }
}

function keyOf({ ownerId, sessionId }: Scope): string {
  return JSON.stringify([ownerId ?? null, sessionId ?? null]);
}
