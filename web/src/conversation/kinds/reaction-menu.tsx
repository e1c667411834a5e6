import type { Message } from '@patchbay/contract';
import { Menu, MenuItem } from '../../ui/menu.js';
import type { Trigger } from '../../ui/on-demand.js';
import { messageWords } from '../../words/message-words.js';
import { words } from '../../words/words.js';
import { useChatScope } from '../chat-scope.js';
import type { MessageActs } from './act.js';

interface ReactionMenuProps {
  message: Message;
  acts: MessageActs | null;
  trigger: Trigger;
}

/** Who reacted with what; the own reaction is taken back here. */
export function ReactionMenu({ message, acts, trigger }: ReactionMenuProps) {
  const { nameOf } = useChatScope();
  const takeBack = () => acts?.act(message, { type: 'reaction', targetId: message.id, emoji: '' });
  return (
    <Menu trigger={trigger} align="start">
      {message.reactions.map(({ emoji, fromMe, senderJid }) => (
        <MenuItem
          key={senderJid}
          icon={<span className="text-16">{emoji}</span>}
          onSelect={fromMe && acts?.connected ? takeBack : undefined}
        >
          <span className="min-w-0">
            <span className="block truncate" dir="auto">
              {fromMe ? words.messages.you : nameOf(senderJid)}
            </span>
            {fromMe && acts?.connected && (
              <span className="block text-12 text-soft">{messageWords.pressToTakeBack}</span>
            )}
          </span>
        </MenuItem>
      ))}
    </Menu>
  );
}
