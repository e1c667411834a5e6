import clsx from 'clsx';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { words } from '../../words/words.js';

/** What the words before the caret ask for: an emoji, a member of the group, a canned reply. */
export interface Trigger {
  kind: 'emoji' | 'member' | 'reply';
  /** What was typed after the sign. */
  word: string;
  /** Where the sign stands. */
  from: number;
}

export interface Suggestion {
  key: string;
  /** The picture or sign at its side. */
  sign?: ReactNode;
  label: string;
  detail?: string;
  /** What takes the place of the typed word. */
  text: string;
  /** Whose name it is, when it mentions somebody. */
  jid?: string;
}

/** What is being typed at the caret, if it is something to be suggested for. */
export function triggerAt(text: string, caret: number, inGroup: boolean): Trigger | null {
  const before = text.slice(0, caret);
  const reply = /^\/([^\s/]{0,40})$/.exec(before)?.[1];
  if (reply !== undefined) return { kind: 'reply', word: reply, from: 0 };
  const [emoji, , word] = /(^|\s):([\p{L}\d_+-]{2,30})$/u.exec(before) ?? [];
  if (emoji !== undefined && word !== undefined) {
    return { kind: 'emoji', word, from: caret - word.length - 1 };
  }
  const member = inGroup ? /(?:^|[\s(])@([^\s@]{0,40})$/u.exec(before)?.[1] : undefined;
  if (member === undefined) return null;
  return { kind: 'member', word: member, from: caret - member.length - 1 };
}

interface Suggesting {
  /** The row that Enter takes. */
  active: number;
  listId: string | undefined;
  optionId: (index: number) => string;
  setActive: (index: number) => void;
  /** @returns whether the key was for the list */
  onKey: (event: KeyboardEvent) => boolean;
}

/** Up and down choose, Enter or Tab takes, Escape closes until something else is typed. */
export function useSuggesting(
  items: Suggestion[],
  on: { take: (item: Suggestion) => void; close: () => void },
): Suggesting {
  const id = useId();
  const [chosen, setChosen] = useState<string | null>(null);
  const at = items.findIndex(({ key }) => key === chosen);
  const active = Math.max(0, at);
  const setActive = (index: number) => setChosen(items[index]?.key ?? null);
  const onKey = ({ key, shiftKey }: KeyboardEvent) => {
    const item = items[active];
    if (!item) return false;
    if (key === 'ArrowDown') setActive((active + 1) % items.length);
    else if (key === 'ArrowUp') setActive((active - 1 + items.length) % items.length);
    else if ((key === 'Enter' && !shiftKey) || (key === 'Tab' && !shiftKey)) on.take(item);
    else if (key === 'Escape') on.close();
    else return false;
    return true;
  };
  return {
    active,
    listId: items.length > 0 ? id : undefined,
    optionId: (index) => `${id}-${index}`,
    setActive,
    onKey,
  };
}

/** The list above the field. The field keeps the focus. */
export function SuggestionList({
  items,
  suggesting,
  label,
  onTake,
}: {
  items: Suggestion[];
  suggesting: Suggesting;
  label: string;
  onTake: (item: Suggestion) => void;
}) {
  const list = useRef<HTMLDivElement>(null);
  const { active, listId, optionId } = suggesting;
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <>
      <p role="status" className="sr-only">
        {items.length > 0 && words.send.suggested(items.length)}
      </p>
      {items.length > 0 && (
        <div
          ref={list}
          id={listId}
          role="listbox"
          aria-label={label}
          className="absolute inset-x-3 bottom-full z-20 mb-1 max-h-72 overflow-y-auto rounded-10 border border-line bg-raised p-1 shadow-2 sm:right-auto sm:w-96"
        >
          {items.map((item, index) => (
            // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and names the active one
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys come by the field
            <div
              key={item.key}
              id={optionId(index)}
              role="option"
              aria-selected={index === active}
              onPointerMove={() => index !== active && suggesting.setActive(index)}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => onTake(item)}
              className={clsx(
                'flex min-h-10 items-center gap-2.5 rounded-6 px-2.5 py-1.5',
                index === active && 'bg-sunken',
              )}
            >
              {item.sign && (
                <span className="flex w-6 shrink-0 justify-center text-20" aria-hidden>
                  {item.sign}
                </span>
              )}
              <span className="min-w-0 flex-1">
                <span className="block truncate" dir="auto">
                  {item.label}
                </span>
                {item.detail && (
                  <span className="block truncate text-13 text-soft" dir="auto">
                    {item.detail}
                  </span>
                )}
              </span>
            </div>
          ))}
        </div>
      )}
    </>
  );
}
