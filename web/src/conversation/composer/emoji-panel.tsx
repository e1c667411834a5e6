import { type KeyboardEvent, useDeferredValue, useEffect, useRef, useState } from 'react';
import { inputClass } from '../../ui/field.js';
import { words } from '../../words/words.js';
import { type Emoji, emojiGroups, searchEmoji } from './emoji-data.js';
import { recentEmoji, rememberEmoji } from './recent-emoji.js';

interface EmojiPanelProps {
  onChoose: (emoji: string) => void;
  onClose: () => void;
}

const MOST_FOUND = 120;

/** All emoji by group, with a search; arrow keys go from one to the next. */
export default function EmojiPanel({ onChoose, onClose }: EmojiPanelProps) {
  const [typed, setTyped] = useState('');
  const word = useDeferredValue(typed.trim());
  const [recent] = useState(recentEmoji);
  const panel = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const onDown = (event: PointerEvent) => {
      const { target } = event;
      if (!(target instanceof Element)) return;
      if (!panel.current?.contains(target) && !target.closest('[data-emoji-button]')) onClose();
    };
    window.addEventListener('pointerdown', onDown);
    return () => window.removeEventListener('pointerdown', onDown);
  }, [onClose]);
  const take = (emoji: string) => {
    rememberEmoji(emoji);
    onChoose(emoji);
  };
  const found = word ? searchEmoji(word, MOST_FOUND) : [];
  return (
    <div
      ref={panel}
      role="dialog"
      aria-label={words.emoji.title}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          onClose();
        } else moveFocus(event, list.current);
      }}
      className="absolute bottom-full left-3 z-20 mb-1 flex h-80 w-[min(22rem,calc(100%-1.5rem))] animate-appear flex-col rounded-10 border border-line bg-raised shadow-2"
    >
      <div className="p-2">
        <input
          // biome-ignore lint/a11y/noAutofocus: the panel was asked for
          autoFocus
          type="search"
          value={typed}
          aria-label={words.emoji.search}
          placeholder={words.emoji.search}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          onKeyDown={(event) => {
            const [first] = found;
            if (event.key !== 'Enter' || !first) return;
            event.preventDefault();
            take(first.emoji);
          }}
          className={inputClass}
        />
      </div>
      <div ref={list} className="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
        {word ? (
          <Group name={words.emoji.found(found.length)} emojis={found} onTake={take} />
        ) : (
          <>
            {recent.length > 0 && <Group name={words.emoji.recent} emojis={recent} onTake={take} />}
            {emojiGroups.map(({ slug, name, emojis }) => (
              <Group key={slug} name={name} emojis={emojis} onTake={take} />
            ))}
          </>
        )}
      </div>
      {!word && (
        <div className="flex justify-between border-t border-line px-2 py-1">
          {emojiGroups.map(({ slug, name, emojis }) => (
            <button
              key={slug}
              type="button"
              tabIndex={-1}
              title={name}
              aria-label={name}
              onClick={() =>
                list.current
                  ?.querySelector(`[data-group="${CSS.escape(name)}"]`)
                  ?.scrollIntoView({ block: 'start' })
              }
              className="flex size-9 items-center justify-center rounded-6 text-16 hover:bg-sunken"
            >
              {emojis[0]?.emoji}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

function Group({
  name,
  emojis,
  onTake,
}: {
  name: string;
  emojis: Emoji[];
  onTake: (emoji: string) => void;
}) {
  return (
    <section
      aria-label={name}
      data-group={name}
      className="[contain-intrinsic-size:auto_400px] [content-visibility:auto]"
    >
      <p className="px-1 pt-2 pb-1 text-12 font-medium text-soft" aria-hidden>
        {name}
      </p>
      <div className="grid grid-cols-8">
        {emojis.map(({ emoji, name: label }) => (
          <button
            key={emoji}
            type="button"
            data-emoji
            tabIndex={-1}
            title={label}
            aria-label={label}
            onClick={() => onTake(emoji)}
            className="flex aspect-square items-center justify-center rounded-6 text-20 hover:bg-sunken focus-visible:bg-sunken"
          >
            {emoji}
          </button>
        ))}
      </div>
    </section>
  );
}

const COLUMNS = 8;

/** One stop for Tab, arrows inside: from the search down into the rows and back up. */
function moveFocus(event: KeyboardEvent, list: HTMLElement | null): void {
  const by = { ArrowDown: COLUMNS, ArrowUp: -COLUMNS, ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (by === undefined || !list) return;
  const { target } = event;
  const all = [...list.querySelectorAll<HTMLElement>('[data-emoji]')];
  const at = all.indexOf(target as HTMLElement);
  const inField = target instanceof HTMLInputElement;
  if (inField && event.key !== 'ArrowDown') return;
  event.preventDefault();
  const next = inField ? 0 : at + by;
  if (next < 0) list.parentElement?.querySelector('input')?.focus();
  else all[Math.min(next, all.length - 1)]?.focus();
}
