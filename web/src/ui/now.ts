import { useSyncExternalStore } from 'react';

/** A clock that all users of one pace share, so that everything on the page steps together. */
function clock(paceMs: number) {
  const listeners = new Set<() => void>();
  let now = Date.now();
  let timer: ReturnType<typeof setInterval> | undefined;
  return {
    subscribe(listener: () => void) {
      listeners.add(listener);
      if (listeners.size === 1) {
        now = Date.now();
        timer = setInterval(() => {
          now = Date.now();
          for (const each of listeners) each();
        }, paceMs);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) clearInterval(timer);
      };
    },
    /** While nobody listens the clock stands, and is set right at the next look. */
    read() {
      if (listeners.size === 0 && Date.now() - now >= paceMs) now = Date.now();
      return now;
    },
  };
}

const seconds = clock(1_000);
const halfMinutes = clock(30_000);

/** The time, renewed every second. */
export function useSeconds(): number {
  return useSyncExternalStore(seconds.subscribe, seconds.read);
}

/** The time, renewed every half minute. */
export function useHalfMinutes(): number {
  return useSyncExternalStore(halfMinutes.subscribe, halfMinutes.read);
}
