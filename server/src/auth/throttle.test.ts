import { describe, expect, it } from 'vitest';
import { ApiError } from '../http/api-error.js';
import { placeOf, Throttle } from './throttle.js';

const MINUTE = 60_000;

describe('a throttle', () => {
  const refusal = (work: () => void): ApiError | undefined => {
    try {
      work();
    } catch (error) {
      if (error instanceof ApiError) return error;
      throw error;
    }
    return undefined;
  };

  it('lets so many through in a span of time, and says how long the others wait', () => {
    const throttle = new Throttle(2, MINUTE, 'too many');
    throttle.take('a', 1000);
    throttle.take('a', 2000);
    const refused = refusal(() => throttle.take('a', 31_000));
    expect([refused?.code, refused?.retryAfter]).toEqual(['rate_limited', 30]);
    expect(refusal(() => throttle.take('b', 31_000))).toBeUndefined();
    expect(refusal(() => throttle.take('a', 61_001))).toBeUndefined();
  });

  it('does not count what turned out to be right', () => {
    const throttle = new Throttle(1, MINUTE, 'too many');
    for (let person = 0; person < 100; person += 1) {
      throttle.take('the office', 1000);
      throttle.giveBack('the office');
    }
    throttle.take('the office', 1000);
    expect(refusal(() => throttle.take('the office', 1000))?.code).toBe('rate_limited');
    throttle.forget('the office');
    expect(refusal(() => throttle.take('the office', 1000))).toBeUndefined();
  });

  it('knows a bounded number, the latest', () => {
    const throttle = new Throttle(1, MINUTE, 'too many');
    throttle.take('first', 1000);
    for (let other = 0; other < 50_000; other += 1) throttle.take(`other ${other}`, 1000);
    expect(refusal(() => throttle.take('first', 1000))).toBeUndefined();
    expect(refusal(() => throttle.take('other 49999', 1000))?.code).toBe('rate_limited');
  });
});

describe('the place of an address', () => {
  it('is the address, and of IPv6 the network that one customer has', () => {
    expect(placeOf('203.0.113.7')).toBe('203.0.113.7');
    expect(placeOf('::ffff:203.0.113.7')).toBe('203.0.113.7');
    expect(placeOf('2001:db8:1:2:aaaa::1')).toBe(placeOf('2001:db8:1:2::9'));
    expect(placeOf('2001:db8:1:3::1')).not.toBe(placeOf('2001:db8:1:2::1'));
  });
});
