import type { Chat, Message, SendContent, Session } from '@patchbay/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { MessageSquareText } from 'lucide-react';
import { useRef, useState } from 'react';
import { toast } from 'sonner';
import { sendContent } from '../api/commands.js';
import { messagesQuery } from '../api/queries.js';
import { messageOf } from '../api/request.js';
import { formatPhone } from '../format/phone.js';
import { Bone, ErrorNotice, Notice } from '../ui/states.js';
import { words } from '../words/words.js';
import { Composer } from './composer/composer.js';
import type { Recipient } from './composer/recipient-line.js';
import { ActsContext, type MessageActs } from './kinds/act.js';
import { OlderOnPhone } from './older-on-phone.js';
import { Thread } from './thread.js';
import { useSend } from './use-send.js';

interface ConversationProps {
  session: Session;
  /** The chat that is shown; null for the messages of all chats of the session. */
  chat: string | null;
  /** The chats of the session that are known: names, and whom one can write to. */
  chats: Chat[];
  onShowChat: (chatId: string) => void;
}

/** States in which no number stands behind the session, so that nothing could ever be sent. */
const NOT_LINKED: ReadonlySet<string> = new Set(['qr', 'pairing', 'logged_out']);

/** What was said, and the box to write in. */
export function Conversation({ session, chat, chats, onShowChat }: ConversationProps) {
  const query = useInfiniteQuery(messagesQuery(session.id, chat));
  const byId = new Map(chats.map((each) => [each.id, each]));
  const { send, pending } = useSend(session.id);
  const [chosen, setChosen] = useState<Recipient | null>(null);
  const [quote, setQuote] = useState<Message | null>(null);
  const [editing, setEditing] = useState<Message | null>(null);
  const connected = session.state.status === 'connected';
  const box = useRef<{ focus(): void }>(null);

  const messages = query.data?.pages.toReversed().flatMap((page) => page.messages) ?? [];
  const recipientOf = (chatId: string): Recipient => ({ chatId, label: chatLabel(byId, chatId) });
  // Among several chats a person chooses; a guess would sooner or later write to the wrong one.
  const recipient = chosen ?? (chat ? recipientOf(chat) : null);

  const act = (message: Message, content: SendContent) => {
    sendContent(session.id, { chatId: message.chatId, content }).catch((error: unknown) =>
      toast.error(messageOf(error)),
    );
  };
  const edit = async (message: Message, text: string, mentions: string[] | undefined) => {
    if (text === message.content) return true;
    const content: SendContent = { type: 'edit', targetId: message.id, text, mentions };
    try {
      await sendContent(session.id, { chatId: message.chatId, content });
      return true;
    } catch (error) {
      toast.error(messageOf(error));
      return false;
    }
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
  return (
    <>
      {query.isPending && pending.length === 0 ? (
        <LoadingThread />
      ) : query.error && !query.data && pending.length === 0 ? (
        <ErrorNotice
          error={query.error}
          retry={() => void query.refetch()}
          className="flex-1 py-10"
        />
      ) : messages.length + pending.length === 0 ? (
        <NoMessages waiting={!session.phone} />
      ) : (
        <ActsContext value={acts}>
          <Thread
            messages={messages}
            pending={pending.filter((each) => !chat || each.message.chatId === chat)}
            chats={byId}
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
            onShowChat={onShowChat}
            onRetry={(message) => send({ chatId: message.chatId, text: message.content })}
          />
        </ActsContext>
      )}
      <Composer
        ref={box}
        sessionId={session.id}
        chats={chats}
        recipient={recipient}
        choosesRecipient={!chat || recipient?.chatId !== chat}
        quote={quote?.chatId === recipient?.chatId ? quote : null}
        editing={editing?.chatId === recipient?.chatId ? editing : null}
        connected={connected}
        blocked={NOT_LINKED.has(session.state.status) ? words.send.notLinked : null}
        onRecipient={(next) => {
          setChosen(next);
          box.current?.focus();
        }}
        onQuoteEnd={() => {
          setQuote(null);
          setEditing(null);
        }}
        onEdit={edit}
        onSend={send}
      />
    </>
  );
}

/** How a chat is called while its own entry may not be known yet. */
export function chatLabel(chats: Map<string, Chat>, chatId: string): string {
  const name = chats.get(chatId)?.name;
  return name ?? (/^\d+$/.test(chatId) ? formatPhone(chatId) : words.messages.chat);
}

function NoMessages({ waiting }: { waiting: boolean }) {
  return (
    <div className="flex min-h-0 flex-1 items-center overflow-y-auto py-8">
      <Notice
        icon={<MessageSquareText className="size-6" aria-hidden />}
        title={words.messages.emptyTitle}
        text={waiting ? words.messages.emptyWaiting : words.messages.emptyText}
      />
    </div>
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
