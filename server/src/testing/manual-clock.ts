import type { Clock } from '../clock.js';

interface Timer {
  at: number;
  callback: () => void;
}

/** A clock that stands until a test moves it. */
export class ManualClock implements Clock {
  private timers: Timer[] = [];

  constructor(private time = Date.UTC(2026, 0, 1)) {}

  now(): number {
    return this.time;
  }

  after(delay: number, callback: () => void): () => void {
    const timer = { at: this.time + Math.max(delay, 0), callback };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  /** When the next timer is due, if any. */
  get next(): number | undefined {
    return this.timers.length > 0 ? Math.min(...this.timers.map(({ at }) => at)) : undefined;
  }

  /** Moves on by so many milliseconds, ringing what becomes due in its order. */
  advance(by: number): void {
    const end = this.time + by;
    for (;;) {
      const due = this.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.timers = this.timers.filter((other) => other !== due);
      this.time = Math.max(this.time, due.at);
      due.callback();
    }
    this.time = end;
  }
}
