import type { Cluster } from '../cluster/cluster.js';
import { stillThere } from '../cluster/still-there.js';
import type { Database } from '../db/database.js';
import type { SessionRow } from './session-store.js';

/** Sessions that one statement claims. */
const AT_ONCE = 100;

/**
 * Which process has a session: `sessions.worker_id`, as long as there is such a worker. Whoever takes
 * one over makes its epoch grow. Only where processes share a database.
 */
export class Claims {
  constructor(
    private readonly database: Database,
    private readonly cluster: Cluster,
  ) {}

  /** Sessions that should be up and nobody has, at most so many; they are this process's then. */
  async claimWanted(most: number): Promise<SessionRow[]> {
    if (most <= 0) return [];
    const seen = await this.database.kysely
      .selectFrom('sessions as s')
      .leftJoin('workers as w', 'w.id', 's.worker_id')
      .select(['s.id', 's.epoch'])
      .where('s.wanted', '=', 1)
      .where('w.id', 'is', null)
      .orderBy('s.id')
      .limit(Math.min(most, AT_ONCE))
      .execute();
    return await this.claim(seen);
  }

  /** Sessions that should be up and are this process's. */
  async own(): Promise<SessionRow[]> {
    return await this.database.kysely
      .selectFrom('sessions')
      .selectAll()
      .where('worker_id', '=', this.cluster.workerId ?? '')
      .where('wanted', '=', 1)
      .execute();
  }

  /**
   * A session that a request is about.
   * @returns undefined when another process has it
   */
  async claimOne(id: string): Promise<SessionRow | undefined> {
    const seen = await this.database.kysely
      .selectFrom('sessions as s')
      .leftJoin('workers as w', 'w.id', 's.worker_id')
      .select(['s.id', 's.epoch'])
      .where('s.id', '=', id)
      .where('w.id', 'is', null)
      .execute();
    const [row] = await this.claim(seen);
    return row;
  }

  /** Gives a session back, whose socket is closed: anybody may have it at once. */
  async release({ id, worker_id, epoch }: SessionRow): Promise<void> {
    await this.database.write([
      {
        query: this.database.kysely
          .updateTable('sessions')
          .set({ worker_id: null })
          .where('id', '=', id)
          .where('epoch', '=', epoch)
          .where('worker_id', '=', worker_id),
      },
    ]);
  }

  /** Gives back what should not be up: commands for it go to others from now on. */
  async releaseClosed(): Promise<void> {
    await this.database.write([
      {
        query: this.database.kysely
          .updateTable('sessions')
          .set({ worker_id: null })
          .where('worker_id', '=', this.cluster.workerId ?? '')
          .where('wanted', '=', 0),
      },
    ]);
  }

  /**
   * By the epochs that were seen while nobody had them: a worker that is gone does not come back, so
   * whoever has one of them meanwhile has made its epoch grow. A row that somebody is writing to is
   * left for the next time.
   */
  private async claim(seen: Pick<SessionRow, 'id' | 'epoch'>[]): Promise<SessionRow[]> {
    const { control } = this.database;
    const me = this.cluster.workerId;
    if (!control || !me || seen.length === 0) return [];
    const rows = await control.kysely
      .updateTable('sessions')
      .set((e) => ({ worker_id: me, epoch: e('epoch', '+', 1) }))
      .where('id', 'in', (e) =>
        e
          .selectFrom('sessions as free')
          .select('free.id')
          .where((one) =>
            one.or(
              seen.map(({ id, epoch }) =>
                one.and([one('free.id', '=', id), one('free.epoch', '=', epoch)]),
              ),
            ),
          )
          .forUpdate()
          .skipLocked(),
      )
      .where(stillThere(me))
      .returningAll()
      .execute();
    return rows;
  }
}
