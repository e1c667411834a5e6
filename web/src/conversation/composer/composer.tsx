import type { Chat, Message } from '@patchbay/contract';
import { useQuery } from '@tanstack/react-query';
import { lazy, type Ref, Suspense, useImperativeHandle, useRef, useState } from 'react';
import { meQuery } from '../../api/queries.js';
import { messageWords } from '../../words/message-words.js';
import { words } from '../../words/words.js';
import { type Draft, draftKey, drafts, useDraft } from '../drafts.js';
import type { Outgoing } from '../sending/wish.js';
import { type Attachment, useAttachments } from './attachments.js';
import { ComposerBar } from './composer-bar.js';
import { useDrop } from './drop-target.js';
import { applyEdit } from './editing.js';
import { Field } from './field.js';
import { FormatToolbar } from './format-toolbar.js';
import { withMentions } from './mentions.js';
import { Preview } from './preview.js';
import { QuoteStrip } from './quote-strip.js';
import { type Recipient, RecipientLine } from './recipient-line.js';
import { useComposerSettings } from './settings.js';
import { useSuggested } from './suggested.js';
import { type Suggestion, SuggestionList, triggerAt, useSuggesting } from './suggestions.js';
import { Tray } from './tray.js';
import { useTyping } from './typing.js';
import { useVoice } from './use-voice.js';
import { VoiceBar } from './voice-bar.js';

const EmojiPanel = lazy(() => import('./emoji-panel.js'));

interface ComposerProps {
  sessionId: string;
  chats: Chat[];
  recipient: Recipient | null;
  /** Whom to write to may be chosen here: the thread shows several chats. */
  choosesRecipient: boolean;
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
  ref?: Ref<{ focus(): void }>;
}

