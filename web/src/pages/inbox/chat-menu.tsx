import type { Chat } from '@patchbay/contract';
import {
  Archive,
  ArchiveRestore,
  Bell,
  BellOff,
  Info,
  Mail,
  MailOpen,
  Pin,
  PinOff,
} from 'lucide-react';
import { isUnread } from '../../live/inbox-lists.js';
import { Menu, MenuItem, MenuLine } from '../../ui/menu.js';
import type { Trigger } from '../../ui/on-demand.js';
import { inboxWords as words } from '../../words/inbox-words.js';
import { useChangeChat } from './use-change-chat.js';

interface ChatMenuProps {
  chat: Chat;
  onUnread: () => void;
  onDetails: () => void;
  trigger: Trigger;
}

/** What can be done with a chat, on the phone too. */
export function ChatMenu({ chat, onUnread, onDetails, trigger }: ChatMenuProps) {
  const change = useChangeChat()(chat);
  const { pinned, muted, archived } = chat;
  const unread = isUnread(chat);
  const toggleUnread = () => {
    if (!unread) onUnread();
    void change.set({ unread: !unread }, { markedUnread: !unread, unreadCount: 0 });
  };
  return (
    <Menu trigger={trigger}>
      <MenuItem
        icon={unread ? <MailOpen className="size-4.5" /> : <Mail className="size-4.5" />}
        onSelect={toggleUnread}
      >
        {unread ? words.read : words.markUnread}
      </MenuItem>
      <MenuItem
        icon={pinned ? <PinOff className="size-4.5" /> : <Pin className="size-4.5" />}
        onSelect={() => void change.set({ pinned: !pinned }, { pinned: !pinned })}
      >
        {pinned ? words.unpin : words.pin}
      </MenuItem>
      <MenuItem
        icon={muted ? <Bell className="size-4.5" /> : <BellOff className="size-4.5" />}
        onSelect={() => void change.set({ muted: !muted }, { muted: !muted, mutedUntil: null })}
      >
        {muted ? words.unmute : words.mute}
      </MenuItem>
      <MenuItem
        icon={archived ? <ArchiveRestore className="size-4.5" /> : <Archive className="size-4.5" />}
        onSelect={() => void change.set({ archived: !archived }, { archived: !archived })}
      >
        {archived ? words.unarchive : words.archive}
      </MenuItem>
      <MenuLine />
      <MenuItem icon={<Info className="size-4.5" />} onSelect={onDetails}>
        {words.details}
      </MenuItem>
    </Menu>
  );
}
