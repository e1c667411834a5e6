/**
 * A moment that has come when either clock says so: the steady one, which does not jump but stands
 * still while a machine sleeps, or that of the day, which goes on.
 */
export class Deadline {
  static readonly PAST = new Deadline(Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY);

  private constructor(
    private readonly steady: number,
    private readonly wall: number,
  ) {}

  /** @param time ms from now */
  static in(time: number): Deadline {
    return new Deadline(performance.now() + time, Date.now() + time);
  }

  isAhead(): boolean {
    return performance.now() < this.steady && Date.now() < this.wall;
  }

  /** Milliseconds, at least 0. */
  left(): number {
    return Math.max(0, Math.min(this.steady - performance.now(), this.wall - Date.now()));
  }
}
