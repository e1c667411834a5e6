/** Time as it is waited for, so that tests can let an hour pass at once. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back once, `delay` ms from now; returns how to cancel. */
  after(delay: number, callback: () => void): () => void;
}

/** The longest that a timer of Node waits (ms). */
const LONGEST = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delay, callback) => {
    const timer = setTimeout(callback, Math.min(Math.max(delay, 0), LONGEST));
    return () => clearTimeout(timer);
  },
};
