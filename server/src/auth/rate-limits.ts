import type { Principal } from './principal.js';
import { Throttle } from './throttle.js';

const MINUTE = 60_000;

/** How many requests a key, or a user with all browsers and bearers, may make. */
export class RateLimits {
  private readonly throttle: Throttle | undefined;

  /** @param perMinute null: any number */
  constructor(perMinute: number | null) {
    if (perMinute === null) return;
    this.throttle = new Throttle(perMinute, MINUTE, `More than ${perMinute} requests in a minute`);
  }

  /** @throws {ApiError} rate_limited */
  take({ isOperator, keyId, userId }: Principal): void {
    if (isOperator) return;
    this.throttle?.take(keyId ?? userId);
  }
}
