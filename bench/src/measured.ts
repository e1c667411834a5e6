import { setImmediate } from 'node:timers/promises';
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
  measure: async (): Promise<Memory> => {
    for (let round = 0; round < 3; round++) {
      globalThis.gc?.();
      await setImmediate();
    }
    const { rss, heapUsed } = process.memoryUsage();
    return { rss, heapUsed };
  },
});
