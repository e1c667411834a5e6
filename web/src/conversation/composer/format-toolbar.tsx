import {
  Bold,
  Code,
  Italic,
  List,
  ListOrdered,
  type LucideIcon,
  Quote,
  Strikethrough,
} from 'lucide-react';
import type { RefObject } from 'react';
import { IconButton } from '../../ui/button.js';
import { words } from '../../words/words.js';
import { applyEdit, type LineMark, type Mark, toggleLines, toggleMark } from './editing.js';
import { changeComposerSettings, useComposerSettings } from './settings.js';

const MARKS: { mark: Mark; icon: LucideIcon; label: string }[] = [
  { mark: 'bold', icon: Bold, label: words.format.bold },
  { mark: 'italic', icon: Italic, label: words.format.italic },
  { mark: 'strike', icon: Strikethrough, label: words.format.strike },
  { mark: 'code', icon: Code, label: words.format.code },
];
const LINES: { mark: LineMark; icon: LucideIcon; label: string }[] = [
  { mark: 'bullets', icon: List, label: words.format.bullets },
  { mark: 'numbers', icon: ListOrdered, label: words.format.numbers },
  { mark: 'quote', icon: Quote, label: words.format.quote },
];

type Field = RefObject<HTMLTextAreaElement | null>;

/** Puts marks around what is selected in the field. */
export function mark(field: Field, kind: Mark): void {
  const { current } = field;
  if (!current) return;
  applyEdit(current, toggleMark(current.value, current.selectionStart, current.selectionEnd, kind));
}

function markLines(field: Field, kind: LineMark): void {
  const { current } = field;
  if (!current) return;
  applyEdit(
    current,
    toggleLines(current.value, current.selectionStart, current.selectionEnd, kind),
  );
}

/** Formatting for those who do not type the signs, and how Enter is meant. */
export function FormatToolbar({ field }: { field: Field }) {
  const { enterSends } = useComposerSettings();
  // The field keeps its selection while a button is pressed.
  const stay = (event: React.PointerEvent) => event.preventDefault();
  return (
    <div
      role="toolbar"
      aria-label={words.format.label}
      className="flex flex-wrap items-center border-b border-line px-1"
    >
      {MARKS.map(({ mark: kind, icon: Icon, label }) => (
        <IconButton key={kind} label={label} onPointerDown={stay} onClick={() => mark(field, kind)}>
          <Icon className="size-4" aria-hidden />
        </IconButton>
      ))}
      <span className="mx-1 h-5 w-px bg-line" aria-hidden />
      {LINES.map(({ mark: kind, icon: Icon, label }) => (
        <IconButton
          key={kind}
          label={label}
          onPointerDown={stay}
          onClick={() => markLines(field, kind)}
        >
          <Icon className="size-4" aria-hidden />
        </IconButton>
      ))}
      <label className="ml-auto flex min-h-10 items-center gap-2 px-2 text-13 text-soft">
        <input
          type="checkbox"
          checked={enterSends}
          onChange={({ currentTarget }) =>
            changeComposerSettings({ enterSends: currentTarget.checked })
          }
          className="size-4 accent-accent"
        />
        {words.send.enterSends}
      </label>
    </div>
  );
}
