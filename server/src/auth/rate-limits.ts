import type { Notices } from '../event-log/wakeup.js';
import type { Principal } from './principal.js';
import { Throttle } from './throttle.js';

const MINUTE = 60_000;

/** How many requests a key, or a user with all browsers and bearers, may make. */
export class RateLimits {
  private readonly throttle: Throttle | undefined;

  /** @param perMinute null: any number */
  constructor(perMinute: number | null, notices?: Notices) {
    if (perMinute === null) return;
    const what = `More than ${perMinute} requests in a minute`;
    this.throttle = new Throttle(perMinute, MINUTE, what, { name: 'requests', notices });
  }

  /** @throws {ApiError} rate_limited */
  take({ isOperator, keyId, userId }: Principal): void {
    if (isOperator) return;
    this.throttle?.take(keyId ?? userId);
  }
}
