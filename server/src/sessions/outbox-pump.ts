import type { Logger } from 'pino';
import type { Engine } from '../engines/engine.js';
import type { EventLog } from '../event-log/event-log.js';
import type { Outbox } from '../outbox/outbox.js';
import type { OutboxRow } from '../outbox/outbox-queue.js';
import { PaceKeeper, type PaceSurroundings } from '../outbox/pace-keeper.js';
import { within } from '../within.js';
import { ChatLane } from './chat-lane.js';
import { owned } from './fence.js';
import { type DeliverySurroundings, OutboxDelivery, type OutboxTimes } from './outbox-delivery.js';

/** What the pump knows of its session. */
export interface PumpedSession {
  readonly row: { id: string; owner_id: string; jid: string | null; worker_id: string | null };
  readonly connectedEngine: Engine | undefined;
}

export type PumpSurroundings = DeliverySurroundings &
  Omit<PaceSurroundings, 'wakeup'> & {
    outbox: Outbox;
    log: EventLog;
    logger: Logger;
    times: OutboxTimes;
  };

const SECOND = 1000;
/** Chats of a session that are sent to at the same time. */
const MOST_LANES = 8;
const ROWS_AT_ONCE = 100;
/** What is in hand when the session stops is waited for no longer than this. */
const STOP_WITHIN = 3 * SECOND;
/** Longest time of a timer; what is later is looked at again then. */
const LONGEST_SLEEP = 60 * 60 * SECOND;

/**
 * Takes a session's messages from the outbox to its engine, while connected. Each chat is a lane of
 * its own: what waits or fails holds what follows it in its chat, and nothing else.
 */
export class OutboxPump {
  private working: Promise<void> | undefined;
  private again = false;
  private timer: NodeJS.Timeout | undefined;
  private wakeAt = Number.POSITIVE_INFINITY;
  private isConnected = false;
  /** Grows with every connection: what began in an earlier one knows that it is over. */
  private connection = 0;
  private connectedAt = 0;
  private reconnected = false;
  private stopped = false;
  /** When the session's pace lets the next message go; 0: at once. */
  private pacedUntil = 0;
  /** Chats that wait alone, for the next day or for a connection that answers, and until when. */
  private readonly held = new Map<string, number>();
  private lookedAt = 0;
  /** When the times of what waits were read last. */
  private timesReadAt = 0;
  /** When what waits begins to expire, and acks to be overdue; 0: not known yet. */
  private expiryAt = 0;
  private overdueAt = 0;
  /** Grows with every hint: whoever has seen the last one knows all rows. */
  private hints = 0;
  private readonly lanes = new Map<string, Promise<void>>();
  private typing = new AbortController();
  private readonly pace: PaceKeeper;
  private readonly unsubscribe: () => void;

  constructor(
    private readonly session: PumpedSession,
    private readonly around: PumpSurroundings,
  ) {
    const { id } = session.row;
    const { wakeup } = around.log;
    this.unsubscribe = wakeup.on(`outbox:${id}`, () => this.look());
    this.pace = new PaceKeeper(id, { ...around, wakeup }, () => {
      this.pacedUntil = 0;
      this.held.clear();
      this.wake();
    });
    this.wake();
  }

  /** There may be new rows. */
  look(): void {
    this.hints += 1;
    this.wake();
  }

  /** Told with every status of the session. */
  connected(now: boolean): void {
    if (now && !this.isConnected) {
      this.connection += 1;
      this.connectedAt = Date.now();
      this.reconnected = true;
      this.pacedUntil = 0;
      this.typing = new AbortController();
    }
    if (!now) this.typing.abort();
    this.isConnected = now;
    this.wake();
  }

  /** Finishes the messages in hand. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.typing.abort();
    clearTimeout(this.timer);
    this.unsubscribe();
    this.pace.stop();
    await within(STOP_WITHIN, Promise.all([this.working, ...this.lanes.values()]));
  }

  private wake(): void {
    if (this.stopped) return;
    this.again = true;
    this.working ??= this.work().finally(() => {
      this.working = undefined;
      if (this.again) this.wake();
    });
  }

  private async work(): Promise<void> {
    try {
      // Whoever woke us has more to say in this turn.
      await Promise.resolve();
      while (this.again && !this.stopped) {
        this.again = false;
        await this.expire();
        if (this.ready()) await this.reopenUnacknowledged();
        if (this.ready() && Date.now() >= this.pacedUntil) await this.openLanes();
      }
      await this.sleepUntilDue();
    } catch (error) {
      this.around.logger.error({ err: error }, 'outbox');
      this.sleepUntil(Date.now() + SECOND);
    }
  }

  private async expire(): Promise<void> {
    if (Date.now() < this.expiryAt) return;
    const { queue, outbox } = this.around;
    for (const messageId of await queue.expired(this.session.row.id, Date.now(), ROWS_AT_ONCE)) {
      await outbox.giveUp(this.scope(), messageId, 'expired');
    }
  }

  /** After a reconnect the acks of what was under way are lost: a receipt settles it, or we ask again. */
  private async reopenUnacknowledged(): Promise<void> {
    if (!this.reconnected) return;
    // Their engine is spent; what they write must not come after.
    await Promise.all(this.lanes.values());
    const dueAt = this.connectedAt + this.around.times.settleAfterConnect;
    const { database, queue } = this.around;
    await database.write([
      ...owned(database.kysely, this.scope()),
      queue.reopen(this.session.row.id, dueAt),
    ]);
    this.reconnected = false;
  }

