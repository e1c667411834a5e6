import type { Message, SendContent, Session } from '@patchbay/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { ChevronDown, Info, MessageSquareText, X } from 'lucide-react';
import { useRef, useState } from 'react';
import { toast } from 'sonner';
import { sendContent } from '../../api/commands.js';
import { chatsQuery, messagesQuery } from '../../api/queries.js';
import { messageOf } from '../../api/request.js';
import { ChatPicker } from '../../conversation/chat-picker.js';
import { GroupInfo } from '../../conversation/group-info.js';
import { ActsContext, type MessageActs } from '../../conversation/kinds/act.js';
import { OlderOnPhone } from '../../conversation/older-on-phone.js';
import { type Recipient, SendBox } from '../../conversation/send-box.js';
import { Thread } from '../../conversation/thread.js';
import { useSend } from '../../conversation/use-send.js';
import { formatPhone } from '../../format/phone.js';
import { IconButton } from '../../ui/button.js';
import { Bone, ErrorNotice, Notice } from '../../ui/states.js';
import { words } from '../../words/words.js';

/** Recent messages of all chats or of one, and the box to write in. */
export function MessagesPanel({ session }: { session: Session }) {
  const { chat = null } = useSearch({ from: '/signed-in/accounts/$accountId' });
  const navigate = useNavigate({ from: '/accounts/$accountId' });
  const query = useInfiniteQuery(messagesQuery(session.id, chat));
  const chatList = useQuery(chatsQuery(session.id)).data?.chats ?? [];
  const chats = new Map(chatList.map((each) => [each.id, each]));
  const { send, pending } = useSend(session.id);
  const [chosen, setChosen] = useState<Recipient | null>(null);
  const [quote, setQuote] = useState<Message | null>(null);
  const [showsGroup, setShowsGroup] = useState(false);
  const [editing, setEditing] = useState<Message | null>(null);
  const connected = session.state.status === 'connected';
  const box = useRef<{ focus(): void }>(null);

  const messages = query.data?.pages.toReversed().flatMap((page) => page.messages) ?? [];
  const recipientOf = (chatId: string): Recipient => ({
    chatId,
    label:
      chats.get(chatId)?.name ?? (/^\d+$/.test(chatId) ? formatPhone(chatId) : words.messages.chat),
  });
  // Among several chats a person chooses; a guess would sooner or later write to the wrong one.
  const recipient = chosen ?? (chat ? recipientOf(chat) : null);

  const show = (chatId: string | null) => {
    setChosen(null);
    setQuote(null);
    setEditing(null);
    void navigate({ search: (search) => ({ ...search, chat: chatId ?? undefined }) });
  };
  const act = (message: Message, content: SendContent) => {
    sendContent(session.id, { chatId: message.chatId, content }).catch((error: unknown) =>
      toast.error(messageOf(error)),
    );
  };
  const turnTo = (message: Message, edit: boolean) => {
    setChosen(recipientOf(message.chatId));
    setQuote(edit ? null : message);
    setEditing(edit ? message : null);
    box.current?.focus();
  };
  const acts: MessageActs = {
    connected,
    act,
    reply: (message) => turnTo(message, false),
    edit: (message) => turnTo(message, true),
  };
  const name = chat ? recipientOf(chat).label : words.messages.allChats;
  return (
    <section aria-label={words.messages.label} className="flex min-h-0 flex-1 flex-col">
      <div className="flex h-12 shrink-0 items-center border-b border-line px-2 sm:px-3">
        <ChatPicker
          chats={chatList}
          first={{ chatId: null, label: words.messages.allChats }}
          onChoose={(choice) => show(choice.chatId)}
          trigger={
            <button
              type="button"
              className="flex h-10 min-w-0 items-center gap-1.5 rounded-6 px-2 font-medium hover:bg-sunken"
            >
              <span className="truncate" dir="auto">
                {name}
              </span>
              <ChevronDown className="size-4 shrink-0 text-soft" aria-hidden />
            </button>
          }
        />
        {chat && chats.get(chat)?.isGroup && (
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
      {query.isPending ? (
        <LoadingThread />
      ) : query.error && !query.data ? (
        <ErrorNotice
          error={query.error}
          retry={() => void query.refetch()}
          className="flex-1 py-10"
        />
      ) : messages.length + pending.length === 0 ? (
        <div className="flex min-h-0 flex-1 items-center overflow-y-auto py-8">
          <Notice
            icon={<MessageSquareText className="size-6" aria-hidden />}
            title={words.messages.emptyTitle}
            text={session.phone ? words.messages.emptyText : words.messages.emptyWaiting}
          />
        </div>
      ) : (
        <ActsContext value={acts}>
          <Thread
            key={chat ?? ''}
            messages={messages}
            pending={pending.filter((each) => !chat || each.message.chatId === chat)}
            chats={chats}
            mixed={!chat}
            older={{
              exists: query.hasNextPage,
              loading: query.isFetchingNextPage,
              load: query.fetchNextPage,
            }}
            beginning={
              chat &&
              connected &&
              messages.length > 0 && <OlderOnPhone sessionId={session.id} chatId={chat} />
            }
            onShowChat={show}
            onRetry={(message) =>
              send({ chatId: message.chatId, text: message.content, at: new Date().toISOString() })
            }
          />
        </ActsContext>
      )}
      <SendBox
        ref={box}
        sessionId={session.id}
        chats={chatList}
        recipient={recipient}
        quote={quote?.chatId === recipient?.chatId ? quote : null}
        editing={editing?.chatId === recipient?.chatId ? editing : null}
        blocked={connected ? null : words.send.notConnected}
        onRecipient={(next) => {
          setChosen(next);
          box.current?.focus();
        }}
        onQuoteEnd={() => {
          setQuote(null);
          setEditing(null);
        }}
        onEdit={(message, text) => act(message, { type: 'edit', targetId: message.id, text })}
        onSend={send}
      />
    </section>
  );
}

function LoadingThread() {
  return (
    <div
      role="status"
      aria-label={words.messages.loading}
      className="flex min-h-0 flex-1 flex-col justify-end gap-2 overflow-hidden p-4"
    >
      <Bone className="h-9 w-56" />
      <Bone className="h-9 w-72 self-end" />
      <Bone className="h-14 w-64" />
      <Bone className="h-9 w-40 self-end" />
    </div>
  );
}
