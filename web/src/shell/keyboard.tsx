import { useRouter } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { shellWords as words } from '../words/shell-words.js';
import { destinations } from './destinations.js';
import { useShortcutKeys, useShortcuts } from './shortcuts.js';

const Palette = lazy(async () => ({ default: (await import('./palette.js')).Palette }));
const ShortcutHelp = lazy(async () => ({
  default: (await import('./shortcut-help.js')).ShortcutHelp,
}));

/** Keys that work on every page, and what they open. */
export function Keyboard() {
  const router = useRouter();
  const [open, setOpen] = useState<'palette' | 'help' | null>(null);
  useShortcutKeys();
  useShortcuts(words.everywhere, [
    ...destinations.map(({ to, label, key }) => ({
      keys: `g ${key}`,
      label: words.goTo(label),
      run: () => void router.navigate({ to }),
    })),
    { keys: 'Mod k', label: words.palette, run: () => setOpen('palette'), whileWriting: true },
    { keys: '?', label: words.help, run: () => setOpen('help') },
  ]);
  const close = () => setOpen(null);
  return (
    <Suspense>
      {open === 'palette' && <Palette onClose={close} />}
      {open === 'help' && <ShortcutHelp onClose={close} />}
    </Suspense>
  );
}
