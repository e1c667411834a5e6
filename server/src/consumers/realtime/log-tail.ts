import type { Logger } from 'pino';
import type { EventLog } from '../../event-log/event-log.js';
import type { QrOf } from './told-event.js';
import { ToldEvent } from './told-event.js';

const BATCH = 500;
/** Newest events kept in memory, so that a reader that has just caught up misses none. */
const KEPT = 1000;
const KEPT_CHARACTERS = 2_000_000;
/** A hint may be lost: the tail looks by itself this often (ms). */
const LOOK_EVERY = 1000;

/** The one reader of the log on behalf of all connections of this process. */
export class LogTail {
  private recent: ToldEvent[] = [];
  /** Everything up to here was read. */
  private read = 0;
  private running: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stopHearing: (() => void) | undefined;
  private characters = 0;
  private reading = false;
  private again = false;

  constructor(
    private readonly log: EventLog,
    private readonly qrOf: QrOf,
    private readonly logger: Logger,
    private readonly deliver: (event: ToldEvent) => void,
  ) {}

  get position(): number {
    return this.read;
  }

  /** Begins at the end of the log; further calls wait for the first. */
  start(): Promise<void> {
    this.running ??= this.begin().catch((error) => {
      this.running = undefined;
      throw error;
    });
    return this.running;
  }

  stop(): void {
    this.stopHearing?.();
    clearInterval(this.timer);
    this.running = undefined;
    this.recent = [];
    this.characters = 0;
  }

  /** Events after a position, or undefined when so old ones are no longer in memory. */
  since(position: number): ToldEvent[] | undefined {
    const oldest = this.recent[0];
    if (position >= this.read) return [];
    if (!oldest || oldest.position > position + 1) return undefined;
    return this.recent.filter((event) => event.position > position);
  }

  private async begin(): Promise<void> {
    this.read = await this.log.head();
    const look = () => void this.look();
    this.stopHearing = this.log.wakeup.on('events', look);
    this.timer = setInterval(look, LOOK_EVERY);
  }

  private keep(event: ToldEvent): void {
    this.recent.push(event);
    this.characters += event.row.data.length;
    if (this.recent.length <= 2 * KEPT && this.characters <= 2 * KEPT_CHARACTERS) return;
    while (this.recent.length > KEPT || this.characters > KEPT_CHARACTERS) {
      this.characters -= this.recent.shift()?.row.data.length ?? 0;
    }
  }

  private async look(): Promise<void> {
    this.again = true;
    if (this.reading) return;
    this.reading = true;
    try {
      while (this.again && this.running) {
        this.again = false;
        const rows = await this.log.storedAfter(this.read, { scope: [{}], limit: BATCH });
        for (const row of rows) {
          const event = await ToldEvent.of(row, this.qrOf);
          this.keep(event);
          this.read = row.position;
          this.deliver(event);
        }
        if (rows.length === BATCH) this.again = true;
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'the event log cannot be read; live streams wait');
    } finally {
      this.reading = false;
    }
  }
}
