import pLimit from 'p-limit';
import type { Cluster } from '../cluster/cluster.js';
import type { Wakeup } from '../event-log/wakeup.js';
import { SessionElsewhere } from '../forwarding/session-elsewhere.js';
import { Claims } from './claims.js';
import { MissedSends } from './missed-sends.js';
import { Placement, type PlacementLimits } from './placement.js';
import { Session } from './session.js';
import type { SessionRow } from './session-store.js';
import type { SessionSurroundings } from './session-surroundings.js';
import { until } from './until.js';

/** A restored session counts as under way for this long; then the next one may start (ms). */
const RESTORE_SLOT = 10_000;
/** Sessions that are handed over at the same time when the process ends; more where there are many. */
const LANES = 5;

/** What requests are doing with a session ends within this (ms), or is cut off when it is handed over. */
const FINISH_WITHIN = 4000;

/** What the roster shares sessions by. */
export interface Sharing {
  wakeup: Wakeup;
  limits: PlacementLimits;
}

/** The sessions that this process has: all there are, or its share of them. */
export class Roster {
  private readonly sessions = new Map<string, Session>();
  private readonly loading = new Map<string, Promise<Session | undefined>>();
  /** Being handed over to another process. */
  private readonly leaving = new Set<string>();
  private readonly claims: Claims;
  private readonly placement: Placement;
  private readonly missedSends: MissedSends;
  private starting = pLimit(1);
  private stopping = false;

  constructor(
    private readonly around: SessionSurroundings,
    private readonly cluster: Cluster,
    private readonly sharing: Sharing,
  ) {
    this.claims = new Claims(around.database, cluster);
    this.placement = new Placement({
      ...{ cluster, claims: this.claims, logger: around.logger },
      ...sharing,
      mine: () => this.wanted(),
      take: (rows) => {
        for (const row of rows) void this.begin(this.adopt(row));
      },
      give: (row) => this.handOver(row.id),
    });
    this.missedSends = new MissedSends(around.database, cluster, (id) =>
      this.sessions.get(id)?.lookForSends(),
    );
    cluster.givenUp(() => sharing.wakeup.hint('free-sessions'));
    cluster.membership?.lost(() => this.abandonAll());
  }

  /** At most `concurrency` sessions connect at a time. */
  async start(concurrency: number): Promise<void> {
    this.starting = pLimit(concurrency);
    if (this.cluster.role === 'api') return;
    if (this.cluster.isShared) {
      this.missedSends.start();
      return await this.placement.start();
    }
    const ids = await this.around.store.wanted();
    await Promise.all(ids.map(async (id) => this.begin(await this.load(id))));
  }

  /** Sessions are handed over one after another where others may take them. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.missedSends.stop();
    this.starting.clearQueue();
    await this.placement.stop();
    await this.cluster.membership?.drain();
    const ids = [...this.sessions.keys()];
    const lanes = this.cluster.isShared ? Math.max(LANES, Math.ceil(ids.length / 20)) : ids.length;
    const handing = pLimit(Math.max(1, lanes));
    await Promise.all(ids.map((id) => handing(() => this.handOver(id))));
    if (this.cluster.isShared) await this.claims.releaseClosed();
  }

  all(): Session[] {
    return [...this.sessions.values()];
  }

  /** Of those that this process has the ones that should be up. */
  wanted(): SessionRow[] {
    return this.all().flatMap(({ row }) => (row.wanted === 1 ? [row] : []));
  }

  /** A session that is here already. */
  here(id: string): Session | undefined {
    return this.sessions.get(id);
  }

  /**
   * One actor per session, however many ask for it at once. A session that nobody has is taken.
   * @throws {SessionElsewhere} when another process has it
   */
  async load(id: string): Promise<Session | undefined> {
    if (this.leaving.has(id)) throw new SessionElsewhere(id);
    const known = this.sessions.get(id);
    if (known) return known;
    const loading = this.loading.get(id) ?? this.find(id).finally(() => this.loading.delete(id));
    this.loading.set(id, loading);
    return await loading;
  }

  forget(id: string): void {
    this.sessions.delete(id);
    this.around.store.leaves(id);
  }

  private async find(id: string): Promise<Session | undefined> {
    const row = await this.around.store.find(id);
    if (!row) return undefined;
    const meanwhile = this.sessions.get(id);
    if (meanwhile) return meanwhile;
    if (!this.cluster.isShared) return this.adopt(row);
    const { role, workerId } = this.cluster;
    if (this.stopping) throw new SessionElsewhere(id);
    // What is claimed already is about to be adopted.
    if (workerId !== undefined && row.worker_id === workerId) return this.adopt(row);
    const claimed = role === 'api' ? undefined : await this.claims.claimOne(id);
    if (!claimed) throw new SessionElsewhere(id);
    const session = this.adopt(claimed);
    if (claimed.wanted === 1) void this.begin(session);
    return session;
  }

  private adopt(row: SessionRow): Session {
    const known = this.sessions.get(row.id);
    if (known) return known;
    const session = new Session(row, this.around);
    this.sessions.set(row.id, session);
    this.around.store.runs(row);
    return session;
  }

  /** Starts what should be up, as soon as there is a place for it among those that connect. */
  private begin(session: Session | undefined): Promise<void> {
    return this.starting(async () => {
      if (!session || this.stopping) return;
      try {
        await session.post({ type: 'start', reason: 'restored' });
        await until(session, () => session.row.status !== 'starting', RESTORE_SLOT);
      } catch (error) {
        const { id } = session.row;
        this.around.logger.error({ err: error, session: id }, 'session could not be restored');
      }
    });
  }

  /** Finishes what is in hand, closes the socket, and lets another process have the session. */
  private async handOver(id: string): Promise<void> {
    const session = this.sessions.get(id);
    if (!session || this.leaving.has(id)) return;
    this.leaving.add(id);
    try {
      await session.finish(FINISH_WITHIN);
      await session.retire();
      if (this.cluster.isShared) {
        await this.claims.release(session.row);
        this.sharing.wakeup.hint('free-sessions');
      }
    } catch (error) {
      this.around.logger.warn(
        { err: error, session: id },
        'a session was not handed over in order',
      );
    } finally {
      this.leaving.delete(id);
      if (this.sessions.get(id) === session) this.forget(id);
    }
  }

  /** The lease is lost: nobody else opens a socket before these are closed. */
  private async abandonAll(): Promise<void> {
    const all = this.all();
    for (const { row } of all) this.forget(row.id);
    await Promise.all(all.map((session) => session.abandon()));
  }
}