  private ready(): boolean {
    return !this.stopped && this.isConnected && this.session.connectedEngine !== undefined;
  }

  /** Begins sending to every chat that has something due and is not being sent to. */
  private async openLanes(): Promise<void> {
    const now = Date.now();
    const { hints } = this;
    this.lookedAt = now;
    const { queue } = this.around;
    const { id } = this.session.row;
    for (const [chatId, until] of this.held) if (until <= now) this.held.delete(chatId);
    if (now >= this.overdueAt) {
      for (const row of await queue.read(id, 'overdue', now, { limit: ROWS_AT_ONCE })) {
        if (!this.held.has(row.chatId)) this.open(row.chatId, [row], hints);
      }
    }
    const held = new Set([...this.held.keys(), ...this.lanes.keys()]);
    for (;;) {
      const page = { limit: ROWS_AT_ONCE, withoutChats: [...held] };
      const rows = await queue.read(id, 'open', now, page);
      const found = byChat(rows, now, held);
      for (const [chatId, due] of found) this.open(chatId, due, hints);
      // Held chats may fill whole pages; what is behind them must not wait for them.
      if (found.size > 0 || rows.length < ROWS_AT_ONCE) return;
    }
  }

  /** @param hints as many as had come before the rows were read */
  private open(chatId: string, rows: OutboxRow[], hints: number): void {
    if (this.lanes.has(chatId)) return;
    if (this.lanes.size >= MOST_LANES) {
      this.hints += 1;
      return;
    }
    const lane = this.lane()
      .send(rows)
      .catch((error) => {
        this.around.logger.error({ err: error }, 'outbox');
        this.pacedUntil = Math.max(this.pacedUntil, Date.now() + SECOND);
        return false;
      })
      .then((allSent) => {
        this.lanes.delete(chatId);
        const nothingNew = hints === this.hints && rows.length < ROWS_AT_ONCE;
        if (allSent && nothingNew) this.awaitAcks();
        else this.wake();
      });
    this.lanes.set(chatId, lane);
  }

  private lane(): ChatLane {
    const { connection } = this;
    return new ChatLane({
      delivery: new OutboxDelivery(this.scope(), this.around),
      pace: this.pace,
      typing: this.typing.signal,
      engine: () =>
        this.ready() && this.connection === connection ? this.session.connectedEngine : undefined,
      holdAll: (until) => {
        this.pacedUntil = Math.max(this.pacedUntil, until);
      },
      hold: (chatId, until) => this.held.set(chatId, until),
    });
  }

  /** What has just left needs a look when its ack is overdue, and not before. */
  private awaitAcks(): void {
    const overdue = Date.now() + this.around.times.ackWithin;
    this.overdueAt = Math.min(this.overdueAt, overdue);
    if (!this.working && overdue < this.wakeAt) this.sleepUntil(overdue);
  }

  private async sleepUntilDue(): Promise<void> {
    if (this.stopped) return;
    const now = Date.now();
    // Who sends one message after another looks at what is not due yet once a second.
    const lookAt = this.timesReadAt + SECOND;
    if (this.lanes.size > 0 && now < lookAt) {
      return this.sleepUntil(Math.min(lookAt, ...this.waits(now)));
    }
    this.timesReadAt = now;
    // Of what is leaving at this moment the row does not tell yet.
    const leaving = this.lanes.size > 0 ? Date.now() + this.around.times.ackWithin : undefined;
    const next = await this.around.queue.nextTimes(this.session.row.id, this.lookedAt);
    this.expiryAt = next.expiry ?? Number.POSITIVE_INFINITY;
    this.overdueAt = Math.min(...times(next.overdue, leaving));
    const wakeAt = [this.expiryAt, ...this.waits(now)];
    if (this.ready() && this.pacedUntil <= now) wakeAt.push(...times(next.due), this.overdueAt);
    this.sleepUntil(Math.min(...wakeAt));
  }

  /** Until when the session, or else some of its chats, are held back. */
  private waits(now: number): Iterable<number> {
    if (!this.ready()) return [];
    return this.pacedUntil > now ? [this.pacedUntil] : this.held.values();
  }

  private sleepUntil(time: number): void {
    clearTimeout(this.timer);
    this.wakeAt = time;
    if (this.stopped || time === Number.POSITIVE_INFINITY) return;
    const bounded = Math.min(Math.max(time - Date.now(), 50), LONGEST_SLEEP);
    this.timer = setTimeout(() => this.wake(), bounded).unref();
  }

  private scope() {
    const { id, owner_id: ownerId, jid, worker_id } = this.session.row;
    return { id, ownerId, jid, worker: worker_id ?? undefined };
  }
}

/** The times that there are, and one that never comes. */
function times(...some: (number | null | undefined)[]): number[] {
  return [...some.filter((time) => time !== null && time !== undefined), Number.POSITIVE_INFINITY];
}

/** What can be sent to which chat now, in order; a row that must wait holds those behind it. */
function byChat(
  rows: readonly OutboxRow[],
  now: number,
  held: Set<string>,
): Map<string, OutboxRow[]> {
  const found = new Map<string, OutboxRow[]>();
  for (const row of rows) {
    if (held.has(row.chatId)) continue;
    if (row.dueAt > now) {
      held.add(row.chatId);
      continue;
    }
    const lane = found.get(row.chatId);
    if (lane) lane.push(row);
    else found.set(row.chatId, [row]);
  }
  return found;
}
