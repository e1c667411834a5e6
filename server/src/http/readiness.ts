import type { Database } from '../db/database.js';
import { within } from '../within.js';

const PATIENCE = 3000;
/** An answer is good for this long, so that nobody makes us write by asking often (ms). */
const GOOD_FOR = 1000;

/** Whether requests may come here: this process takes part, and the database takes writes. Found out by writing. */
export class Readiness {
  private last: { at: number; answer: Promise<boolean> } | undefined;
  private started = false;
  private stopping = false;

  constructor(private readonly database: Database) {}

  /** Until here the answer is no: a process that takes no part yet can do little of what it is asked. */
  start(): void {
    this.started = true;
  }

  /** From here on the answer is no: whoever distributes requests looks elsewhere. */
  stop(): void {
    this.stopping = true;
  }

  /** Whether this process is about to end. It still answers. */
  get isStopping(): boolean {
    return this.stopping;
  }

  async check(): Promise<boolean> {
    if (!this.started || this.stopping) return false;
    const now = performance.now();
    if (!this.last || now - this.last.at > GOOD_FOR) {
      this.last = { at: now, answer: within(PATIENCE, this.write()) };
    }
    return await this.last.answer;
  }

  private async write(): Promise<void> {
    const value = new Date().toISOString();
    await this.database.write([
      {
        query: this.database.kysely
          .insertInto('settings')
          .values({ key: 'written_at', value })
          .onConflict((c) => c.column('key').doUpdateSet({ value })),
      },
    ]);
  }
}
