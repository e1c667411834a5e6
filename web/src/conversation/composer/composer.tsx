import type { Chat, Message } from '@patchbay/contract';
import {
  type ReactNode,
  type Ref,
  type RefObject,
  useEffect,
  useImperativeHandle,
  useRef,
} from 'react';
import { messageWords } from '../../words/message-words.js';
import { words } from '../../words/words.js';
import type { Begun } from '../early-field.js';
import type { Outgoing } from '../sending/wish.js';
import { ComposerBox } from './composer-box.js';
import { useDrop } from './drop-target.js';
import { Field } from './field.js';
import { FileInput } from './file-input.js';
import { QuoteStrip } from './quote-strip.js';
import { type Recipient, RecipientLine } from './recipient-line.js';
import { SuggestionList } from './suggestions.js';
import { Tray } from './tray.js';
import { useTyping } from './typing.js';
import { useFieldSuggestions } from './use-field-suggestions.js';
import { useVoice } from './use-voice.js';
import { useWriting } from './use-writing.js';

interface ComposerProps {
  sessionId: string;
  chats: Chat[];
  recipient: Recipient | null;
  /** Whom to write to may be chosen here: the thread shows several chats. */
  choosesRecipient: boolean;
  /** Where the account is chosen, if there is a choice. */
  from?: ReactNode;
  quote: Message | null;
  /** The message that gets the text as its new one. */
  editing: Message | null;
  connected: boolean;
  /** Why nothing can be sent at all; null when it can, now or once the account is back. */
  blocked: string | null;
  onRecipient: (recipient: Recipient) => void;
  onQuoteEnd: () => void;
  onSend: (outgoing: Outgoing, at: number) => void;
  /** Resolves when the server has it. */
  onEdit: (message: Message, text: string, mentions: string[] | undefined) => Promise<boolean>;
  /** What somebody typed and pressed before all of this was loaded. */
  begun: RefObject<Begun>;
  ref?: Ref<{ focus(): void }>;
}

/** Where people write: text, files, a voice note. What is typed is a draft until it is sent. */
export function Composer(props: ComposerProps) {
  const { sessionId, recipient, quote, editing, blocked } = props;
  const chatId = recipient?.chatId;
  const field = useRef<HTMLTextAreaElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const writing = useWriting(sessionId, chatId, editing);
  const { attachments, text, nothing } = writing;
  const tell = useTyping(sessionId, chatId, props.connected);
  const drop = useDrop((added) => blocked === null && attachments.add(added));
  const focus = () => field.current?.focus();
  useImperativeHandle(props.ref, () => ({ focus }));
  const chat = props.chats.find(({ id }) => id === chatId);
  const suggestions = useFieldSuggestions({
    ...{ field, text, sessionId, chatId, chat },
    isGroup: chat?.isGroup ?? false,
    off: editing !== null,
    onMention: writing.mention,
  });
  const quoted = quote ? asQuote(quote) : undefined;
  const sent = () => {
    writing.clear();
    tell('paused');
    props.onQuoteEnd();
    focus();
  };
  const submit = () => {
    if (!chatId || blocked !== null || nothing) return;
    if (editing) {
      const { text: said, mentions } = writing.edited();
      void props.onEdit(editing, said, mentions).then((taken) => taken && sent());
      return;
    }
    const now = Date.now();
    for (const [index, each] of writing.outgoing(chatId, quoted).entries()) {
      props.onSend(each, now + index);
    }
    sent();
  };
  useGoingOn(props.begun, {
    write(caret) {
      focus();
      field.current?.setSelectionRange(caret, caret);
      suggestions.onCaret(caret);
    },
    submit,
  });
  const voice = useVoice(({ blob, name, seconds, waveform }) => {
    if (!chatId) return;
    const file = { blob, name, voice: { seconds, waveform } };
    props.onSend({ chatId, text: '', file, ...(quoted && { quoted }) }, Date.now());
    props.onQuoteEnd();
  }, tell);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      aria-label={words.send.label}
      {...drop.target}
      className="relative shrink-0 bg-canvas px-3 pt-1 pb-3 sm:px-4"
    >
      {drop.over && blocked === null && (
        <p className="absolute inset-x-2 bottom-2 z-30 flex h-40 items-center justify-center rounded-10 border-2 border-dashed border-accent bg-accent-soft font-medium text-accent-text">
          {words.send.drop}
        </p>
      )}
      <FileInput
        ref={files}
        onFiles={(added) => {
          attachments.add(added);
          focus();
        }}
      />
      <SuggestionList
        items={suggestions.items}
        suggesting={suggestions.suggesting}
        label={words.send.suggestions}
        onTake={suggestions.take}
      />
      <Above {...props} writing={writing} onAttach={() => files.current?.click()} focus={focus} />
      <ComposerBox
        field={field}
        text={text}
        voice={voice}
        canSpeak={nothing && !editing}
        canAttach={blocked === null && !editing}
        canRecord={chatId !== undefined && blocked === null}
        canSend={chatId !== undefined && blocked === null && !nothing}
        editing={editing !== null}
        onAttach={() => files.current?.click()}
      >
        <Field
          ref={field}
          text={text}
          placeholder={placeholderOf(writing)}
          suggestions={suggestions}
          onText={(value, at) => {
            writing.write(value);
            suggestions.typed(value, at);
            if (value !== '' && !editing) tell('composing');
          }}
          onFiles={attachments.add}
          onSend={submit}
          onEscape={() => (quote || editing) && props.onQuoteEnd()}
        />
      </ComposerBox>
      {(blocked ?? (!props.connected && words.send.waits)) && (
        <p className="mt-1.5 text-13 text-soft">{blocked ?? words.send.waits}</p>
      )}
    </form>
  );
}

