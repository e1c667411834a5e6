import { describe, expect, it } from 'vitest';
import { CRASH_POINTS, CrashPointPlan } from './crash-points.js';
import { Random } from './random.js';

const plan = (seed: number) => new CrashPointPlan(new Random(seed, 'crash points'), CRASH_POINTS);

/** Dies so often; at each point of `unreached` the first time in vain. */
function deaths(seed: number, count: number, unreached: readonly string[] = []) {
  const points = plan(seed);
  const chosen: ReturnType<CrashPointPlan['next']>[] = [];
  while (chosen.length < count) {
    const next = points.next();
    chosen.push(next);
    const tried = (points.hits.get(next.point) ?? 0) + (points.misses.get(next.point) ?? 0);
    if (tried === 0 && unreached.includes(next.point)) points.missed(next.point);
    else points.hit(next.point);
  }
  return { points, chosen };
}

describe('where to die', () => {
  it('is every point in turn, so that a hundred rounds hit each seventeen times or more', () => {
    const { points } = deaths(7, 300);
    for (const point of CRASH_POINTS) expect(points.hits.get(point)).toBeGreaterThanOrEqual(17);
  });

  it('is the same for the same seed, and another for another', () => {
    expect(deaths(7, 50).chosen).toEqual(deaths(7, 50).chosen);
    expect(deaths(7, 50).chosen).not.toEqual(deaths(8, 50).chosen);
  });

  it('is a point again that was not reached, and then at its first passage', () => {
    const { points, chosen } = deaths(7, 2 * CRASH_POINTS.length, ['after-commit']);
    expect(points.misses.get('after-commit')).toBe(1);
    expect(points.hits.get('after-commit')).toBe(1);
    const [, again] = chosen.filter(({ point }) => point === 'after-commit');
    expect(again?.passage).toBe(1);
  });
});
