import { ALargeSmall, Check, Paperclip, SendHorizontal, Smile } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from '../../ui/button.js';
import { messageWords } from '../../words/message-words.js';
import { words } from '../../words/words.js';
import { changeComposerSettings, useComposerSettings } from './settings.js';
import type { Voice } from './use-voice.js';
import { MicButton } from './voice-bar.js';

interface ComposerBarProps {
  /** The field, between the buttons. */
  children: ReactNode;
  onAttach: () => void;
  onEmoji: () => void;
  emoji: boolean;
  canAttach: boolean;
  canSend: boolean;
  editing: boolean;
  /** Offered in place of sending while there is nothing to send. */
  voice: Voice | null;
  canRecord: boolean;
}

/** The field and the buttons around it. */
export function ComposerBar(props: ComposerBarProps) {
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
      {voice ? (
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
