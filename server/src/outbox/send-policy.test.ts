import type { PacingSettings } from '@patchbay/contract';
import { describe, expect, it } from 'vitest';
import {
  count,
  forecast,
  type SendUsage,
  typingTime,
  unusedOn,
  whenAllowed,
} from './send-policy.js';
import { dayAround, quietUntil } from './zone-time.js';

const NONE: PacingSettings = {
  perMinute: null,
  perDay: null,
  newChatsPerDay: null,
  jitterSeconds: 0,
  typingSeconds: 0,
  quietHours: null,
  timeZone: 'UTC',
};
const NOON = Date.parse('2026-05-04T12:00:00Z');
const MINUTE = 60_000;

/** Sends as fast as the policy lets go; the times at which messages leave. */
function send(pacing: PacingSettings, usage: SendUsage, number: number, from: number): number[] {
  const times: number[] = [];
  let now = from;
  for (let n = 0; n < number; n += 1) {
    now = whenAllowed(pacing, usage, now, false).at;
    count(pacing, usage, now, false, 0.5);
    times.push(now);
  }
  return times;
}

describe('pace', () => {
  it('without limits everything goes at once', () => {
    expect(new Set(send(NONE, unusedOn(NOON, 'UTC'), 50, NOON))).toEqual(new Set([NOON]));
  });

  it('never more than the limit in any minute, and no slower than that needs', () => {
    const pacing = { ...NONE, perMinute: 20 };
    const times = send(pacing, unusedOn(NOON, 'UTC'), 100, NOON + 321);
    for (const [n, time] of times.entries()) {
      const within = times.filter((other) => other > time - MINUTE && other <= time);
      expect([n, within.length <= 20]).toEqual([n, true]);
    }
    expect((times.at(-1) ?? 0) - NOON).toBeLessThan(4 * (MINUTE + 1001));
  });

  it('counts per day, and goes on when the next one begins in its time zone', () => {
    const pacing = { ...NONE, perDay: 3, timeZone: 'America/Lima' };
    const usage = unusedOn(NOON, pacing.timeZone);
    const times = send(pacing, usage, 4, NOON);
    expect(times.slice(0, 3)).toEqual([NOON, NOON, NOON]);
    expect(times[3]).toBe(Date.parse('2026-05-05T05:00:00Z'));
    expect(usage.sent).toBe(1);
  });

  it('a new chat waits for the next day, known ones do not', () => {
    const pacing = { ...NONE, newChatsPerDay: 1 };
    const usage = unusedOn(NOON, 'UTC');
    count(pacing, usage, NOON, true, 0);
    expect(whenAllowed(pacing, usage, NOON, true)).toEqual({
      at: Date.parse('2026-05-05T00:00:00Z'),
      because: 'new-chats',
    });
    expect(whenAllowed(pacing, usage, NOON, false)).toEqual({ at: NOON, because: undefined });
  });

  it('keeps quiet hours, also over midnight, and then the other limits', () => {
    const pacing = { ...NONE, quietHours: { from: '22:00', to: '07:30' } };
    const night = Date.parse('2026-05-04T23:10:00Z');
    const morning = Date.parse('2026-05-05T07:30:00Z');
    const usage = unusedOn(night, 'UTC');
    expect(whenAllowed(pacing, usage, night, false)).toEqual({
      at: morning,
      because: 'quiet-hours',
    });
    expect(whenAllowed(pacing, usage, NOON, false).at).toBe(NOON);
    const both = { ...pacing, perDay: 1 };
    count(both, usage, night, false, 0);
    expect(whenAllowed(both, usage, night, false).at).toBe(morning);
  });

  it('leaves a random gap', () => {
    const pacing = { ...NONE, jitterSeconds: 4 };
    expect(send(pacing, unusedOn(NOON, 'UTC'), 3, NOON)).toEqual([NOON, NOON + 2000, NOON + 4000]);
  });

  it('foretells what it will do, without counting it', () => {
    const pacing = { ...NONE, perMinute: 2, perDay: 5 };
    const usage = unusedOn(NOON, 'UTC');
    const told = forecast(pacing, usage, Array(6).fill({ readyAt: 0 }), NOON);
    expect(usage.sent).toBe(0);
    expect(told.map(({ at }) => at)).toEqual(send(pacing, usage, 6, NOON));
    expect(told.map(({ because }) => because)).toEqual([
      undefined,
      undefined,
      'pace',
      undefined,
      'pace',
      'day',
    ]);
    const later = { readyAt: NOON + 10 * MINUTE };
    expect(forecast(NONE, unusedOn(NOON, 'UTC'), [later, { readyAt: NOON }], NOON)[1]?.at).toBe(
      NOON,
    );
  });

  it('types for as long as it takes, and not longer than allowed', () => {
    const pacing = { ...NONE, typingSeconds: 5 };
    expect(typingTime(pacing, { type: 'text', text: 'seven77' })).toBe(1000);
    expect(typingTime(pacing, { type: 'text', text: 'x'.repeat(1000) })).toBe(5000);
    expect(typingTime(NONE, { type: 'text', text: 'x' })).toBe(0);
  });
});

describe('days and hours of a time zone', () => {
  it.each([
    ['2026-05-04T12:00:00Z', 'UTC', '2026-05-04T00:00:00Z', 24],
    ['2026-05-04T03:00:00Z', 'America/Lima', '2026-05-03T05:00:00Z', 24],
    ['2026-05-04T12:00:00.123Z', 'Asia/Kolkata', '2026-05-03T18:30:00Z', 24],
    // Clocks go forward, and back.
    ['2026-03-29T12:00:00Z', 'Europe/Berlin', '2026-03-28T23:00:00Z', 23],
    ['2026-10-25T12:00:00Z', 'Europe/Berlin', '2026-10-24T22:00:00Z', 25],
  ])('the day around %s in %s', (at, zone, start, hours) => {
    const day = dayAround(Date.parse(at), zone);
    expect(new Date(day.start).toISOString()).toBe(new Date(start).toISOString());
    expect((day.end - day.start) / (60 * MINUTE)).toBe(hours);
  });

  it.each([
    ['2026-05-04T13:00:00Z', undefined],
    ['2026-05-04T11:59:00Z', '2026-05-04T13:00:00Z'],
    ['2026-05-04T05:00:00Z', '2026-05-04T13:00:00Z'],
    ['2026-05-04T03:00:00Z', '2026-05-04T13:00:00Z'],
    ['2026-05-04T02:59:59Z', undefined],
  ])('quiet from 22:00 to 08:00 in Lima at %s', (at, until) => {
    const end = quietUntil(Date.parse(at), { from: '22:00', to: '08:00' }, 'America/Lima');
    expect(end && new Date(end).toISOString()).toBe(until && new Date(until).toISOString());
  });
});
