import type { Logger } from 'pino';
import type { Clock } from '../clock.js';
import { systemClock } from '../clock.js';
import type { Duties } from '../cluster/duties.js';
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

/** Forgets how far a reader came: it begins anew, and the log is not kept for it any more. */
export async function forgetConsumer(database: Database, name: string): Promise<void> {
  const query = database.kysely.deleteFrom('event_consumers').where('name', '=', name);
  await database.write([{ query }]);
}

interface Surroundings {
  database: Database;
  log: EventLog;
  /** Which of several processes reads: one at a time. */
  leases: Duties;
  reader: Reader;
  logger: Logger;
  clock?: Clock;
}

export interface Reader {
  /** Names the cursor; never changes. */
  name: string;
  /** How many events are handled in one transaction. */
  batch(): number;
  /** False: nobody wants events now, and they need not be read. */
  wanted(): boolean;
  /** Finds out whether `wanted` is still so, where another process may have changed it. */
  look?(): Promise<unknown>;
  /** False: what was handled before must be worked off first; asked again at each hint. */
  hasRoom?(): Promise<boolean>;
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
 * Of several processes one reads; a process that was the one, and does not know yet that it is no
 * longer, finds the cursor moved, and nothing of its unit is kept.
 */
export class EventConsumer {
  private stopping = new AbortController();
  private rung = false;
  private wakeUp: (() => void) | undefined;
  private running: Promise<void> | undefined;
  private unsubscribe: (() => void) | undefined;
  private readonly clock: Clock;

  constructor(private readonly around: Surroundings) {
    this.clock = around.clock ?? systemClock;
  }

  /** From now on it reads whenever this process is the one that does. */
  async start(): Promise<void> {
    const { log, leases, reader } = this.around;
    this.unsubscribe = log.wakeup.on('events', () => this.ring());
    await leases.contend(leaseOf(reader), {
      gained: () => this.begin(),
      lost: () => this.end(),
    });
  }

  /** Resolves when what was under way is written or left. */
  async stop(): Promise<void> {
    this.unsubscribe?.();
    await this.end();
    await this.around.leases.release(leaseOf(this.around.reader));
  }

  private begin(): void {
    this.stopping = new AbortController();
    const { signal } = this.stopping;
    const before = this.running ?? Promise.resolve();
    this.running = before.then(() => this.run(signal));
  }

  private async end(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(signal: AbortSignal): Promise<void> {
    let position: number | undefined;
    let failures = 0;
    while (!signal.aborted) {
      try {
        position ??= await this.place();
        const { reached, more } = this.around.reader.wanted()
          ? await this.advance(position)
          : await this.skip(position);
        position = reached;
        failures = 0;
        if (!more) await this.wait(LOOK_EVERY, signal);
      } catch (error) {
        // Refused: another process has moved the cursor; read again where it is.
        position = undefined;
        failures += 1;
        if (!(error instanceof WriteRefused)) {
          this.around.logger.error(
            { err: error, consumer: this.around.reader.name },
            'events cannot be handled',
          );
        }
        await this.pause(Math.min(100 * 2 ** failures, LONGEST_PAUSE), signal);
      }
    }
  }

  /** The cursor; a new consumer begins with what comes from now on. */
  private async place(): Promise<number> {
    const { name } = this.around.reader;
    const { kysely } = this.around.database;
    if (isSwitchedOff('cursor')) return await this.around.log.head();
    const find = () =>
      kysely
        .selectFrom('event_consumers')
        .select('position')
        .where('name', '=', name)
        .executeTakeFirst();
    const known = await find();
    if (known) return known.position;
    const position = await this.around.log.head();
    const query = kysely
      .insertInto('event_consumers')
      .values({ name, position })
      .onConflict((c) => c.column('name').doNothing());
    await this.around.database.write([{ query }]);
    return (await find())?.position ?? position;
  }

  private async advance(position: number): Promise<{ reached: number; more: boolean }> {
    if (this.around.reader.hasRoom && !(await this.around.reader.hasRoom())) {
      return { reached: position, more: false };
    }
    const limit = this.around.reader.batch();
    const events = await this.around.log.storedAfter(position, { scope: [{}], limit });
    crashPoint('after-cursor-read');
    const reached = events.at(-1)?.position;
    if (reached === undefined) return { reached: position, more: false };
    const { steps, committed } = await this.around.reader.handle(events);
    crashPoint('before-cursor-advance');
    await this.around.database.write([...this.move(position, reached), ...steps]);
    committed();
    return { reached, more: events.length === limit };
  }

  /** Passes over what nobody wants. Only now and then: the cursor of an idle reader may lag. */
  private async skip(position: number): Promise<{ reached: number; more: boolean }> {
    const reached = await this.around.log.head();
    await this.around.reader.look?.();
    // Somebody may have come while the head was read, and wants what came after.
    if (this.around.reader.wanted() || reached <= position) {
      return { reached: position, more: this.around.reader.wanted() };
    }
    await this.around.database.write(this.move(position, reached));
    return { reached, more: false };
  }

  private move(from: number, to: number): WriteStep[] {
    if (isSwitchedOff('cursor')) return [];
    const query = this.around.database.kysely
      .updateTable('event_consumers')
      .set({ position: to })
      .where('name', '=', this.around.reader.name)
      .where('position', '=', from);
    return [{ query, whenUnchanged: 'fail' }];
  }

  /** Looks again, without waiting for the next hint. */
  ring(): void {
    if (!this.around.reader.wanted()) return;
    this.rung = true;
    this.wakeUp?.();
  }

  /** Until it rings, or so many milliseconds. */
  private async wait(time: number, signal: AbortSignal): Promise<void> {
    if (!this.rung) {
      await this.pause(time, signal, (wakeUp) => {
        this.wakeUp = wakeUp;
      });
    }
    this.rung = false;
    this.wakeUp = undefined;
  }

  private async pause(
    time: number,
    signal: AbortSignal,
    wakeable?: (wakeUp: () => void) => void,
  ): Promise<void> {
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const cancel = this.clock.after(time, () => end());
      const end = () => {
        cancel();
        signal.removeEventListener('abort', end);
        resolve();
      };
      signal.addEventListener('abort', end);
      wakeable?.(end);
    });
  }
}

function leaseOf({ name }: Reader): string {
  return `consumer:${name}`;
}
