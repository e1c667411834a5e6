import type { Random } from './random.js';

/** The places in the server where it can be told to die (server/src/crash-point.ts). */
export const CRASH_POINTS = [
  'after-decrypt',
  'after-commit',
  'before-receipt',
  'after-receipt',
  'after-accept',
  'after-handed-over',
  'before-stanza',
  'after-stanza',
  'after-ack-recorded',
  'before-webhook-call',
  'after-webhook-call',
  'after-responder',
  'after-cursor-read',
  'before-cursor-advance',
  'before-ingest-noted',
  'before-index-noted',
  'before-forward-accepted',
] as const;

/** Those that are passed where there are knowledge and a chatbot. */
const OF_CONSUMERS: readonly string[] = [
  'after-responder',
  'before-ingest-noted',
  'before-index-noted',
  'before-forward-accepted',
];

/** Those that are passed by messages alone. */
export const CRASH_POINTS_OF_MESSAGES = CRASH_POINTS.filter((name) => !OF_CONSUMERS.includes(name));

export type CrashPoint = (typeof CRASH_POINTS)[number];

/** Chooses where to die next: where it died least so far, so that all are hit in turn. */
export class CrashPointPlan {
  readonly hits = new Map<CrashPoint, number>();
  /** Times that the server was told to die there and did not come there in time. */
  readonly misses = new Map<CrashPoint, number>();
  /** Not reached when it was last tried: the next time, the first passage will do. */
  private readonly hardToReach = new Set<CrashPoint>();

  constructor(
    private readonly random: Random,
    /** Those to die at in this run. */
    private readonly points: readonly CrashPoint[],
  ) {}

  /** @returns the point, and at which of its passages to die */
  next(): { point: CrashPoint; passage: number } {
    const tried = (point: CrashPoint) =>
      (this.hits.get(point) ?? 0) + (this.misses.get(point) ?? 0) / 4;
    const least = Math.min(...this.points.map(tried));
    const point = this.random.pick(this.points.filter((each) => tried(each) === least));
    // The first passages after a start are those of messages that came again.
    const passage = 1 + Math.min(20, Math.floor(this.random.exponential(5)));
    return { point, passage: this.hardToReach.has(point) ? 1 : passage };
  }

  hit(point: CrashPoint): void {
    this.hardToReach.delete(point);
    this.hits.set(point, (this.hits.get(point) ?? 0) + 1);
  }

  missed(point: CrashPoint): void {
    this.misses.set(point, (this.misses.get(point) ?? 0) + 1);
    this.hardToReach.add(point);
  }
}
