import { useQuery } from '@tanstack/react-query';
import {
  type KeyboardEvent,
  type Ref,
  type RefObject,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { meQuery } from '../api/queries.js';
import { words } from '../words/words.js';
import { useComposerSettings } from './composer/settings.js';
import { draftKey, drafts, useDraft } from './drafts.js';

/** What somebody did before the composer was there, and that it goes on with. */
export interface Begun {
  /** Where the cursor was in the text; null when it was not in the field. */
  caret: number | null;
  /** Enter was pressed: the draft is to be sent. */
  send: boolean;
}

interface EarlyFieldProps {
  sessionId: string;
  /** Whom one writes to; nobody yet where a person has to choose. */
  chatId: string | undefined;
  /** Room for the line that says to whom. */
  tall: boolean;
  begun: RefObject<Begun>;
  ref?: Ref<{ focus(): void }>;
}

/**
 * Stands where the composer will be, in its size, and takes what is typed: were it only a frame,
 * somebody quick would press the page's shortcuts with the letters of a message.
 */
export function EarlyField({ sessionId, chatId, tall, begun, ref }: EarlyFieldProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const userId = useQuery(meQuery).data?.userId ?? '';
  const key = draftKey(userId, sessionId, chatId ?? '');
  const { text } = useDraft(key);
  const { enterSends } = useComposerSettings();
  const [sent, setSent] = useState(false);
  useImperativeHandle(ref, () => ({ focus: () => field.current?.focus() }));
  useLayoutEffect(() => {
    const element = field.current;
    return () => {
      if (element && document.activeElement === element)
        begun.current.caret = element.selectionStart;
    };
  }, [begun]);
  const onKeyDown = (event: KeyboardEvent) => {
    const { key: pressed, shiftKey, ctrlKey, metaKey, nativeEvent } = event;
    if (pressed !== 'Enter' || nativeEvent.isComposing) return;
    if (!(ctrlKey || metaKey || (enterSends && !shiftKey))) return;
    event.preventDefault();
    begun.current.send = true;
    setSent(true);
  };
  return (
    <div className="shrink-0 px-3 pt-1 pb-3 sm:px-4">
      {tall && <div className="h-10" />}
      <div className="flex h-12.5 rounded-10 border border-control-line bg-surface p-1">
        <textarea
          ref={field}
          rows={1}
          dir="auto"
          value={text}
          disabled={!chatId}
          readOnly={sent}
          aria-label={words.send.label}
          onChange={({ currentTarget }) =>
            drafts.keep(key, { ...drafts.of(key), text: currentTarget.value })
          }
          onKeyDown={onKeyDown}
          className="min-h-10 flex-1 resize-none bg-transparent px-12 py-2.5 outline-none max-sm:text-16"
        />
      </div>
    </div>
  );
}
