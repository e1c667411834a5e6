import type { Message } from '@patchbay/contract';
import { Copy, Pencil, Pin, PinOff, Trash2 } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { Menu, MenuItem, MenuLine } from '../../ui/menu.js';
import type { Trigger } from '../../ui/on-demand.js';
import { messageWords as words } from '../../words/message-words.js';
import type { MessageActs } from './act.js';

const EMOJI = ['👍', '❤️', '😂', '😮', '🙏'];
const EDIT_WITHIN = 15 * 60_000;
const DELETE_WITHIN = 60 * 60 * 60_000;
const EDITABLE = ['text', 'image', 'video', 'document'];

interface ActMenuProps {
  message: Message;
  acts: MessageActs;
  trigger: Trigger;
}

/** What can be done with a message: react, edit, pin, copy, delete. */
export function ActMenu({ message, acts, trigger }: ActMenuProps) {
  const { id: targetId, fromMe, pinned } = message;
  const age = Date.now() - Date.parse(message.timestamp);
  const mine = message.reactions.find((reaction) => reaction.fromMe)?.emoji;
  const act = (content: Parameters<MessageActs['act']>[1]) => () => acts.act(message, content);
  return (
    <Menu trigger={trigger} align={fromMe ? 'end' : 'start'}>
      <div className="flex">
        {EMOJI.map((emoji) => (
          <DropdownMenu.Item
            key={emoji}
            aria-label={emoji === mine ? words.takeBack(emoji) : words.react(emoji)}
            onSelect={act({ type: 'reaction', targetId, emoji: emoji === mine ? '' : emoji })}
            className={`flex size-10 items-center justify-center rounded-6 text-20 outline-none data-highlighted:bg-sunken ${emoji === mine ? 'bg-accent-soft' : ''}`}
          >
            {emoji}
          </DropdownMenu.Item>
        ))}
      </div>
      <MenuLine />
      {fromMe && age < EDIT_WITHIN && EDITABLE.includes(message.type) && (
        <MenuItem
          icon={<Pencil className="size-4" aria-hidden />}
          onSelect={() => acts.edit(message)}
        >
          {words.edit}
        </MenuItem>
      )}
      <MenuItem
        icon={pinned ? <PinOff className="size-4" /> : <Pin className="size-4" aria-hidden />}
        onSelect={act({ type: 'pin', targetId, pinned: !pinned })}
      >
        {pinned ? words.unpin : words.pin}
      </MenuItem>
      {message.content && (
        <MenuItem
          icon={<Copy className="size-4" aria-hidden />}
          onSelect={() => void navigator.clipboard.writeText(message.content)}
        >
          {words.copy}
        </MenuItem>
      )}
      {fromMe && age < DELETE_WITHIN && (
        <MenuItem
          danger
          icon={<Trash2 className="size-4" aria-hidden />}
          onSelect={act({ type: 'revoke', targetId })}
        >
          {words.remove}
        </MenuItem>
      )}
    </Menu>
  );
}
