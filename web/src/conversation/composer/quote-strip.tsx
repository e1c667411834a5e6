import type { Message } from '@patchbay/contract';
import { X } from 'lucide-react';
import { withNames } from '../../format/called.js';
import { IconButton } from '../../ui/button.js';
import { messageWords } from '../../words/message-words.js';
import { words } from '../../words/words.js';
import { useChatScope } from '../chat-scope.js';

/** Above the field: the message that is answered, or changed. */
export function QuoteStrip(props: { message: Message; label?: string; onEnd: () => void }) {
  const { message, label, onEnd } = props;
  const { nameOf } = useChatScope();
  const author = message.fromMe
    ? words.messages.you
    : (message.senderName ?? nameOf(message.senderJid ?? ''));
  return (
    <div className="mb-2 flex items-center gap-2 rounded-6 border-s-3 border-accent bg-sunken ps-3">
      <div className="min-w-0 flex-1 py-1.5 text-13">
        <p className="truncate font-semibold text-accent-text" dir="auto">
          {label ?? author}
        </p>
        <p className="line-clamp-2 text-soft wrap-anywhere-soft" dir="auto">
          {withNames(message.content, message.mentionNames) || words.kinds[message.type]}
        </p>
      </div>
      <IconButton label={label ? messageWords.stopEditing : words.send.cancelQuote} onClick={onEnd}>
        <X className="size-4" aria-hidden />
      </IconButton>
    </div>
  );
}
