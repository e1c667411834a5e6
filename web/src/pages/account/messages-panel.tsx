import type { Session } from '@patchbay/contract';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { ChevronDown, Info, X } from 'lucide-react';
import { useState } from 'react';
import { chatsQuery } from '../../api/queries.js';
import { ChatPicker } from '../../conversation/chat-picker.js';
import { Conversation, chatLabel } from '../../conversation/conversation.js';
import { GroupInfo } from '../../conversation/group-info.js';
import { IconButton } from '../../ui/button.js';
import { words } from '../../words/words.js';

/** Recent messages of all chats or of one, and the box to write in. */
export function MessagesPanel({ session }: { session: Session }) {
  const { chat = null, message } = useSearch({ from: '/signed-in/accounts/$accountId' });
  const navigate = useNavigate({ from: '/accounts/$accountId' });
  const chats = useQuery(chatsQuery(session.id)).data?.chats ?? [];
  const byId = new Map(chats.map((each) => [each.id, each]));
  const [showsGroup, setShowsGroup] = useState(false);
  const show = (chatId: string | null, at?: string) =>
    void navigate({
      search: (search) => ({ ...search, chat: chatId ?? undefined, message: at }),
    });
  return (
    <section aria-label={words.messages.label} className="flex min-h-0 flex-1 flex-col">
      <div className="flex h-12 shrink-0 items-center border-b border-line px-2 sm:px-3">
        <ChatPicker
          chats={chats}
          first={{ chatId: null, label: words.messages.allChats }}
          onChoose={(choice) => show(choice.chatId)}
          trigger={
            <button
              type="button"
              className="flex h-10 min-w-0 items-center gap-1.5 rounded-6 px-2 font-medium hover:bg-sunken"
            >
              <span className="truncate" dir="auto">
                {chat ? chatLabel(byId, chat) : words.messages.allChats}
              </span>
              <ChevronDown className="size-4 shrink-0 text-soft" aria-hidden />
            </button>
          }
        />
        {chat && byId.get(chat)?.isGroup && (
          <IconButton label={words.group.title} onClick={() => setShowsGroup(true)}>
            <Info className="size-4" aria-hidden />
          </IconButton>
        )}
        {chat && (
          <IconButton label={words.messages.allChats} onClick={() => show(null)}>
            <X className="size-4" aria-hidden />
          </IconButton>
        )}
      </div>
      {chat && showsGroup && (
        <GroupInfo sessionId={session.id} groupId={chat} onClose={() => setShowsGroup(false)} />
      )}
      <Conversation
        key={chat ?? ''}
        session={session}
        chat={chat}
        chats={chats}
        message={message}
        onShow={show}
      />
    </section>
  );
}
