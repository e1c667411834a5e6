import type { Logger } from 'pino';
import type { Cluster, LiveWorker } from '../cluster/cluster.js';
import type { Wakeup } from '../event-log/wakeup.js';
import type { Claims } from './claims.js';
import type { SessionRow } from './session-store.js';

/** How often each process looks whether sessions are free, or too many here (ms). */
const LOOK_EVERY = 1000;
/** Processes that start together see each other before they share (ms). */
const SETTLE = 1500;
/** Given to others in one look, so that they are up there before the next are given. */
const GIVEN_AT_ONCE = 5;

/** What was linked or opened just now is busy with its history: it stays for so long (ms). */
const STABLE = 3000;

/** A process beyond one of these takes no more sessions, and counts for nothing in the shares. */
export interface PlacementLimits {
  /** Bytes; undefined: any. */
  rss: number | undefined;
  /** Milliseconds, 99 of 100 delays are shorter; undefined: any. */
  loopDelay: number | undefined;
}

interface Surroundings {
  cluster: Cluster;
  claims: Claims;
  wakeup: Wakeup;
  limits: PlacementLimits;
  logger: Logger;
  /** Wanted sessions that this process has. */
  mine(): SessionRow[];
  /** Starts what was claimed. */
  take(rows: SessionRow[]): void;
  /** Hands a session over to whoever takes it. */
  give(row: SessionRow): Promise<void>;
}

/**
 * Shares the sessions among the processes that run some: each takes what nobody has until it has its
 * share, and gives away what it has beyond it.
 */
export class Placement {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private stopped = false;
  /** Seen in the last look as this process's, and not running. */
  private leftBehind = new Set<string>();
  private readonly unsubscribe: () => void;

  constructor(private readonly around: Surroundings) {
    this.unsubscribe = around.wakeup.on('free-sessions', () => void this.look());
  }

  /** Takes its share for the first time, and goes on looking. */
  async start(): Promise<void> {
    const { cluster } = this.around;
    if (cluster.role === 'worker') this.next(SETTLE);
    else await this.look();
  }

  /** Takes and gives nothing more. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    this.unsubscribe();
    await this.looking;
  }

  private next(delay: number): void {
    clearTimeout(this.timer);
    if (!this.stopped) this.timer = setTimeout(() => void this.look(), delay).unref();
  }

  private look(): Promise<void> {
    if (this.stopped) return Promise.resolve();
    this.looking ??= this.balance()
      .catch((error) => this.around.logger.debug({ err: error }, 'sessions are not shared now'))
      .finally(() => {
        this.looking = undefined;
        this.next(LOOK_EVERY);
      });
    return this.looking;
  }

  private async balance(): Promise<void> {
    const { cluster, claims, mine, take } = this.around;
    const able = (await cluster.live()).filter((worker) => this.mayTake(worker));
    const counts = await cluster.sessionsByWorker();
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const share = Math.ceil(total / Math.max(1, able.length));
    const isAble = able.some(({ id }) => id === cluster.workerId);
    let room = isAble ? share - mine().length : 0;
    while (room > 0 && !this.stopped) {
      const rows = await claims.claimWanted(room);
      if (rows.length === 0) break;
      take(rows);
      room -= rows.length;
    }
    await this.takeLeftBehind((counts.get(cluster.workerId ?? '') ?? 0) > mine().length);
    const few = Math.floor(total / Math.max(1, able.length));
    const others = able.filter(({ id }) => id !== cluster.workerId);
    const missing = others.reduce(
      (sum, { id }) => sum + Math.max(0, few - (counts.get(id) ?? 0)),
      0,
    );
    await this.give(Math.min(mine().length - share, missing, GIVEN_AT_ONCE));
  }

  /** What could not be given back when it was to be handed over is still this process's: it goes on. */
  private async takeLeftBehind(isLikely: boolean): Promise<void> {
    const rows = isLikely ? await this.around.claims.own() : [];
    const running = new Set(this.around.mine().map(({ id }) => id));
    const left = rows.filter(({ id }) => !running.has(id));
    // Not at first sight: it may have been on its way.
    this.around.take(left.filter(({ id }) => this.leftBehind.has(id)));
    this.leftBehind = new Set(left.map(({ id }) => id));
  }

  /** Gives away so many of those that are up, and have been for a while: no link code is taken away. */
  private async give(count: number): Promise<void> {
    const before = Date.now() - STABLE;
    const ready = this.around
      .mine()
      .filter(({ status, status_since }) => status === 'connected' && status_since < before);
    for (const row of ready.slice(0, Math.max(0, count))) {
      if (!this.stopped) await this.around.give(row);
    }
  }

  private mayTake({ role, draining, rss, loopDelay }: LiveWorker): boolean {
    const { limits } = this.around;
    if (role === 'api' || draining) return false;
    return (
      rss <= (limits.rss ?? Number.POSITIVE_INFINITY) &&
      loopDelay <= (limits.loopDelay ?? Number.POSITIVE_INFINITY)
    );
  }
}