/** Goes on with what somebody began before the composer was there. */
function useGoingOn(
  begun: RefObject<Begun>,
  goOn: { write: (caret: number) => void; submit: () => void },
): void {
  const latest = useRef(goOn);
  latest.current = goOn;
  useEffect(() => {
    const { caret, send } = begun.current;
    begun.current = { caret: null, send: false };
    if (caret !== null) latest.current.write(caret);
    if (send) latest.current.submit();
  }, [begun]);
}

type AboveProps = ComposerProps & {
  writing: ReturnType<typeof useWriting>;
  onAttach: () => void;
  focus: () => void;
};

/** What the message goes with: to whom, in answer to what, and which files. */
function Above({ writing, onAttach, focus, ...props }: AboveProps) {
  const { editing, quote, onQuoteEnd } = props;
  return (
    <>
      {props.from}
      {props.choosesRecipient && (
        <RecipientLine
          chats={props.chats}
          recipient={props.recipient}
          onRecipient={props.onRecipient}
        />
      )}
      {editing && <QuoteStrip message={editing} label={messageWords.editing} onEnd={onQuoteEnd} />}
      {quote && <QuoteStrip message={quote} onEnd={onQuoteEnd} />}
      {!editing && (
        <Tray
          attachments={writing.attachments}
          chosen={writing.chosen}
          draft={writing.draft}
          onChoose={(attachment) => {
            writing.choose(attachment);
            focus();
          }}
          onAdd={onAttach}
        />
      )}
    </>
  );
}

function placeholderOf({ attachments, chosen }: ReturnType<typeof useWriting>): string {
  if (!chosen) return words.send.placeholder;
  return attachments.files.length > 1
    ? words.send.captionFor(chosen.file.name)
    : words.send.caption;
}

function asQuote(message: Message): NonNullable<Message['quotedMessage']> {
  const { id, content, type, fromMe, senderName, mentionNames } = message;
  return { id, content, type, fromMe, senderName, ...(mentionNames && { mentionNames }) };
}
