import { Fragment } from 'react';
import { shellWords as words } from '../words/shell-words.js';

/** Keys of a shortcut as caps: `Mod k` together, `g i` one after the other. */
export function Keys({ keys }: { keys: string }) {
  const parts = keys.split(' ');
  const together = parts[0] === 'Mod';
  return (
    <span className="inline-flex shrink-0 items-center gap-1 text-12 text-soft">
      {parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the keys of one shortcut never move
        <Fragment key={index}>
          {index > 0 && !together && <span>{words.thenPress}</span>}
          <kbd className="inline-flex h-5.5 min-w-5.5 items-center justify-center rounded-[4px] border border-line bg-surface px-1.5 font-sans text-12 font-medium text-text">
            {words.keysNames[part] ?? (together ? part.toUpperCase() : part)}
          </kbd>
        </Fragment>
      ))}
    </span>
  );
}
