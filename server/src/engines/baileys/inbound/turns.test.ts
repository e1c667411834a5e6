import { expect, it } from 'vitest';
import { turns } from './turns.js';

it('lets work begin in the order of asking, and other work of the event loop in between', async () => {
  const begun: number[] = [];
  const seen: number[] = [];
  let over = false;
  const look = () => {
    seen.push(begun.length);
    if (!over) setImmediate(look);
  };
  const all = Array.from({ length: 200 }, (_, index) => turns.next().then(() => begun.push(index)));
  setImmediate(look);
  await Promise.all(all);
  over = true;
  expect(begun).toEqual(Array.from({ length: 200 }, (_, index) => index));
  const steps = seen.map((count, index) => count - (seen[index - 1] ?? 0));
  expect(Math.max(...steps)).toBeLessThanOrEqual(40);
  expect(seen.length).toBeGreaterThanOrEqual(5);
});
