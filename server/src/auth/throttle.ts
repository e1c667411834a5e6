import { ApiError } from '../http/api-error.js';

/** So many are counted at a time; who came first is forgotten first. */
const KNOWN = 50_000;

interface Window {
  count: number;
  /** When the count begins anew (ms). */
  endsAt: number;
}

/** Counts what somebody does in a span of time, in memory only, and refuses what is too much. */
export class Throttle {
  private readonly windows = new Map<string, Window>();

  /**
   * @param limit how often within the span
   * @param span milliseconds
   */
  constructor(
    private readonly limit: number,
    private readonly span: number,
    private readonly what: string,
  ) {}

  /**
   * Counts one; what is under way counts already, so that many at once are not let through.
   * @throws {ApiError} rate_limited, with the seconds to wait
   */
  take(key: string, now = Date.now()): void {
    const window = this.windowOf(key, now);
    if (window.count >= this.limit) {
      const seconds = Math.max(1, Math.ceil((window.endsAt - now) / 1000));
      throw new ApiError('rate_limited', `${this.what}; wait ${seconds} s`, seconds);
    }
    window.count += 1;
  }

  /** One that was counted was no guessing. */
  giveBack(key: string): void {
    const window = this.windows.get(key);
    if (window && window.count > 0) window.count -= 1;
  }

  /** It was right: what was counted before was no guessing either. */
  forget(key: string): void {
    this.windows.delete(key);
  }

  private windowOf(key: string, now: number): Window {
    const known = this.windows.get(key);
    if (known && known.endsAt > now) return known;
    const window = { count: 0, endsAt: now + this.span };
    this.windows.delete(key);
    this.windows.set(key, window);
    if (this.windows.size > KNOWN) {
      const oldest = this.windows.keys().next();
      if (!oldest.done) this.windows.delete(oldest.value);
    }
    return window;
  }
}
