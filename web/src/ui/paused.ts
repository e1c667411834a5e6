import { useEffect, useState } from 'react';

/** So long after the last key what was typed is looked for (ms). */
const PAUSE = 200;

/** What somebody types, once it has stood still for a moment. */
export function usePaused(value: string): string {
  const [paused, setPaused] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(value), PAUSE);
    return () => clearTimeout(timer);
  }, [value]);
  return paused;
}
