import { useSyncExternalStore } from 'react';

/** A choice that is kept in this browser, for this person only. */
export interface Kept<Value> {
  get(): Value;
  set(value: Value): void;
  subscribe(listener: () => void): () => void;
}

/**
 * @param name of the entry in the browser's storage
 * @param isValid what may stand there; anything else counts as `initial`
 */
export function kept<Value>(
  name: string,
  isValid: (value: unknown) => value is Value,
  initial: Value,
): Kept<Value> {
  const listeners = new Set<() => void>();
  let value = read();
  function read(): Value {
    try {
      const found: unknown = JSON.parse(localStorage.getItem(name) ?? 'null');
      return isValid(found) ? found : initial;
    } catch {
      // Storage may be forbidden, or hold what an older version wrote.
      return initial;
    }
  }
  return {
    get: () => value,
    set(next) {
      value = next;
      try {
        localStorage.setItem(name, JSON.stringify(next));
      } catch {
        // The choice then lasts until the page is left.
      }
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function useKept<Value>(entry: Kept<Value>): Value {
  return useSyncExternalStore(entry.subscribe, entry.get);
}

export function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

export function isBetween({ least, most }: { least: number; most: number }) {
  return (value: unknown): value is number =>
    typeof value === 'number' && value >= least && value <= most;
}
