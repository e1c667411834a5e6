import type { Logger } from 'pino';
import type { Clock } from '../clock.js';
import { systemClock } from '../clock.js';
import { crashPoint } from '../crash-point.js';
import type { Database } from '../db/database.js';
import type { WriteStep } from '../db/write-unit.js';
import { WriteRefused } from '../db/write-unit.js';
import { isSwitchedOff } from '../unsafe.js';
import type { EventLog, StoredEvent } from './event-log.js';

/** Hints may be lost; so often (ms) a consumer looks without one. */
const LOOK_EVERY = 5000;
/** The pauses after a failure grow to this (ms). */
const LONGEST_PAUSE = 30_000;

export interface Reader {
  /** Names the cursor; never changes. */
  name: string;
  /** How many events are handled in one transaction. */
  batch(): number;
  /** False: nobody wants events now, and they need not be read. */
  wanted(): boolean;
  /**
   * What becomes of these events. The steps are written together with the cursor, so they happen
   * exactly once, whatever dies when; `committed` is called after that and may be lost.
   */
  handle(events: StoredEvent[]): Promise<{ steps: WriteStep[]; committed(): void }>;
}

/**
 * Reads the event log with a position of its own that survives death: loads what comes after it,
 * handles that, and moves on in the transaction in which the outcome is written.
 *
 * It relies on this: positions become visible in their order, also on PostgreSQL, where every writer
 * takes one lock before it takes positions (db/postgres.ts). So what is behind the cursor stays behind.
 */
export class EventConsumer {
  private readonly stopping = new AbortController();
  private rung = false;
  private wakeUp: (() => void) | undefined;
  private running: Promise<void> | undefined;
  private unsubscribe: (() => void) | undefined;

  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
    private readonly reader: Reader,
    private readonly logger: Logger,
    private readonly clock: Clock = systemClock,
  ) {}

  start(): void {
    this.unsubscribe = this.log.wakeup.on('events', () => this.ring());
    this.running = this.run();
  }

  /** Resolves when what was under way is written or left. */
  async stop(): Promise<void> {
    this.unsubscribe?.();
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    let position: number | undefined;
    let failures = 0;
    while (!this.stopping.signal.aborted) {
      try {
        position ??= await this.begin();
        const { reached, more } = this.reader.wanted()
          ? await this.advance(position)
          : await this.skip(position);
        position = reached;
        failures = 0;
        if (!more) await this.wait(LOOK_EVERY);
      } catch (error) {
        // Refused: another process has moved the cursor; read again where it is.
        position = undefined;
        failures += 1;
        if (!(error instanceof WriteRefused)) {
          this.logger.error({ err: error, consumer: this.reader.name }, 'events cannot be handled');
        }
        await this.pause(Math.min(100 * 2 ** failures, LONGEST_PAUSE));
      }
    }
  }

  /** The cursor; a new consumer begins with what comes from now on. */
  private async begin(): Promise<number> {
    const { name } = this.reader;
    const { kysely } = this.database;
    if (isSwitchedOff('cursor')) return await this.log.head();
    const find = () =>
      kysely
        .selectFrom('event_consumers')
        .select('position')
        .where('name', '=', name)
        .executeTakeFirst();
    const known = await find();
    if (known) return known.position;
    const position = await this.log.head();
    const query = kysely
      .insertInto('event_consumers')
      .values({ name, position })
      .onConflict((c) => c.column('name').doNothing());
    await this.database.write([{ query }]);
    return (await find())?.position ?? position;
  }

  private async advance(position: number): Promise<{ reached: number; more: boolean }> {
    const limit = this.reader.batch();
    const events = await this.log.storedAfter(position, { scope: [{}], limit });
    crashPoint('after-cursor-read');
    const reached = events.at(-1)?.position;
    if (reached === undefined) return { reached: position, more: false };
    const { steps, committed } = await this.reader.handle(events);
    crashPoint('before-cursor-advance');
    await this.database.write([...this.move(position, reached), ...steps]);
    committed();
    return { reached, more: events.length === limit };
  }

  /** Passes over what nobody wants. Only now and then: the cursor of an idle reader may lag. */
  private async skip(position: number): Promise<{ reached: number; more: boolean }> {
    const reached = await this.log.head();
    // Somebody may have come while the head was read, and wants what came after.
    if (this.reader.wanted() || reached <= position) {
      return { reached: position, more: this.reader.wanted() };
    }
    await this.database.write(this.move(position, reached));
    return { reached, more: false };
  }

  private move(from: number, to: number): WriteStep[] {
    if (isSwitchedOff('cursor')) return [];
    const query = this.database.kysely
      .updateTable('event_consumers')
      .set({ position: to })
      .where('name', '=', this.reader.name)
      .where('position', '=', from);
    return [{ query, whenUnchanged: 'fail' }];
  }

  private ring(): void {
    if (!this.reader.wanted()) return;
    this.rung = true;
    this.wakeUp?.();
  }

  /** Until it rings, or so many milliseconds. */
  private async wait(time: number): Promise<void> {
    if (!this.rung) {
      await this.pause(time, (wakeUp) => {
        this.wakeUp = wakeUp;
      });
    }
    this.rung = false;
    this.wakeUp = undefined;
  }

  private async pause(time: number, wakeable?: (wakeUp: () => void) => void): Promise<void> {
    if (this.stopping.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const cancel = this.clock.after(time, () => end());
      const end = () => {
        cancel();
        this.stopping.signal.removeEventListener('abort', end);
        resolve();
      };
      this.stopping.signal.addEventListener('abort', end);
      wakeable?.(end);
    });
  }
}
