import { isBoolean, kept, useKept } from '../../kept.js';

/** How a person likes to write. */
interface ComposerSettings {
  /** Enter sends and Shift+Enter breaks the line; otherwise Enter breaks and Ctrl+Enter sends. */
  enterSends: boolean;
  /** Whether the row of formatting buttons is shown. */
  toolbar: boolean;
}

const entry = kept('patchbay-composer', areSettings, { enterSends: true, toolbar: false });

function areSettings(value: unknown): value is ComposerSettings {
  const settings = value as Partial<ComposerSettings> | null;
  return isBoolean(settings?.enterSends) && isBoolean(settings.toolbar);
}

export function changeComposerSettings(change: Partial<ComposerSettings>): void {
  entry.set({ ...entry.get(), ...change });
}

export function useComposerSettings(): ComposerSettings {
  return useKept(entry);
}
