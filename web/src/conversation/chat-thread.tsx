import type { Chat, Message, Session } from '@patchbay/contract';
import { MessageSquareText, SearchX } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import { ApiError } from '../api/request.js';
import { Button } from '../ui/button.js';
import { ErrorNotice, Notice } from '../ui/states.js';
import { words } from '../words/words.js';
import { ActsContext, useActs } from './kinds/act.js';
import { LoadingThread } from './loading-thread.js';
import { OlderOnPhone } from './older-on-phone.js';
import type { PendingSend } from './sending/unsent.js';
import { Thread } from './thread.js';
import { firstUnread } from './thread-rows.js';
import { useMessages } from './use-messages.js';

interface ChatThreadProps {
  session: Session;
  chat: string | null;
  chats: Map<string, Chat>;
  message: string | undefined;
  unread: number;
  pending: PendingSend[];
  onShow: (chatId: string, message?: string) => void;
  onRetry: (message: Message) => void;
}

/** The thread of a chat in all its states: loading, failed, empty, full. */
export function ChatThread(props: ChatThreadProps) {
  const { session, chat, chats, message, unread, onShow } = props;
  const { query, messages, notes, older, newer, toNewest } = useMessages(session.id, chat, {
    around: message,
    unread,
  });
  const [target, setTarget] = useState(message ? { id: message } : null);
  const acts = useActs();
  const known = useRef(messages);
  known.current = messages;
  const pending = useMemo(
    () => props.pending.filter((each) => !chat || each.message.chatId === chat),
    [props.pending, chat],
  );
  const unreadFrom = useUnreadFrom(messages, message ? 0 : unread);
  // What is held already is scrolled to; anything else is a place of its own.
  const withJump = useMemo(
    () =>
      acts && {
        ...acts,
        jump: (to: Pick<Message, 'id' | 'chatId'>) =>
          known.current.some(({ id }) => id === to.id) ? setTarget({ id: to.id }) : acts.jump(to),
      },
    [acts],
  );
  const latest = () => {
    if (message && chat) onShow(chat);
    else void toNewest();
  };

  if (query.isPending && pending.length === 0) return <LoadingThread />;
  if (query.error && !query.data && pending.length === 0) {
    const gone = query.error instanceof ApiError && query.error.code === 'message_not_found';
    if (gone && chat) return <Gone onLatest={() => onShow(chat)} />;
    const retry = () => void query.refetch();
    return <ErrorNotice error={query.error} retry={retry} className="flex-1 py-10" />;
  }
  if (messages.length + pending.length === 0) return <NoMessages waiting={!session.phone} />;
  const onPhone = chat && session.state.status === 'connected' && messages.length > 0;
  return (
    <ActsContext value={withJump}>
      <Thread
        messages={messages}
        notes={notes}
        pending={pending}
        chats={chats}
        mixed={!chat}
        older={older}
        newer={newer}
        beginning={onPhone && <OlderOnPhone sessionId={session.id} chatId={chat} />}
        unreadFrom={unreadFrom}
        target={target}
        onLatest={latest}
        onRetry={props.onRetry}
        onShowChat={onShow}
      />
    </ActsContext>
  );
}

/** Stays as it was when the chat was opened: reading it takes the count away, but not the line. */
function useUnreadFrom(messages: Message[], count: number): string | undefined {
  const found = useRef<string | undefined>(undefined);
  const looked = useRef(false);
  if (!looked.current && messages.length > 0) {
    looked.current = true;
    found.current = firstUnread(messages, count);
  }
  return found.current;
}

function Gone({ onLatest }: { onLatest: () => void }) {
  return (
    <div className="flex min-h-0 flex-1 items-center overflow-y-auto py-8">
      <Notice icon={<SearchX className="size-6" aria-hidden />} title={words.messages.notHere}>
        <Button onClick={onLatest}>{words.messages.latest}</Button>
      </Notice>
    </div>
  );
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
