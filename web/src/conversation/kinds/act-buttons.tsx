import type { Message } from '@patchbay/contract';
import { Ellipsis, Reply } from 'lucide-react';
import { OnDemand } from '../../ui/on-demand.js';
import { messageWords } from '../../words/message-words.js';
import { words } from '../../words/words.js';
import type { MessageActs } from './act.js';

const buttonClass =
  'flex size-10 shrink-0 items-center justify-center rounded-6 text-soft transition-opacity hover:text-text focus-visible:opacity-100 group-hover:opacity-100 aria-expanded:opacity-100 [@media(hover:hover)]:opacity-0';

/** Beside a bubble: reply, and a menu of the rest. */
export function ActButtons({ message, acts }: { message: Message; acts: MessageActs }) {
  const author = message.fromMe ? words.messages.you : (message.senderName ?? words.messages.chat);
  if (message.deleted) return null;
  return (
    <span className="flex shrink-0">
      <button
        type="button"
        onClick={() => acts.reply(message)}
        title={words.messages.reply}
        aria-label={words.messages.replyTo(author)}
        className={buttonClass}
      >
        <Reply className="size-4.5" aria-hidden />
      </button>
      {acts.connected && (
        <OnDemand
          load={async () => (await import('./act-menu.js')).ActMenu}
          rest={{ message, acts }}
          trigger={
            <button
              type="button"
              title={messageWords.actions}
              aria-label={messageWords.actions}
              className={buttonClass}
            >
              <Ellipsis className="size-4.5" aria-hidden />
            </button>
          }
        />
      )}
    </span>
  );
}
