import type { Chat } from '@patchbay/contract';
import { useQuery } from '@tanstack/react-query';
import type { RefObject } from 'react';
import { meQuery } from '../../api/queries.js';
import type { ConversationHandle } from '../../conversation/conversation.js';
import { isUnread } from '../../live/inbox-lists.js';
import { type Shortcut, useShortcuts } from '../../shell/shortcuts.js';
import { inboxWords as words } from '../../words/inbox-words.js';
import { useChangeChat } from './use-change-chat.js';
import type { useReading } from './use-reading.js';
import type { RowCursor } from './use-row-cursor.js';

/** What the page can do, whoever asks for it: a button, a key, the palette. */
export interface InboxActions {
  toggleDetails: () => void;
  closeChat: () => void;
  newChat: () => void;
  writeNote: () => void;
  search: () => void;
  move: RowCursor['move'];
}

interface OpenChat {
  chat: Chat;
  reading: ReturnType<typeof useReading>;
  conversation: RefObject<ConversationHandle | null>;
}

/** The keys of the inbox, with a chat open or without. */
export function useInboxKeys(open: OpenChat | null, actions: InboxActions): void {
  const keys = words.keys;
  const forChat = useChatKeys(open, actions);
  const { move } = actions;
  useShortcuts(words.title, [
    { keys: 'j', label: keys.next, run: () => move(1) },
    { keys: 'k', label: keys.previous, run: () => move(-1) },
    { keys: '/', label: keys.search, run: actions.search },
    { keys: 'c', label: keys.newChat, run: actions.newChat },
    ...forChat,
  ]);
}

function useChatKeys(open: OpenChat | null, actions: InboxActions): Shortcut[] {
  const me = useQuery(meQuery).data?.userId ?? null;
  const changes = useChangeChat();
  if (!open) return [];
  const { chat, reading, conversation } = open;
  const change = changes(chat);
  const keys = words.keys;
  const toggleUnread = () => {
    const unread = isUnread(chat);
    if (!unread) reading.leaveUnread();
    void change.set({ unread: !unread }, { markedUnread: !unread, unreadCount: 0 });
  };
  return [
    { keys: 'r', label: keys.reply, run: () => conversation.current?.focus() },
    {
      keys: 'e',
      label: keys.resolve,
      run: () => void change.setStatus(chat.status === 'resolved' ? 'open' : 'resolved'),
    },
    {
      keys: 'a',
      label: keys.assign,
      run: () => void change.assign(chat.assigneeId === me ? null : me),
    },
    { keys: 'n', label: keys.note, run: actions.writeNote },
    { keys: 'u', label: keys.unread, run: toggleUnread },
    { keys: 'i', label: keys.details, run: actions.toggleDetails },
    {
      keys: 'Escape',
      label: keys.close,
      whileWriting: true,
      run: () => leave(actions),
    },
  ];
}

/** Out of what is written in to the row of the chat; from there out of the chat. */
function leave({ move, closeChat }: InboxActions): void {
  const inList = document.activeElement?.matches('[data-chat]');
  const listShown = document.querySelector('[data-chat]')?.checkVisibility();
  if (inList || !listShown) closeChat();
  else move(0);
}
