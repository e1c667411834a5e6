import { useSyncExternalStore } from 'react';

/** How a person likes to write; kept by this browser. */
interface ComposerSettings {
  /** Enter sends and Shift+Enter breaks the line; otherwise Enter breaks and Ctrl+Enter sends. */
  enterSends: boolean;
  /** Whether the row of formatting buttons is shown. */
  toolbar: boolean;
}

const KEY = 'patchbay-composer';
const listeners = new Set<() => void>();
let current = read();

function read(): ComposerSettings {
  const usual = { enterSends: true, toolbar: false };
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return typeof kept === 'object' ? { ...usual, ...kept } : usual;
  } catch {
    return usual;
  }
}

export function changeComposerSettings(change: Partial<ComposerSettings>): void {
  current = { ...current, ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // Storage may be forbidden; the choice then lasts until the page is left.
  }
  for (const listener of listeners) listener();
}

export function useComposerSettings(): ComposerSettings {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
