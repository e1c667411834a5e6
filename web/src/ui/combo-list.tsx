import clsx from 'clsx';
import { Search } from 'lucide-react';
import { Fragment, type KeyboardEvent, type ReactNode, useId, useState } from 'react';

interface ComboListProps<Item> {
  /** What fits what was typed, best first. */
  items: Item[];
  keyOf: (item: Item) => string;
  /** Stands above the first item of each group. */
  groupOf?: (item: Item) => string;
  typed: string;
  onType: (typed: string) => void;
  onChoose: (item: Item) => void;
  /** Of the field. */
  label: string;
  /** Of the list. */
  listLabel: string;
  busy?: boolean;
  /** Said when nothing fits. */
  nothing: string;
  large?: boolean;
  children: (item: Item) => ReactNode;
}

/** A field above a list: what is typed narrows it, the arrows choose, Enter takes. */
export function ComboList<Item>(props: ComboListProps<Item>) {
  const { items, keyOf, groupOf, typed, onType, onChoose, busy = false, large = false } = props;
  const id = useId();
  const [at, setAt] = useState(0);
  const active = Math.min(at, items.length - 1);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const chosen = items[active];
    if (step && items.length > 0) {
      const next = (active + step + items.length) % items.length;
      setAt(next);
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter' && chosen && !event.nativeEvent.isComposing) onChoose(chosen);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <div className="relative border-b border-line">
        <Search
          className={clsx(
            'absolute text-soft',
            large ? 'top-4 left-4 size-5' : 'top-3.5 left-3 size-4',
          )}
          aria-hidden
        />
        <input
          // biome-ignore lint/a11y/noAutofocus: what was opened is this field
          autoFocus
          role="combobox"
          aria-label={props.label}
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={items.length > 0 ? `${id}-${active}` : undefined}
          placeholder={props.label}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => {
            onType(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
          className={clsx(
            'w-full bg-transparent outline-none',
            large ? 'h-13 pr-4 pl-12 text-16' : 'h-11 pr-3 pl-9 max-sm:text-16',
          )}
        />
      </div>
      <div
        id={id}
        role="listbox"
        aria-label={props.listLabel}
        aria-busy={busy}
        className={clsx(
          'overflow-y-auto',
          large ? 'max-h-[min(26rem,60vh)] p-1.5' : 'max-h-72 p-1',
        )}
      >
        {items.map((item, index) => {
          const group = groupOf?.(item);
          const before = items[index - 1];
          const isFirst = group !== undefined && (!before || groupOf?.(before) !== group);
          return (
            <Fragment key={keyOf(item)}>
              {isFirst && (
                <div role="presentation" className="px-2.5 pt-2 pb-1 text-12 font-medium text-soft">
                  {group}
                </div>
              )}
              {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's */}
              <div
                id={`${id}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === active}
                onPointerMove={() => setAt(index)}
                onClick={() => onChoose(item)}
                className={clsx(
                  'flex items-center rounded-6',
                  large ? 'min-h-10 gap-3 px-2.5' : 'min-h-11 gap-2.5 px-2 py-1',
                  index === active && 'bg-sunken',
                )}
              >
                {props.children(item)}
              </div>
            </Fragment>
          );
        })}
      </div>
      <p
        role="status"
        className={clsx(
          items.length > 0 || busy
            ? 'sr-only'
            : large
              ? 'px-5 pt-2 pb-6 text-soft'
              : 'px-3 pt-1 pb-3 text-13 text-soft',
        )}
      >
        {items.length === 0 && !busy && props.nothing}
      </p>
    </>
  );
}
