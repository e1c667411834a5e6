import { useDeferredValue, useMemo } from 'react';
import { words } from '../../words/words.js';
import { FormattedText } from '../formatting/formatted-text.js';
import { isFormatted, parseText } from '../formatting/parse.js';

/** How a text with formatting will look; drawn when there is time, not with every key. */
export function Preview({ text }: { text: string }) {
  const said = useDeferredValue(text);
  const formatted = useMemo(() => isFormatted(parseText(said)), [said]);
  if (!formatted) return null;
  return (
    <section
      aria-label={words.format.preview}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: lets the keyboard scroll it
      tabIndex={0}
      className="max-h-32 overflow-y-auto border-b border-line px-3 py-2 -outline-offset-2"
    >
      <p className="text-12 font-medium text-soft">{words.format.preview}</p>
      <FormattedText text={said} />
    </section>
  );
}
