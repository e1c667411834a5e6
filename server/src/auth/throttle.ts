import { isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { Notices } from '../event-log/wakeup.js';
import { ApiError } from '../http/api-error.js';

/** So many are counted at a time; who came first is forgotten first. */
const KNOWN = 50_000;

interface Window {
  count: number;
  /** When the count begins anew (ms). */
  endsAt: number;
}

/** What was counted here is told to other processes at most this often (ms). */
const TELL_EVERY = 100;

/** By which a throttle is known in every process, and how they tell each other. */
export interface Counted {
  name: string;
  notices: Notices | undefined;
}

/**
 * Counts what somebody does in a span of time, in memory only, and refuses what is too much. Several
 * processes tell each other what they have counted, a moment later: what is done at the same moment
 * in several of them may be a little more.
 */
export class Throttle {
  private readonly windows = new Map<string, Window>();
  private untold = new Map<string, number>();
  private readonly prefix: string;

  /**
   * @param limit how often within the span
   * @param span milliseconds
   */
  constructor(
    private readonly limit: number,
    private readonly span: number,
    private readonly what: string,
    private readonly counted: Counted = { name: 'here', notices: undefined },
  ) {
    this.prefix = `counted ${counted.name} `;
    counted.notices?.hear((notice) => {
      if (!notice.startsWith(this.prefix)) return;
      const [key, count] = JSON.parse(notice.slice(this.prefix.length)) as [string, number];
      if (count === 0) this.windows.delete(key);
      else this.add(key, count, Date.now());
    });
  }

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
    this.tell(key, 1);
  }

  /** One that was counted was no guessing. */
  giveBack(key: string): void {
    const window = this.windows.get(key);
    if (window && window.count > 0) window.count -= 1;
    this.tell(key, -1);
  }

  /** It was right: what was counted before was no guessing either. */
  forget(key: string): void {
    this.windows.delete(key);
    this.untold.delete(key);
    this.counted.notices?.tell(this.prefix + JSON.stringify([key, 0]));
  }

  private add(key: string, count: number, now: number): void {
    const window = this.windowOf(key, now);
    window.count = Math.max(0, window.count + count);
  }

  private tell(key: string, count: number): void {
    const { notices } = this.counted;
    if (!notices) return;
    if (this.untold.size === 0) setTimeout(() => this.tellAll(notices), TELL_EVERY).unref();
    this.untold.set(key, (this.untold.get(key) ?? 0) + count);
  }

  private tellAll(notices: Notices): void {
    for (const told of this.untold) {
      if (told[1] !== 0) notices.tell(this.prefix + JSON.stringify(told));
    }
    this.untold = new Map();
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

/**
 * Where an address is, as far as attempts are counted: of IPv6 the network of 64 bits, for each customer
 * of a provider has at least one and could take a new address for each attempt.
 */
export function placeOf(address: string): string {
  if (!isIPv6(address)) return address;
  const parsed = ipaddr.IPv6.parse(address);
  if (parsed.isIPv4MappedAddress()) return parsed.toIPv4Address().toString();
  return `${parsed.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`;
}
