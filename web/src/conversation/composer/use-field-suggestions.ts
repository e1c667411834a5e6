import { type RefObject, useState } from 'react';
import { applyEdit } from './editing.js';
import { type SuggestedFor, useSuggested } from './suggested.js';
import { type Suggestion, triggerAt, useSuggesting } from './suggestions.js';

interface FieldSuggestionOptions extends SuggestedFor {
  field: RefObject<HTMLTextAreaElement | null>;
  text: string;
  isGroup: boolean;
  /** Nothing is suggested while an old message is changed. */
  off: boolean;
  onMention: (name: string, jid: string) => void;
}

/** What is suggested for the words at the caret, and what taking it does. */
export function useFieldSuggestions(options: FieldSuggestionOptions) {
  const { field, text, isGroup, off, onMention } = options;
  const [caret, setCaret] = useState(-1);
  const [closedAt, setClosedAt] = useState(-1);
  const found = caret < 0 || off ? null : triggerAt(text, caret, isGroup);
  const trigger = found && found.from !== closedAt ? found : null;
  const items = useSuggested(trigger, options);
  const take = (item: Suggestion) => {
    if (!field.current || !trigger) return;
    const { from } = trigger;
    const at = from + item.text.length;
    if (item.jid) onMention(item.text.trim(), item.jid);
    applyEdit(field.current, { from, to: caret, text: item.text, selectFrom: at, selectTo: at });
  };
  const close = () => setClosedAt(found?.from ?? -1);
  return {
    items,
    take,
    suggesting: useSuggesting(items, { take, close }),
    onCaret: setCaret,
    /** After typing: a list that was closed opens again for the next word. */
    typed(value: string, at: number) {
      setCaret(at);
      if (triggerAt(value, at, isGroup)?.from !== closedAt) setClosedAt(-1);
    },
  };
}
