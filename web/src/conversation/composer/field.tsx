import { type KeyboardEvent, type RefObject, useLayoutEffect } from 'react';
import { words } from '../../words/words.js';
import { applyEdit, continueLine } from './editing.js';
import { mark } from './format-toolbar.js';
import { useComposerSettings } from './settings.js';
import type { useFieldSuggestions } from './use-field-suggestions.js';

/** Eight lines of text and the field's own padding. */
const TALLEST_PX = 8 * 20 + 20;

interface FieldProps {
  ref: RefObject<HTMLTextAreaElement | null>;
  text: string;
  placeholder: string;
  suggestions: ReturnType<typeof useFieldSuggestions>;
  onText: (text: string, caret: number) => void;
  onFiles: (files: Iterable<File>) => void;
  onSend: () => void;
  onEscape: () => void;
}

/** Where the text is written. It grows to eight lines. */
export function Field(props: FieldProps) {
  const { ref: field, text, suggestions } = props;
  const { suggesting, items } = suggestions;
  const { enterSends } = useComposerSettings();
  useGrowing(field, text);
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (suggesting.onKey(event)) return event.preventDefault();
    const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
    const command = (ctrlKey || metaKey) && !altKey;
    if (key === 'Escape') props.onEscape();
    if (command && !shiftKey && (key === 'b' || key === 'i')) {
      event.preventDefault();
      mark(field, key === 'b' ? 'bold' : 'italic');
    }
    if (command && shiftKey && key.toLowerCase() === 'x') {
      event.preventDefault();
      mark(field, 'strike');
    }
    if (key !== 'Enter' || altKey) return;
    if (command || (enterSends && !shiftKey)) {
      event.preventDefault();
      props.onSend();
      return;
    }
    const { value, selectionStart, selectionEnd } = event.currentTarget;
    const edit = selectionStart === selectionEnd ? continueLine(value, selectionStart) : null;
    if (!edit) return;
    event.preventDefault();
    applyEdit(event.currentTarget, edit);
  };
  return (
    <textarea
      ref={field}
      rows={1}
      dir="auto"
      value={text}
      maxLength={65_536}
      aria-label={words.send.label}
      aria-autocomplete="list"
      aria-controls={suggesting.listId}
      aria-activedescendant={items.length > 0 ? suggesting.optionId(suggesting.active) : undefined}
      placeholder={props.placeholder}
      title={enterSends ? words.send.hint : words.send.hintTurned}
      onChange={({ currentTarget }) =>
        props.onText(currentTarget.value, currentTarget.selectionStart)
      }
      onSelect={({ currentTarget }) => suggestions.onCaret(currentTarget.selectionStart)}
      onPaste={(event) => {
        if (event.clipboardData.files.length === 0) return;
        event.preventDefault();
        props.onFiles(event.clipboardData.files);
      }}
      onKeyDown={onKeyDown}
      onBlur={() => suggestions.onCaret(-1)}
      className="min-h-10 min-w-0 flex-1 resize-none bg-transparent px-1.5 py-2.5 outline-none max-sm:text-16"
    />
  );
}

/** As high as its text, up to eight lines. */
function useGrowing(field: RefObject<HTMLTextAreaElement | null>, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured again whenever the text changes
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${Math.min(element.scrollHeight, TALLEST_PX)}px`;
  }, [field, text]);
}