/** Where people write: text, files, a voice note. What is typed is a draft until it is sent. */
export function Composer(props: ComposerProps) {
  const { sessionId, recipient, quote, editing, blocked } = props;
  const chatId = recipient?.chatId;
  const userId = useQuery(meQuery).data?.userId ?? '';
  const field = useRef<HTMLTextAreaElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const text = useText(draftKey(userId, sessionId, chatId ?? '', editing?.id), editing);
  const attachments = useAttachments(`${userId} ${sessionId} ${chatId}`);
  const [chosenKey, setChosenKey] = useState<number | null>(null);
  const chosen = attachments.files.find(({ key }) => key === chosenKey) ?? attachments.files[0];
  const first = attachments.files[0];
  const shown = !chosen || chosen === first ? text.draft.text : chosen.caption;
  const { toolbar } = useComposerSettings();
  const [emoji, setEmoji] = useState(false);
  const tell = useTyping(sessionId, chatId, props.connected);
  const drop = useDrop((added) => blocked === null && attachments.add(added));
  const focus = () => field.current?.focus();
  useImperativeHandle(props.ref, () => ({ focus }));

  const isGroup = props.chats.some(({ id, isGroup }) => id === chatId && isGroup);
  const [caret, setCaret] = useState(-1);
  const [closedAt, setClosedAt] = useState(-1);
  const found = caret < 0 || editing ? null : triggerAt(shown, caret, isGroup);
  const trigger = found && found.from !== closedAt ? found : null;
  const items = useSuggested(trigger, sessionId, chatId);
  const take = (item: Suggestion) => {
    if (!field.current || !trigger) return;
    const at = trigger.from + item.text.length;
    const edit = { from: trigger.from, to: caret, text: item.text, selectFrom: at, selectTo: at };
    if (item.jid) text.mention(item.text.trim(), item.jid);
    applyEdit(field.current, edit);
  };
  const suggesting = useSuggesting(items, { take, close: () => setClosedAt(found?.from ?? -1) });

  const write = (value: string, at: number) => {
    if (!chosen || chosen === first) text.write(value);
    else attachments.change(chosen.key, { caption: value });
    setCaret(at);
    if (triggerAt(value, at, isGroup)?.from !== closedAt) setClosedAt(-1);
    if (value !== '' && !editing) tell('composing');
  };
  const insert = (said: string) => {
    const { current } = field;
    if (!current) return;
    const at = current.selectionStart + said.length;
    const { selectionStart: from, selectionEnd: to } = current;
    applyEdit(current, { from, to, text: said, selectFrom: at, selectTo: at });
  };
  const quoted = quote ? { quoted: { id: quote.id, content: quote.content } } : {};
  const done = () => {
    text.write('');
    attachments.clear();
    setChosenKey(null);
    setClosedAt(-1);
    tell('paused');
    props.onQuoteEnd();
    focus();
  };
  const voice = useVoice(({ blob, name, seconds, waveform }) => {
    if (!chatId) return;
    const file = { blob, name, voice: { seconds, waveform } };
    props.onSend({ chatId, text: '', file, ...quoted }, Date.now());
    props.onQuoteEnd();
  }, tell);
  const nothing = text.draft.text.trim() === '' && attachments.files.length === 0;
  const submit = () => {
    if (!chatId || blocked !== null || nothing) return;
    const said = withMentions({ ...text.draft, text: text.draft.text.trim() });
    if (editing) {
      void props.onEdit(editing, said.text, said.mentions).then((kept) => kept && done());
      return;
    }
    const now = Date.now();
    if (!first) props.onSend({ chatId, ...said, ...quoted }, now);
    // The first of several files carries the quote.
    for (const [index, attachment] of attachments.files.entries()) {
      const caption = index === 0 ? text.draft.text.trim() : attachment.caption.trim();
      const file = fileOf(attachment);
      props.onSend({ chatId, text: caption, file, ...(index === 0 && quoted) }, now + index);
    }
    done();
  };
  const speaking = voice.state.is !== 'idle';

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
      <input
        ref={files}
        type="file"
        multiple
        tabIndex={-1}
        aria-hidden
        className="hidden"
        onChange={({ currentTarget }) => {
          attachments.add(currentTarget.files ?? []);
          currentTarget.value = '';
          focus();
        }}
      />
      <SuggestionList
        items={items}
        suggesting={suggesting}
        label={words.send.suggestions}
        onTake={take}
      />
      {emoji && (
        <Suspense>
          <EmojiPanel
            onChoose={(each) => {
              insert(each);
              setEmoji(false);
            }}
            onClose={() => {
              setEmoji(false);
              focus();
            }}
          />
        </Suspense>
      )}
      {props.choosesRecipient && (
        <RecipientLine chats={props.chats} recipient={recipient} onRecipient={props.onRecipient} />
      )}
      {editing && (
        <QuoteStrip message={editing} label={messageWords.editing} onEnd={props.onQuoteEnd} />
      )}
      {quote && <QuoteStrip message={quote} onEnd={props.onQuoteEnd} />}
      <Tray
        attachments={attachments}
        chosen={chosen}
        draft={text.draft.text}
        onChoose={({ key }) => {
          setChosenKey(key);
          focus();
        }}
        onAdd={() => files.current?.click()}
      />
      <div className="rounded-10 border border-control-line bg-surface focus-within:border-accent focus-within:shadow-1">
        {toolbar && !speaking && <FormatToolbar field={field} />}
        {!speaking && <Preview text={shown} />}
        <div className="flex items-end gap-0.5 p-1">
          {speaking ? (
            <div className="min-w-0 flex-1">
              <VoiceBar voice={voice} />
            </div>
          ) : (
            <ComposerBar
              onAttach={() => files.current?.click()}
              onEmoji={() => setEmoji((open) => !open)}
              emoji={emoji}
              canAttach={blocked === null && !editing}
              canSend={chatId !== undefined && blocked === null && !nothing}
              editing={editing !== null}
              voice={nothing && !editing ? voice : null}
              canRecord={chatId !== undefined && blocked === null}
            >
              <Field
                ref={field}
                text={shown}
                placeholder={placeholderOf(attachments.files, chosen)}
                listId={suggesting.listId}
                activeId={items.length > 0 ? suggesting.optionId(suggesting.active) : undefined}
                onText={write}
                onCaret={setCaret}
                onFiles={attachments.add}
                onKey={suggesting.onKey}
                onSend={submit}
                onEscape={() => (quote || editing) && props.onQuoteEnd()}
                onBlur={() => setCaret(-1)}
              />
            </ComposerBar>
          )}
        </div>
      </div>
      {(blocked ?? (!props.connected && words.send.waits)) && (
        <p className="mt-1.5 text-13 text-soft">{blocked ?? words.send.waits}</p>
      )}
    </form>
  );
}

/** The text of the field, as its chat's draft; of an edit, it begins as what the message says. */
function useText(key: string, editing: Message | null) {
  const draft = useDraft(key);
  const shown: Draft = draft.text === '' && editing ? { text: editing.content } : draft;
  return {
    draft: shown,
    write: (text: string) => drafts.keep(key, { ...drafts.of(key), text }),
    mention(name: string, jid: string) {
      const before = drafts.of(key);
      drafts.keep(key, { ...before, mentions: { ...before.mentions, [name]: jid } });
    },
  };
}

function fileOf({ file, width, height }: Attachment): Outgoing['file'] {
  return { blob: file, name: file.name, width, height };
}

function placeholderOf(files: Attachment[], chosen: Attachment | undefined): string {
  if (!chosen) return words.send.placeholder;
  return files.length > 1 ? words.send.captionOf(chosen.file.name) : words.send.caption;
}
