/** Not every browser tells when it is idle (ms). */
const OTHERWISE_AFTER = 1_000;

/** Does it once nothing else is to be done. @returns forgets it */
export function whenIdle(run: () => void): () => void {
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(run, OTHERWISE_AFTER);
    return () => clearTimeout(timer);
  }
  const waiting = requestIdleCallback(run);
  return () => cancelIdleCallback(waiting);
}
