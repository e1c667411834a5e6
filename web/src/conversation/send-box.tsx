import type { Chat, Message } from '@patchbay/contract';
import { ChevronDown, SendHorizontal, X } from 'lucide-react';
import {
  type FormEvent,
  type Ref,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { Button, IconButton } from '../ui/button.js';
import { messageWords } from '../words/message-words.js';
import { words } from '../words/words.js';
import { AttachButton, Tray, useAttachments, useDrop } from './attachments.js';
import { ChatPicker, type Choice } from './chat-picker.js';
import { draftOf, keepDraft } from './drafts.js';
import type { Outgoing } from './use-send.js';

/** Eight lines of text and the field's own padding. */
const TALLEST_PX = 8 * 20 + 20;

export interface Recipient {
  chatId: string;
  label: string;
}

interface SendBoxProps {
  sessionId: string;
  chats: Chat[];
  recipient: Recipient | null;
  quote: Message | null;
  /** The message that gets the text as its new one. */
  editing: Message | null;
  /** Why nothing can be sent at the moment; null when it can. */
  blocked: string | null;
  onRecipient: (recipient: Recipient) => void;
  onQuoteEnd: () => void;
  onSend: (message: Outgoing) => void;
  onEdit: (message: Message, text: string) => void;
  ref?: Ref<{ focus(): void }>;
}

/** Whom to write to, and what. Drafts are kept per chat. */
export function SendBox(props: SendBoxProps) {
  const { sessionId, chats, recipient, quote, editing, blocked, onSend, onQuoteEnd } = props;
  const field = useRef<HTMLTextAreaElement>(null);
  const draftKey = `${sessionId} ${recipient?.chatId ?? ''} ${editing?.id ?? ''}`;
  const kept = () => draftOf(draftKey) || (editing?.content ?? '');
  const [draft, setDraft] = useState({ key: draftKey, text: kept() });
  const text = draft.key === draftKey ? draft.text : kept();
  const write = (value: string) => {
    keepDraft(draftKey, value);
    setDraft({ key: draftKey, text: value });
  };
  useImperativeHandle(props.ref, () => ({ focus: () => field.current?.focus() }));
  useGrowing(field, text);
  const { attachments, add, remove, sent } = useAttachments();
  const drop = useDrop(add);
  const nothing = text.trim() === '' && attachments.length === 0;

  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (!recipient || blocked || nothing) return;
    if (editing) {
      if (text.trim() !== editing.content) props.onEdit(editing, text.trim());
      write('');
      onQuoteEnd();
      field.current?.focus();
      return;
    }
    // Several files: the first one carries the text and the quote.
    const parts = attachments.length > 0 ? attachments : [undefined];
    const now = Date.now();
    for (const [index, attachment] of parts.entries()) {
      onSend({
        chatId: recipient.chatId,
        text: index === 0 ? text.trim() : '',
        at: new Date(now + index).toISOString(),
        ...(attachment && { attachment }),
        ...(quote && index === 0 && { quotedMessageId: quote.id, quotedContent: quote.content }),
      });
    }
    write('');
    sent();
    onQuoteEnd();
    field.current?.focus();
  };
  return (
    <form
      onSubmit={submit}
      aria-label={words.send.label}
      {...drop.target}
      className="relative shrink-0 border-t border-line bg-surface px-3 pt-1.5 pb-3 sm:px-4"
    >
      {drop.over && (
        <p className="pointer-events-none absolute inset-1 z-1 flex items-center justify-center rounded-10 border-2 border-dashed border-accent bg-accent-soft font-medium text-accent-text">
          {words.send.drop}
        </p>
      )}
      <RecipientLine chats={chats} recipient={recipient} onRecipient={props.onRecipient} />
      {editing && <Quote message={editing} label={messageWords.editing} onEnd={onQuoteEnd} />}
      {quote && <Quote message={quote} onEnd={onQuoteEnd} />}
      <Tray attachments={attachments} onRemove={remove} />
      <div className="flex items-end gap-2">
        <AttachButton onFiles={add} />
        <textarea
          ref={field}
          rows={1}
          dir="auto"
          value={text}
          maxLength={65_536}
          aria-label={words.send.label}
          placeholder={words.send.placeholder}
          title={words.send.hint}
          onChange={(event) => write(event.target.value)}
          onPaste={(event) => {
            if (event.clipboardData.files.length === 0) return;
            event.preventDefault();
            add(event.clipboardData.files);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && (quote || editing)) onQuoteEnd();
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            submit();
          }}
          className="min-h-10 flex-1 resize-none rounded-6 border border-control-line bg-surface px-3 py-[9px] max-sm:text-16"
        />
        <Button
          type="submit"
          look="primary"
          disabled={!recipient || blocked !== null || nothing}
          icon={<SendHorizontal className="size-4.5" aria-hidden />}
        >
          {words.send.submit}
        </Button>
      </div>
      {blocked && <p className="mt-1.5 text-13 text-soft">{blocked}</p>}
    </form>
  );
}

function RecipientLine({
  chats,
  recipient,
  onRecipient,
}: Pick<SendBoxProps, 'chats' | 'recipient' | 'onRecipient'>) {
  const choose = ({ chatId, label }: Choice) => chatId && onRecipient({ chatId, label });
  return (
    <div className="-ml-2 flex min-w-0 items-center">
      <ChatPicker
        chats={chats}
        allowNumber
        onChoose={choose}
        trigger={
          <button
            type="button"
            className="flex h-10 min-w-0 items-center gap-1.5 rounded-6 px-2 text-13 hover:bg-sunken"
          >
            <span className="text-soft">{words.send.to}</span>
            <span className="truncate font-medium" dir="auto">
              {recipient?.label ?? words.send.choose}
            </span>
            <ChevronDown className="size-4 shrink-0 text-soft" aria-hidden />
          </button>
        }
      />
    </div>
  );
}

function Quote(props: { message: Message; label?: string; onEnd: () => void }) {
  const { message, label, onEnd } = props;
  return (
    <div className="mb-2 flex items-center gap-2 rounded-6 border-l-3 border-accent bg-sunken pl-3">
      <p
        className="line-clamp-2 min-w-0 flex-1 py-1.5 text-13 text-soft wrap-anywhere-soft"
        dir="auto"
      >
        {label && <strong className="mr-1.5 font-semibold text-accent-text">{label}</strong>}
        {message.content}
      </p>
      <IconButton label={label ? messageWords.stopEditing : words.send.cancelQuote} onClick={onEnd}>
        <X className="size-4" aria-hidden />
      </IconButton>
    </div>
  );
}

/** As high as its text, up to eight lines. */
function useGrowing(field: React.RefObject<HTMLTextAreaElement | null>, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured again whenever the text changes
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = 'auto';
    const border = element.offsetHeight - element.clientHeight;
    element.style.height = `${Math.min(element.scrollHeight + border, TALLEST_PX)}px`;
  }, [field, text]);
}
