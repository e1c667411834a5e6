import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { Control } from '../db/database.js';
import { dialects } from '../db/dialect.js';
import { within } from '../within.js';
import { Deadline } from './deadline.js';
import type { LoadFigures } from './load-figures.js';

/** Milliseconds; shorter in tests. */
export interface ClusterTimes {
  /** A worker that is not heard of for so long is given up, by the database's clock. */
  ttl: number;
  renewEvery: number;
  /** A worker ends what it does so long before it would be given up, by its own clock. */
  margin: number;
}

export const CLUSTER_TIMES: ClusterTimes = { ttl: 6000, renewEvery: 1500, margin: 1000 };

/** What was held is let go of within this time (ms) before this process joins again. */
const LET_GO_WITHIN = 4000;

/** Who takes no part tries to so often (ms). */
const JOIN_EVERY = 500;

export type Role = 'all' | 'api' | 'worker';

interface Surroundings {
  control: Control;
  /** Of this process alone; keeps the id of the last worker that was here. */
  folder: string;
  role: Role;
  load(): LoadFigures;
  times: ClusterTimes;
  logger: Logger;
}

type Listener = () => void | Promise<void>;

const now = dialects.postgres.now;

/**
 * That this process takes part: a row of `workers`, on which everything hangs that it holds. It is
 * renewed as long as the process lives. Once it has expired it is not renewed any more: the process
 * lets go of all, and joins again under another id.
 */
export class Membership {
  private current: string | undefined;
  private deadline = Deadline.PAST;
  private beating: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private deadlineTimer: NodeJS.Timeout | undefined;
  private stopped = false;
  private draining = false;
  private address: string | null = null;
  private lettingGo: Promise<unknown> = Promise.resolve();
  private readonly onLost: Listener[] = [];
  private readonly onJoined: Listener[] = [];

  constructor(private readonly around: Surroundings) {}

  /** undefined while it takes no part. Every joining has a new one. */
  get workerId(): string | undefined {
    return this.holds() ? this.current : undefined;
  }

  /**
   * Whether what this process holds is still its own, by its own clock; asked for before everything
   * that nobody else may do at the same time. A process that slept too long finds out here.
   */
  holds(): boolean {
    if (this.deadline.isAhead()) return true;
    this.lose('the worker could not say in time that it is there');
    return false;
  }

  /** How long (ms) it is, unless it is renewed; 0: no longer. */
  holdsFor(): number {
    return this.holds() ? this.deadline.left() : 0;
  }

  /** Called at once when all is lost; sockets must be closed when it resolves. */
  lost(listener: Listener): void {
    this.onLost.push(listener);
  }

  joined(listener: Listener): void {
    this.onJoined.push(listener);
  }

  /** @param address where other processes reach this one; null: nowhere */
  async start(address: string | null): Promise<void> {
    this.address = address;
    await this.join();
    this.next();
  }

  /** Tells the others that this process takes nothing more. */
  async drain(): Promise<void> {
    this.draining = true;
    clearTimeout(this.timer);
    await this.beat();
  }

  /** Leaves: what it held is free at once. To be called when it has let go of all. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    clearTimeout(this.deadlineTimer);
    await this.beating;
    const id = this.current;
    this.current = undefined;
    this.deadline = Deadline.PAST;
    if (id) await within(LET_GO_WITHIN, this.remove(id));
  }

  private next(): void {
    if (this.stopped) return;
    clearTimeout(this.timer);
    const delay = this.current ? this.around.times.renewEvery : JOIN_EVERY;
    this.timer = setTimeout(() => void this.beat(), delay).unref();
  }

  private beat(): Promise<void> {
    const isIn = this.holds();
    // Finding out that it is not has begun a beat already.
    this.beating ??= (isIn ? this.renew() : this.join())
      .catch((error) => this.around.logger.warn({ err: error }, 'cluster: the database is away'))
      .finally(() => {
        this.beating = undefined;
        this.next();
      });
    return this.beating;
  }

  private async renew(): Promise<void> {
    const { control, load, times } = this.around;
    const id = this.current as string;
    // From before the statement is sent: the database's term begins later, and ends later.
    const deadline = Deadline.in(times.ttl - times.margin);
    const { numUpdatedRows } = await control.kysely
      .updateTable('workers')
      .set({
        seen_at: now,
        expires_at: sql<number>`${now} + ${times.ttl}`,
        draining: this.draining ? 1 : 0,
        ...load(),
      })
      .where('id', '=', id)
      .where('expires_at', '>', now)
      .executeTakeFirst();
    if (this.current !== id) return;
    if (numUpdatedRows > 0n) this.holdUntil(deadline);
    else this.lose('the worker was given up by the others');
  }

  private async join(): Promise<void> {
    if (this.stopped) return;
    const { control, role, load, times, folder } = this.around;
    await within(LET_GO_WITHIN, this.lettingGo);
    // Whoever was here before is gone: the lock on the folder is ours.
    const before = previousIn(folder);
    if (before) await this.remove(before);
    const id = randomUUID();
    remember(folder, id);
    const deadline = Deadline.in(times.ttl - times.margin);
    await control.kysely
      .insertInto('workers')
      .values({
        ...{ id, role, address: this.address, connections: control.connections },
        ...{ started_at: now, seen_at: now, expires_at: sql<number>`${now} + ${times.ttl}` },
        draining: this.draining ? 1 : 0,
        ...load(),
      })
      .execute();
    this.current = id;
    this.holdUntil(deadline);
    this.around.logger.info({ worker: id, role, address: this.address }, 'joined the cluster');
    for (const listener of this.onJoined) void listener();
  }

  private holdUntil(deadline: Deadline): void {
    this.deadline = deadline;
    clearTimeout(this.deadlineTimer);
    this.deadlineTimer = setTimeout(() => this.holds(), deadline.left()).unref();
  }

  private lose(why: string): void {
    if (this.current === undefined) return;
    this.around.logger.warn({ worker: this.current }, why);
    this.current = undefined;
    this.deadline = Deadline.PAST;
    clearTimeout(this.deadlineTimer);
    this.lettingGo = Promise.allSettled(this.onLost.map((listener) => listener()));
    // What hangs on a server that does not answer must not hang when it is back.
    this.around.control.drop();
    if (!this.stopped) void this.beat();
  }

  private async remove(id: string): Promise<void> {
    await this.around.control.kysely.deleteFrom('workers').where('id', '=', id).execute();
  }
}

/** The id with the machine's name: a copy of the folder elsewhere says nothing of the worker here. */
function remember(folder: string, id: string): void {
  writeFileSync(join(folder, 'worker'), `${id} ${hostname()}\n`);
}

function previousIn(folder: string): string | undefined {
  try {
    const [id, host] = readFileSync(join(folder, 'worker'), 'utf8').trim().split(' ');
    return host === hostname() ? id : undefined;
  } catch {
    return undefined;
  }
}
