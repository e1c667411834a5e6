import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks again until the answer is not undefined; fails after `within` ms, telling what was awaited.
 * Often at first, then less: a question to the server costs as much as what a test waits for.
 */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  within = 30_000,
): Promise<T> {
  const deadline = performance.now() + within;
  for (let wait = 10; ; wait = Math.min(wait * 1.5, 150)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`not within ${within} ms: ${what}`);
    await pause(wait);
  }
}
