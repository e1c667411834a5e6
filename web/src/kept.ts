import { useSyncExternalStore } from 'react';
import type { z } from 'zod';

/** A choice that is kept in this browser, for this person only. */
export interface Kept<Value> {
  get(): Value;
  set(value: Value): void;
  subscribe(listener: () => void): () => void;
}

/**
 * @param name of the entry in the browser's storage
 * @param schema what may stand there; anything else counts as `initial`
 */
export function kept<Schema extends z.ZodType>(
  name: string,
  schema: Schema,
  initial: z.infer<Schema>,
): Kept<z.infer<Schema>> {
  const listeners = new Set<() => void>();
  let value = read();
  function read(): z.infer<Schema> {
    try {
      const parsed = schema.safeParse(JSON.parse(localStorage.getItem(name) ?? 'null'));
      return parsed.success ? parsed.data : initial;
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
