import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { Database } from '../db/database.js';
import { dialects } from '../db/dialect.js';
import { Leases } from './leases.js';
import { loadFigures } from './load-figures.js';
import { CLUSTER_TIMES, type ClusterTimes, Membership, type Role } from './membership.js';

/** How often those that are gone are looked for (ms). */
const LOOK_EVERY = 500;

/** A process that takes part now. */
export interface LiveWorker {
  id: string;
  role: Role;
  /** `http://host:port` */
  address: string | null;
  draining: boolean;
  sessions: number;
  rss: number;
  /** Milliseconds. */
  loopDelay: number;
}

interface Surroundings {
  database: Database;
  role: Role;
  /** How many sessions this process runs now. */
  sessions(): number;
  logger: Logger;
  times?: ClusterTimes;
}

/**
 * The processes that work on one database, seen from this one. With SQLite it is alone: it holds
 * everything, and nothing here costs anything.
 */
export class Cluster {
  readonly role: Role;
  readonly leases: Leases;
  /** undefined: this process is alone. */
  readonly membership: Membership | undefined;
  private readonly database: Database;
  private readonly logger: Logger;
  private readonly figures: ReturnType<typeof loadFigures> | undefined;
  private lookTimer: NodeJS.Timeout | undefined;
  private readonly onGivenUp: (() => void)[] = [];
  private stopped = false;

  constructor({ database, role, sessions, logger, times = CLUSTER_TIMES }: Surroundings) {
    this.database = database;
    this.role = role;
    this.logger = logger;
    const { control } = database;
    if (control) {
      const figures = loadFigures(sessions);
      this.figures = figures;
      const folder = database.ownFolder;
      const load = () => figures.read();
      this.membership = new Membership({ control, folder, role, load, times, logger });
      // Whoever comes may take the place of one that died.
      this.membership.joined(() => database.notices?.missed());
    }
    this.leases = new Leases(database, this.membership, logger);
  }

  /** Whether other processes may work on the same database. */
  get isShared(): boolean {
    return this.membership !== undefined;
  }

  /** Of this process; undefined while it takes no part, or is alone. Changes when it had to join anew. */
  get workerId(): string | undefined {
    return this.membership?.workerId;
  }

  /** Whether what this process holds is its own at this moment, by its own clock. */
  holds(): boolean {
    return this.membership?.holds() ?? true;
  }

  /** Calls back when a process is gone, and what it held is free. */
  givenUp(listener: () => void): void {
    this.onGivenUp.push(listener);
  }

  /** How long (ms) it will be, unless it is renewed; 0: it is not; Infinity: this process is alone. */
  holdsFor(): number {
    return this.membership?.holdsFor() ?? Number.POSITIVE_INFINITY;
  }

  /** @param address where other processes reach this one */
  async start(address: string | null): Promise<void> {
    if (!this.membership) return;
    await this.membership.start(address);
    this.look();
  }

  /** The last to end: when this process has let go of all that it held. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.lookTimer);
    this.leases.stop();
    await this.membership?.stop();
    this.figures?.stop();
  }

  /** All that take part now, this one among them; empty when it is alone. */
  async live(): Promise<LiveWorker[]> {
    const { control } = this.database;
    if (!control) return [];
    const rows = await control.kysely
      .selectFrom('workers')
      .select(['id', 'role', 'address', 'draining', 'sessions', 'rss', 'loop_delay'])
      .where('expires_at', '>', dialects.postgres.now)
      .orderBy('id')
      .execute();
    return rows.map(({ draining, loop_delay, ...row }) => ({
      ...row,
      draining: draining === 1,
      loopDelay: loop_delay,
    }));
  }

  /**
   * Who has a session now; null: nobody, or there is no such session, or this process is alone. It may
   * be another when the answer is there.
   */
  async ownerOf(sessionId: string): Promise<{ workerId: string; address: string | null } | null> {
    if (!this.isShared) return null;
    const row = await this.database.kysely
      .selectFrom('sessions as s')
      .innerJoin('workers as w', 'w.id', 's.worker_id')
      .select(['w.id', 'w.address'])
      .where('s.id', '=', sessionId)
      .where('w.expires_at', '>', dialects.postgres.now)
      .executeTakeFirst();
    return row ? { workerId: row.id, address: row.address } : null;
  }

  /** Of the processes that run sessions the one with the fewest, to which a new one may be sent. */
  async leastLoaded(): Promise<LiveWorker | undefined> {
    const [live, counts] = await Promise.all([this.live(), this.sessionsByWorker()]);
    const sessions = ({ id }: LiveWorker) => counts.get(id) ?? 0;
    return live
      .filter(({ role, draining }) => role !== 'api' && !draining)
      .sort((a, b) => sessions(a) - sessions(b))[0];
  }

  /** How many of the sessions that should be up each worker has now; under null those that none has. */
  async sessionsByWorker(): Promise<Map<string | null, number>> {
    const rows = await this.database.kysely
      .selectFrom('sessions')
      .select((e) => ['worker_id', e.fn.countAll<number>().as('count')])
      .where('wanted', '=', 1)
      .groupBy('worker_id')
      .execute();
    return new Map(rows.map(({ worker_id, count }) => [worker_id, count]));
  }

  private look(): void {
    if (this.stopped) return;
    this.lookTimer = setTimeout(() => {
      void this.giveUpExpired()
        .catch((error) => this.logger.debug({ err: error }, 'cluster'))
        .finally(() => this.look());
    }, LOOK_EVERY).unref();
  }

  /**
   * Removes those whose time is over, and ends their connections: what they have begun to write is
   * undone, and whom they keep waiting goes on. A row that is being renewed at this moment is locked,
   * and looked at again the next time.
   */
  private async giveUpExpired(): Promise<void> {
    const { control } = this.database;
    if (!control || !this.holds()) return;
    const { rows } = await sql<{ id: string; connections: string }>`
      delete from workers where id in (
        select id from workers where expires_at < ${dialects.postgres.now} for update skip locked
      ) returning id, connections`.execute(control.kysely);
    for (const { id, connections } of rows) {
      this.logger.warn({ worker: id }, 'a worker is gone; what it held is free');
      await sql`select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = ${connections} and pid != pg_backend_pid()`.execute(
        control.kysely,
      );
    }
    const { notices } = this.database;
    if (rows.length > 0) {
      for (const listener of this.onGivenUp) listener();
      notices?.missed();
    }
    await notices?.lookAround(async () =>
      (await this.live()).some(({ id }) => id !== this.workerId),
    );
  }
}
