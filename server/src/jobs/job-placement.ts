import type { Duties } from '../cluster/duties.js';
import type { Wakeup } from '../event-log/wakeup.js';
import type { Job } from './job.js';
import { laneOf } from './job-store.js';

/** The lease of the process that does what belongs to no session. */
const NAME = 'jobs';

interface Cluster {
  leases: Duties;
  wakeup: Wakeup;
  /** Whether jobs are done in this process at all. */
  works: boolean;
  /** Whether a session runs in this process. */
  runs(sessionId: string): boolean;
}

/** What is called when this process is to do jobs, or to let go of them. */
interface Told {
  /** There may be something to do in a lane; undefined: in any. */
  look(jobName?: string, lane?: string): void;
  /** Jobs that belong to no session are done elsewhere from now on. */
  lost(): void;
}

/**
 * Which process does which jobs. What belongs to a session is done where the session runs; of the rest
 * one process hands over all, the one that holds the lease.
 */
export class JobPlacement {
  private held = false;
  private stopHearing: (() => void) | undefined;

  /** @param cluster undefined: there is only this process */
  constructor(private readonly cluster?: Cluster) {}

  /** False: this process does no jobs. */
  get works(): boolean {
    return this.cluster?.works ?? true;
  }

  /** Resolves when it is known what is done here. */
  async start(told: Told): Promise<void> {
    if (!this.cluster) return;
    const { leases, wakeup } = this.cluster;
    this.stopHearing = wakeup.onElsewhere('job', (full) => {
      if (full === undefined) return told.look();
      const end = full.indexOf('/');
      if (end === -1) told.look(full);
      else told.look(full.slice(0, end), full.slice(end + 1));
    });
    await leases.contend(NAME, {
      gained: () => {
        this.held = true;
        told.look();
      },
      lost: () => {
        this.held = false;
        told.lost();
      },
    });
  }

  async stop(): Promise<void> {
    this.stopHearing?.();
    this.held = false;
    await this.cluster?.leases.release(NAME);
  }

  /** @param lane with the job's name */
  isHere(job: Pick<Job<unknown>, 'name' | 'ofSession'>, lane: string): boolean {
    if (!this.cluster) return true;
    if (job.ofSession) return this.cluster.runs(lane.slice(job.name.length + 1));
    return this.held && this.cluster.leases.mine(NAME);
  }

  /** Tells the other processes that there may be something to do. */
  tell(jobName: string, lane: string | undefined): void {
    this.cluster?.wakeup.hint(`job:${laneOf(jobName, lane)}`);
  }
}
