import type { Message } from '@patchbay/contract';
import { OnDemand } from '../../ui/on-demand.js';
import { messageWords } from '../../words/message-words.js';
import { words } from '../../words/words.js';
import { useChatScope } from '../chat-scope.js';
import type { MessageActs } from './act.js';

interface ReactionsProps {
  message: Message;
  acts: MessageActs | null;
}

/** Below a bubble's edge: what others made of it; a press tells who. */
export function Reactions({ message, acts }: ReactionsProps) {
  const { nameOf } = useChatScope();
  const { reactions } = message;
  if (reactions.length === 0) return null;
  const given = new Map<string, number>();
  for (const { emoji } of reactions) given.set(emoji, (given.get(emoji) ?? 0) + 1);
  const who = reactions.map(({ emoji, fromMe, senderJid }) => {
    return `${emoji} ${fromMe ? words.messages.you : nameOf(senderJid)}`;
  });
  return (
    <div className="z-1 -mt-1.5 mb-0.5 px-2">
      <OnDemand
        load={load}
        rest={{ message, acts }}
        trigger={
          <button
            type="button"
            title={who.join(', ')}
            aria-label={messageWords.reactions(who.join(', '))}
            className="flex min-h-6 items-center gap-1.5 rounded-full border border-line bg-surface px-2 text-13 shadow-1 hover:bg-sunken nums"
          >
            {[...given].map(([emoji, count]) => (
              <span key={emoji}>
                {emoji}
                {count > 1 && <span className="ml-0.5 text-soft">{count}</span>}
              </span>
            ))}
          </button>
        }
      />
    </div>
  );
}

const load = async () => (await import('./reaction-menu.js')).ReactionMenu;
