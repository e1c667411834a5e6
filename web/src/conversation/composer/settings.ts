import { z } from 'zod';
import { kept, useKept } from '../../kept.js';

/** How a person likes to write. */
const ComposerSettings = z.object({
  /** Enter sends and Shift+Enter breaks the line; otherwise Enter breaks and Ctrl+Enter sends. */
  enterSends: z.boolean(),
  /** Whether the row of formatting buttons is shown. */
  toolbar: z.boolean(),
});
type ComposerSettings = z.infer<typeof ComposerSettings>;

const entry = kept('patchbay-composer', ComposerSettings, { enterSends: true, toolbar: false });

export function changeComposerSettings(change: Partial<ComposerSettings>): void {
  entry.set({ ...entry.get(), ...change });
}

export function useComposerSettings(): ComposerSettings {
  return useKept(entry);
}
