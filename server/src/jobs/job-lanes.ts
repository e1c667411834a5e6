import type { Logger } from 'pino';
import type { Clock } from '../clock.js';
import type { Job } from './job.js';
import type { JobPlacement } from './job-placement.js';
import type { JobRow, JobStore } from './job-store.js';
import { laneOf } from './job-store.js';

/** Looks at all lanes this often (ms), for hints that were lost. */
const LOOK_EVERY = 10_000;
/** Before trying again what the database refused (ms). */
const STORAGE_PAUSE = 1000;

/** The state of one lane while it has something to do. */
interface Lane {
  jobName: string;
  underWay: Set<number>;
  looking: boolean;
  lookAgain: boolean;
  cancelTimer: (() => void) | undefined;
}

interface Surroundings {
  store: JobStore;
  logger: Logger;
  clock: Clock;
  placement: JobPlacement;
  /** The job of this name, if anybody does it here. */
  jobOf(name: string): Job<unknown> | undefined;
  /** Does one attempt, wherever that is; resolves when the row may be looked at again. Never rejects. */
  run(row: JobRow): Promise<void>;
  /** This process no longer does what belongs to no session. */
  lost(): void;
}

/** Finds what is due, lane by lane, and hands it over: never more of a lane than run at once. */
export class JobLanes {
  private readonly lanes = new Map<string, Lane>();
  private started = false;
  private stopped = false;
  private cancelLook: (() => void) | undefined;

  constructor(private readonly around: Surroundings) {}

  /** Looks for what is due in a lane, if this process does such work; else others are to look. */
  wake(jobName: string, lane: string | undefined): void {
    if (!this.wakeHere(jobName, lane)) this.around.placement.tell(jobName, lane);
  }

  /** Looks for what comes after a row. */
  goOn({ name, lane }: Pick<JobRow, 'name' | 'lane'>): void {
    if (!this.stopped) void this.look(lane, name);
  }

  async start(): Promise<void> {
    const { placement, lost } = this.around;
    this.started = true;
    await placement.start({
      look: (jobName, lane) => {
        if (jobName === undefined) void this.lookAtAll();
        else this.wakeHere(jobName, lane);
      },
      lost,
    });
    await this.lookAtAll();
  }

  /** Hands nothing more over. */
  stop(): void {
    this.stopped = true;
    this.cancelLook?.();
    for (const lane of this.lanes.values()) lane.cancelTimer?.();
  }

  /** How many rows of each job are handed over. */
  underWay(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { jobName, underWay } of this.lanes.values()) {
      counts.set(jobName, (counts.get(jobName) ?? 0) + underWay.size);
    }
    return counts;
  }

  /** False: such work is not done here. */
  private wakeHere(jobName: string, lane: string | undefined): boolean {
    const full = laneOf(jobName, lane);
    const isHere = this.started && !this.stopped && this.isHere(jobName, full);
    if (isHere) void this.look(full, jobName);
    return isHere;
  }

  private isHere(jobName: string, lane: string): boolean {
    const job = this.around.jobOf(jobName);
    return job !== undefined && this.around.placement.isHere(job, lane);
  }

  private async lookAtAll(): Promise<void> {
    const { store, logger, clock } = this.around;
    this.cancelLook?.();
    try {
      for (const { lane, name } of await store.lanes()) {
        if (this.isHere(name, lane)) void this.look(lane, name);
      }
    } catch (error) {
      logger.error({ err: error }, 'jobs: the table cannot be read');
    }
    this.cancelLook?.();
    if (!this.stopped) this.cancelLook = clock.after(LOOK_EVERY, () => void this.lookAtAll());
  }

  /** Hands over what is due in a lane, and sets the alarm for what will be. */
  private async look(name: string, jobName: string): Promise<void> {
    const { logger, clock } = this.around;
    const lane = this.lane(name, jobName);
    lane.lookAgain = true;
    if (lane.looking) return;
    lane.looking = true;
    try {
      while (lane.lookAgain && !this.stopped) {
        lane.lookAgain = false;
        await this.begin(name, lane);
      }
    } catch (error) {
      logger.error({ err: error, lane: name }, 'jobs: the table cannot be read');
      this.setTimer(name, lane, clock.now() + STORAGE_PAUSE);
    } finally {
      lane.looking = false;
      if (lane.underWay.size === 0 && !lane.cancelTimer) this.lanes.delete(name);
    }
  }

  private async begin(name: string, lane: Lane): Promise<void> {
    const { store, clock, jobOf, run } = this.around;
    const free = (jobOf(lane.jobName)?.concurrency ?? 0) - lane.underWay.size;
    if (free <= 0 || !this.isHere(lane.jobName, name)) return;
    const now = clock.now();
    const due = await store.due(name, now, [...lane.underWay], free);
    if (this.stopped || !this.isHere(lane.jobName, name)) return;
    for (const row of due) {
      lane.underWay.add(row.id);
      void run(row).finally(() => {
        lane.underWay.delete(row.id);
        if (!this.stopped) void this.look(name, lane.jobName);
      });
    }
    if (due.length === free) return;
    this.setTimer(name, lane, await store.nextDue(name, now));
  }

  private setTimer(name: string, lane: Lane, at: number | undefined): void {
    const { clock } = this.around;
    lane.cancelTimer?.();
    lane.cancelTimer = undefined;
    if (at === undefined || this.stopped) return;
    lane.cancelTimer = clock.after(at - clock.now(), () => {
      lane.cancelTimer = undefined;
      void this.look(name, lane.jobName);
    });
  }

  private lane(name: string, jobName: string): Lane {
    let lane = this.lanes.get(name);
    if (!lane) {
      lane = {
        ...{ jobName, underWay: new Set<number>() },
        ...{ looking: false, lookAgain: false, cancelTimer: undefined },
      };
      this.lanes.set(name, lane);
    }
    return lane;
  }
}
