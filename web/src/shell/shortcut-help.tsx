import { useKept } from '../kept.js';
import { Dialog } from '../ui/dialog.js';
import { Check } from '../ui/form.js';
import { Keys } from '../ui/keys.js';
import { shellWords as words } from '../words/shell-words.js';
import { shownShortcuts, singleKeys } from './shortcuts.js';

/** Every shortcut of the page that is open. */
export function ShortcutHelp({ onClose }: { onClose: () => void }) {
  const on = useKept(singleKeys);
  return (
    <Dialog title={words.help} onClose={onClose} wide>
      <div className="gap-x-8 sm:columns-2">
        {shownShortcuts().map(({ title, shortcuts }) => (
          <section key={title} className="mb-5 break-inside-avoid">
            <h3 className="mb-1 text-12 font-medium text-soft">{title}</h3>
            <dl>
              {shortcuts.map(({ keys, label }) => (
                <div
                  key={keys}
                  className="flex min-h-9 items-center justify-between gap-4 border-b border-line last:border-0"
                >
                  <dt>{label}</dt>
                  <dd>
                    <Keys keys={keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <Check
        label={words.singleKeys}
        checked={on}
        onChange={(event) => singleKeys.set(event.target.checked)}
      />
      <p className="text-13 text-soft">{words.singleKeysHint}</p>
    </Dialog>
  );
}
