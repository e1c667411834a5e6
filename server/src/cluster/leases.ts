import type { Logger } from 'pino';
import type { Database } from '../db/database.js';
import type { WriteStep } from '../db/write-unit.js';
import type { Membership } from './membership.js';
import { stillThere } from './still-there.js';

/** Names that somebody waits for are tried again this often (ms). */
const TRY_EVERY = 1000;

/** What is called when a name was taken, and when it is lost again. */
export interface Holder {
  gained(): void | Promise<void>;
  lost(): void | Promise<void>;
}

/**
 * What one process of all does, by name (`consumer:webhooks`, `schedules`). A lease is a row of
 * `leases` that hangs on its worker: it is renewed with it, and free when the worker is gone. With
 * SQLite there is one process, and everything is its own: no rows, no timers.
 */
export class Leases {
  /** Names that are held, with their tokens. */
  private readonly held = new Map<string, number>();
  private readonly contended = new Map<string, Holder>();
  private timer: NodeJS.Timeout | undefined;
  private trying: Promise<void> | undefined;

  /** @param membership undefined: this process is alone */
  constructor(
    private readonly database: Database,
    private readonly membership: Membership | undefined,
    private readonly logger: Logger,
  ) {
    membership?.lost(() => this.loseAll());
    membership?.joined(() => this.tryAll());
  }

  /**
   * Takes a name that nobody holds, or that this process holds already.
   * @returns whether it is this process's now
   */
  async take(name: string): Promise<boolean> {
    if (!this.membership || this.mine(name)) return true;
    const me = this.membership.workerId;
    if (!me) return false;
    const kysely = this.control();
    const found = await kysely
      .selectFrom('leases as l')
      .leftJoin('workers as w', 'w.id', 'l.worker_id')
      .select(['l.token', 'w.id as holder'])
      .where('l.name', '=', name)
      .executeTakeFirst();
    if (found?.holder && found.holder !== me) return false;
    const token = (found?.token ?? 0) + 1;
    // By the token that was seen: a worker that was gone then does not come back, so whoever holds
    // the name meanwhile has made it grow.
    const taken = found
      ? await kysely
          .updateTable('leases')
          .set({ worker_id: me, token })
          .where('name', '=', name)
          .where('token', '=', found.token)
          .executeTakeFirst()
          .then(({ numUpdatedRows }) => numUpdatedRows > 0n)
      : await kysely
          .insertInto('leases')
          .values({ name, worker_id: me, token })
          .onConflict((c) => c.doNothing())
          .executeTakeFirst()
          .then(({ numInsertedOrUpdatedRows }) => (numInsertedOrUpdatedRows ?? 0n) > 0n);
    if (!taken || this.membership.workerId !== me) return false;
    this.held.set(name, token);
    return true;
  }

  /** Whether a name that was taken is still held, by this process's own clock. Costs nothing. */
  mine(name: string): boolean {
    return !this.membership || (this.membership.holds() && this.held.has(name));
  }

  /** Gives a name back: somebody else may have it at once. */
  async release(name: string): Promise<void> {
    this.contended.delete(name);
    const token = this.held.get(name);
    this.held.delete(name);
    if (token === undefined || !this.membership) return;
    await this.control()
      .updateTable('leases')
      .set({ worker_id: null })
      .where('name', '=', name)
      .where('token', '=', token)
      .execute();
  }

  /**
   * Wants a name from now on: `gained` is called whenever this process has got it, also again after
   * it was lost. Ends with `release`.
   */
  async contend(name: string, holder: Holder): Promise<void> {
    if (!this.membership) return void (await holder.gained());
    this.contended.set(name, holder);
    await this.tryAll();
  }

  /**
   * Steps that refuse a unit when the name is no longer held: by the database's clock, in the
   * statement itself. None when this process is alone.
   */
  guard(name: string): WriteStep[] {
    if (!this.membership) return [];
    // The row is locked until the unit is committed, so nobody takes the name in between.
    const me = this.membership.workerId ?? '';
    const query = this.database.kysely
      .selectFrom('leases')
      .select('name')
      .where('name', '=', name)
      .where('token', '=', this.held.get(name) ?? -1)
      .where('worker_id', '=', me)
      .where(stillThere(me))
      .forNoKeyUpdate();
    return [{ query, whenUnchanged: 'fail' }];
  }

  stop(): void {
    clearTimeout(this.timer);
    this.contended.clear();
  }

  private tryAll(): Promise<void> {
    this.trying ??= this.tryEach().finally(() => {
      this.trying = undefined;
      clearTimeout(this.timer);
      if (this.contended.size > 0) {
        this.timer = setTimeout(() => void this.tryAll(), TRY_EVERY).unref();
      }
    });
    return this.trying;
  }

  private async tryEach(): Promise<void> {
    for (const [name, holder] of this.contended) {
      if (this.mine(name)) continue;
      try {
        if (await this.take(name)) await holder.gained();
      } catch (error) {
        this.logger.debug({ err: error, name }, 'cluster: lease');
      }
    }
  }

  private async loseAll(): Promise<void> {
    const names = [...this.held.keys()];
    this.held.clear();
    await Promise.allSettled(names.map((name) => this.contended.get(name)?.lost()));
  }

  private control() {
    return (this.database.control as NonNullable<Database['control']>).kysely;
  }
}
