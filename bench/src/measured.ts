import { setTimeout as pause } from 'node:timers/promises';
import { answer } from './requests.js';

/** Memory of a process, in bytes, after everything that can be collected has been. */
export interface Memory {
  rss: number;
  heapUsed: number;
}

/**
 * Preloaded (`node --expose-gc --import`) into every process that is measured, so that all are
 * measured in the same way and the product needs no code for it.
 */
answer({
  /**
   * The lowest of several readings. V8 gives pages back some time after a collection, and a whole
   * half of the young generation (some 30 MB) comes and goes: a single reading is off by that much.
   */
  measure: async ({
    readings,
    pauseMs,
  }: {
    readings: number;
    pauseMs: number;
  }): Promise<Memory> => {
    const lowest: Memory = { rss: Number.POSITIVE_INFINITY, heapUsed: Number.POSITIVE_INFINITY };
    for (let reading = 0; reading < readings; reading++) {
      if (reading > 0) await pause(pauseMs);
      globalThis.gc?.();
      const { rss, heapUsed } = process.memoryUsage();
      lowest.rss = Math.min(lowest.rss, rss);
      lowest.heapUsed = Math.min(lowest.heapUsed, heapUsed);
    }
    return lowest;
  },
});
