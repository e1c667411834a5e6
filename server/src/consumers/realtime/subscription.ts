import type { PassingEvent } from '@patchbay/contract';
import type { Scope } from '../../event-log/event-log.js';
import { toldName } from '../../event-log/told-name.js';
import type { Fan } from './fan.js';
import type { Sink } from './sink.js';
import type { FrameFormat, ToldEvent } from './told-event.js';
import { passingAs } from './told-event.js';

export interface SubscriptionOptions {
  /** What the reader may see and wants to; parts do not overlap. */
  scope: Scope[];
  /** Whether the reader may see the QR of a session, with which anybody can link a phone to it. */
  showsQr(ownerId: string): boolean;
  form: 'sse' | FrameFormat;
  /** The names of what it wants; absent: everything. */
  asked?: ReadonlySet<string> | undefined;
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
  private current: Scope[];

  constructor(
    private readonly fan: Fan,
    private readonly sink: Sink,
    private readonly options: SubscriptionOptions,
  ) {
    this.reached = options.position;
    this.current = options.scope;
  }

  get scope(): readonly Scope[] {
    return this.current;
  }

  /**
   * The reader may see more or less than before: from here on it gets what it may see now.
   * @returns whether that is something else
   */
  changeScope(scope: Scope[]): boolean {
    if (this.ended || JSON.stringify(scope) === JSON.stringify(this.current)) return false;
    if (this.isLive) this.reached = this.position;
    this.fan.leave(this);
    this.current = scope;
    this.sequence = undefined;
    if (this.isLive) this.fan.join(this);
    return true;
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
    const { form, asked } = this.options;
    if (asked && !asked.has(event.name)) return;
    if (!this.sink.congested) this.sink.send(passingAs(event, form));
  }

  private hand(event: ToldEvent): void {
    const { form, showsQr, asked } = this.options;
    const name = toldName(event.row, asked);
    const isQr = form === 'channels' && event.hasQr && name === event.row.name;
    const isHidden = name === undefined || (isQr && !showsQr(event.row.owner_id));
    const text = isHidden ? null : event.as(form, name);
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
      const scope = this.current;
      const page = await this.fan.read(this.reached, {
        scope,
        limit: PAGE,
        afterSequence: this.sequence,
      });
      if (this.ended || this.sink.closed) return;
      // What was read for a scope that has changed meanwhile is not what the reader may see.
      if (scope !== this.current) continue;
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
    return this.current.some(
      ({ ownerId, sessionId }) =>
        (ownerId === undefined || row.owner_id === ownerId) &&
        (sessionId === undefined || row.session_id === sessionId),
    );
  }
}
