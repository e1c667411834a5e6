import { existsSync, readFileSync } from 'node:fs';
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { answer } from './requests.js';

/** Memory of a process, in bytes, after everything that can be collected has been. */
export interface Memory {
  rss: number;
  heapUsed: number;
}

/** What a process spent between two moments. */
export interface Spent {
  cpuMs: number;
  /** Bytes that it gave to the disk; null where the system does not tell. */
  written: number | null;
  /** Of the event loop, in milliseconds. */
  delayP99: number;
  longestDelay: number;
}

let delays: IntervalHistogram | undefined;
let cpuBefore = process.cpuUsage();
let writtenBefore: number | null = null;

function written(): number | null {
  const file = '/proc/self/io';
  if (!existsSync(file)) return null;
  return Number(/^write_bytes: (\d+)$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? 0);
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
  startSpending: async (): Promise<void> => {
    delays = monitorEventLoopDelay({ resolution: 5 });
    delays.enable();
    writtenBefore = written();
    cpuBefore = process.cpuUsage();
  },
  spent: async (): Promise<Spent> => {
    const { user, system } = process.cpuUsage(cpuBefore);
    const now = written();
    delays?.disable();
    return {
      cpuMs: (user + system) / 1000,
      written: now === null || writtenBefore === null ? null : now - writtenBefore,
      delayP99: (delays?.percentile(99) ?? 0) / 1e6,
      longestDelay: (delays?.max ?? 0) / 1e6,
    };
  },
});
