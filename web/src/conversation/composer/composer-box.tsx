import { ALargeSmall, Check, Paperclip, SendHorizontal, Smile } from 'lucide-react';
import { lazy, type ReactNode, type RefObject, Suspense, useState } from 'react';
import { IconButton } from '../../ui/button.js';
import { messageWords } from '../../words/message-words.js';
import { words } from '../../words/words.js';
import { applyEdit } from './editing.js';
import { FormatToolbar } from './format-toolbar.js';
import { Preview } from './preview.js';
import { changeComposerSettings, useComposerSettings } from './settings.js';
import type { Voice } from './use-voice.js';
import { MicButton, VoiceBar } from './voice-bar.js';

const EmojiPanel = lazy(() => import('./emoji-panel.js'));

interface ComposerBoxProps {
  field: RefObject<HTMLTextAreaElement | null>;
  /** The field itself. */
  children: ReactNode;
  text: string;
  voice: Voice;
  /** Recording is offered in place of sending: there is nothing to send. */
  canSpeak: boolean;
  canAttach: boolean;
  canRecord: boolean;
  canSend: boolean;
  editing: boolean;
  onAttach: () => void;
}

/** The field in its frame, with formatting above and buttons at its sides; or the recorder. */
export function ComposerBox(props: ComposerBoxProps) {
  const { field, voice } = props;
  const { toolbar } = useComposerSettings();
  const [emoji, setEmoji] = useState(false);
  const insert = (said: string) => {
    const { current } = field;
    if (!current) return;
    const { selectionStart: from, selectionEnd: to } = current;
    const at = from + said.length;
    applyEdit(current, { from, to, text: said, selectFrom: at, selectTo: at });
  };
  const frame =
    'rounded-10 border border-control-line bg-surface focus-within:border-accent focus-within:shadow-1';
  if (voice.state.is !== 'idle') {
    return (
      <div className={`${frame} p-1`}>
        <VoiceBar voice={voice} />
      </div>
    );
  }
  return (
    <>
      {emoji && (
        <Suspense>
          <EmojiPanel
            onChoose={(each) => {
              insert(each);
              setEmoji(false);
            }}
            onClose={() => {
              setEmoji(false);
              field.current?.focus();
            }}
          />
        </Suspense>
      )}
      <div className={frame}>
        {toolbar && <FormatToolbar field={field} />}
        <Preview text={props.text} />
        <div className="flex items-end gap-0.5 p-1">
          <ComposerBar {...props} emoji={emoji} onEmoji={() => setEmoji((open) => !open)} />
        </div>
      </div>
    </>
  );
}

type ComposerBarProps = ComposerBoxProps & {
  /** Whether the panel is open. */
  emoji: boolean;
  onEmoji: () => void;
};

/** The field and the buttons around it. */
function ComposerBar(props: ComposerBarProps) {
  const { toolbar } = useComposerSettings();
  const { voice, editing } = props;
  return (
    <>
      <IconButton label={words.send.attach} disabled={!props.canAttach} onClick={props.onAttach}>
        <Paperclip className="size-5" aria-hidden />
      </IconButton>
      <IconButton
        label={words.emoji.title}
        data-emoji-button
        aria-expanded={props.emoji}
        aria-haspopup="dialog"
        onClick={props.onEmoji}
        className="max-sm:hidden"
      >
        <Smile className="size-5" aria-hidden />
      </IconButton>
      {props.children}
      <IconButton
        label={words.format.label}
        aria-pressed={toolbar}
        onClick={() => changeComposerSettings({ toolbar: !toolbar })}
        className="aria-pressed:text-accent-text max-sm:hidden"
      >
        <ALargeSmall className="size-5" aria-hidden />
      </IconButton>
      {props.canSpeak ? (
        <MicButton voice={voice} disabled={!props.canRecord} />
      ) : (
        <button
          type="submit"
          disabled={!props.canSend}
          title={editing ? messageWords.saveEdit : words.send.submit}
          aria-label={editing ? messageWords.saveEdit : words.send.submit}
          className="inline-flex size-10 shrink-0 items-center justify-center rounded-6 bg-accent text-on-accent transition-colors hover:bg-accent-hover disabled:cursor-not-allowed disabled:opacity-55"
        >
          {editing ? (
            <Check className="size-5" aria-hidden />
          ) : (
            <SendHorizontal className="size-5" aria-hidden />
          )}
        </button>
      )}
    </>
  );
}
