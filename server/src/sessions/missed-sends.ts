import type { Cluster } from '../cluster/cluster.js';
import type { Database } from '../db/database.js';

/** A notice may be lost: what another process has accepted is looked for this often (ms). */
const LOOK_EVERY = 5000;

/** Finds what waits in the outbox of sessions that this process has, though nobody told it. */
export class MissedSends {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  /** @param found called with a session that has something due, again as long as it has */
  constructor(
    private readonly database: Database,
    private readonly cluster: Cluster,
    private readonly found: (sessionId: string) => void,
  ) {}

  start(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      // With the database away there is a next time.
      void this.look()
        .catch(() => undefined)
        .finally(() => this.start());
    }, LOOK_EVERY).unref();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private async look(): Promise<void> {
    const rows = await this.database.kysely
      .selectFrom('outbox as o')
      .innerJoin('sessions as s', 's.id', 'o.session_id')
      .select('o.session_id as id')
      .distinct()
      .where('s.worker_id', '=', this.cluster.workerId ?? '')
      .where('o.state', '=', 'queued')
      .where('o.due_at', '<=', Date.now())
      .execute();
    for (const { id } of rows) this.found(id);
  }
}
