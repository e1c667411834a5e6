/** Asks again until the answer is not undefined; fails after `within` ms, telling what was awaited. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  within: number,
  every = 25,
): Promise<T> {
  const deadline = performance.now() + within;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`not within ${within} ms: ${what}`);
    await pause(every);
  }
}

/** @param time milliseconds; Infinity waits for the signal */
export function pause(time: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = time === Infinity ? undefined : setTimeout(end, time);
    signal?.addEventListener('abort', end);
  });
}
