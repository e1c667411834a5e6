import type { Database } from '../db/database.js';
import { within } from '../within.js';

const PATIENCE = 3000;
/** An answer is good for this long, so that nobody makes us write by asking often (ms). */
const GOOD_FOR = 1000;

/** Whether the database takes writes. Found out by writing. */
export class Readiness {
  private last: { at: number; answer: Promise<boolean> } | undefined;
  private stopping = false;

  constructor(private readonly database: Database) {}

  /** From here on the answer is no: whoever distributes requests looks elsewhere. */
  stop(): void {
    this.stopping = true;
  }

  async check(): Promise<boolean> {
    if (this.stopping) return false;
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
