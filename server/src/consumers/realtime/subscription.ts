import type { PassingEvent } from '@patchbay/contract';
import type { Fan } from './fan.js';
import type { Sink } from './sink.js';
import type { FrameFormat, ToldEvent } from './told-event.js';
import { passingAs } from './told-event.js';

/** What a reader may see and wants to. */
export interface Scope {
  ownerId: string;
  /** Absent: all sessions of the owner. */
  sessionId?: string | undefined;
}

export interface SubscriptionOptions {
  scope: Scope;
  form: 'sse' | FrameFormat;
  /** The position that the reader has. */
  position: number;
  /** Called each time it has caught up and gets events as they come. */
  onLive?(): void;
}

const PAGE = 200;

/**
 * One reader's way through the log. It is either live (the tail offers each event) or behind, and
 * then reads pages for itself as fast as its connection takes them. A reader that does not keep up
 * goes from live to behind: nothing is buffered for it, it is only further back in the log.
 */
export class Subscription {
  private reached: number;
  /** Of the last event handed over, in the scope of one session. */
  private sequence: number | undefined;
  private isLive = false;
  private ended = false;

  constructor(
    private readonly fan: Fan,
    private readonly sink: Sink,
    private readonly options: SubscriptionOptions,
  ) {
    this.reached = options.position;
  }

  get scope(): Scope {
    return this.options.scope;
  }

  /** Everything of its scope up to here was handed to the connection. */
  get position(): number {
    return this.isLive ? Math.max(this.reached, this.fan.position) : this.reached;
  }

  get live(): boolean {
    return this.isLive;
  }

  /** Reads until it is ended or the connection is. */
  start(): void {
    this.catchUp().catch((error) => {
      this.fan.logger.warn({ err: error }, 'a live stream ended: the event log cannot be read');
      this.sink.end('fault', this.reached);
    });
  }

  end(): void {
    this.ended = true;
    this.isLive = false;
    this.fan.leave(this);
  }

  /** The tail's newest event. */
  offer(event: ToldEvent): void {
    if (this.sink.congested) {
      this.isLive = false;
      this.fan.leave(this);
      this.start();
    } else if (event.position > this.reached) {
      this.hand(event);
    }
  }

  /** A passing state; whoever is behind has missed it. */
  tell(event: PassingEvent): void {
    if (!this.sink.congested) this.sink.send(passingAs(event, this.options.form));
  }

  private hand(event: ToldEvent): void {
    const text = event.as(this.options.form);
    if (text !== null) this.sink.send(text);
    this.reached = event.position;
    this.sequence = event.row.sequence;
  }

  private async catchUp(): Promise<void> {
    while (!this.ended && !this.sink.closed) {
      if (!(await this.sink.room(this.fan.patience))) {
        this.sink.end('too-slow', this.reached);
        return;
      }
      // Committed before the page is read, so the page or an earlier one had all of it.
      const seen = this.fan.position;
      const page = await this.fan.read(this.reached, {
        ...this.scope,
        limit: PAGE,
        afterSequence: this.scope.sessionId === undefined ? undefined : this.sequence,
      });
      if (this.ended || this.sink.closed) return;
      if (!this.handAll(page) || page.length === PAGE) continue;
      this.reached = Math.max(this.reached, seen);
      const since = this.fan.since(this.reached);
      if (!since || !this.handAll(since.filter((event) => this.wants(event)))) continue;
      this.reached = Math.max(this.reached, this.fan.position);
      this.isLive = true;
      this.fan.join(this);
      this.options.onLive?.();
      return;
    }
  }

  /** False when the connection took not all of them. */
  private handAll(events: ToldEvent[]): boolean {
    for (const event of events) {
      if (this.sink.congested) return false;
      this.hand(event);
    }
    return true;
  }

  private wants({ row }: ToldEvent): boolean {
    const { ownerId, sessionId } = this.scope;
    return row.owner_id === ownerId && (sessionId === undefined || row.session_id === sessionId);
  }
}
