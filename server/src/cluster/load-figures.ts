import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How busy a process is; see `workers`. */
export interface LoadFigures {
  sessions: number;
  rss: number;
  loop_delay: number;
}

const RESOLUTION = 20;

/**
 * Figures since the last time that they were asked for.
 * @param sessions how many this process runs now
 */
export function loadFigures(sessions: () => number): { read(): LoadFigures; stop(): void } {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION });
  delays.enable();
  return {
    read: () => {
      const late = Number.isFinite(delays.percentile(99)) ? delays.percentile(99) / 1e6 : 0;
      delays.reset();
      return {
        sessions: sessions(),
        rss: process.memoryUsage.rss(),
        loop_delay: Math.max(0, Math.round(late - RESOLUTION)),
      };
    },
    stop: () => delays.disable(),
  };
}
