import type { Chat, Session, Viewer } from '@patchbay/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Eye } from 'lucide-react';
import { lazy, type RefObject, Suspense, useCallback, useMemo, useState } from 'react';
import { accountName } from '../../account-name.js';
import { meQuery } from '../../api/queries.js';
import type { ConversationHandle } from '../../conversation/conversation.js';
import { LoadingThread } from '../../conversation/loading-thread.js';
import { useViewers } from '../../live/viewers.js';
import { inboxWords as words } from '../../words/inbox-words.js';
import { AnswerFrom } from './answer-from.js';
import { ChatHeader } from './chat-header.js';
import { chatKey } from './inbox-search.js';
import type { useReading } from './use-reading.js';

const load = () => import('../../conversation/conversation.js');
const Conversation = lazy(async () => ({ default: (await load()).Conversation }));

/** Fetches the code of conversations before the first one is opened. */
export function expectConversation(): void {
  load().then(
    ({ expectComposer }) => expectComposer(),
    () => undefined,
  );
}

interface ChatPaneProps {
  chat: Chat;
  session: Session;
  message: string | undefined;
  detailsShown: boolean;
  onDetails: () => void;
  onBack: () => void;
  reading: ReturnType<typeof useReading>;
  conversation: RefObject<ConversationHandle | null>;
}

/** A chat: who it is, what was said, what to answer. */
export function ChatPane(props: ChatPaneProps) {
  const { chat, session, message, conversation } = props;
  const navigate = useNavigate({ from: '/inbox' });
  // Reading takes the count away; the line in the thread stays where it was when it was opened.
  const [unread] = useState(chat.unreadCount);
  const chats = useMemo(() => [chat], [chat]);
  const show = useCallback(
    (chatId: string, at?: string) =>
      void navigate({
        search: (search) => ({
          ...search,
          chat: chatKey({ sessionId: session.id, chatId }),
          message: at,
        }),
      }),
    [navigate, session.id],
  );
  return (
    <>
      <ChatHeader {...props} />
      {session.state.status !== 'connected' && <NotConnected session={session} />}
      <OthersHere chat={chat} />
      <Suspense fallback={<LoadingThread />}>
        <Conversation
          ref={conversation}
          session={session}
          chat={chat.id}
          chats={chats}
          message={message}
          unread={unread}
          onShow={show}
          from={<AnswerFrom chat={chat} session={session} />}
        />
      </Suspense>
    </>
  );
}

/** Who else of the team has this open or writes an answer: so that nobody answers twice. */
function OthersHere({ chat }: { chat: Chat }) {
  const me = useQuery(meQuery).data?.userId;
  const others = useViewers(chat.sessionId, chat.id).filter(({ userId }) => userId !== me);
  if (others.length === 0) return null;
  const names = (of: Viewer[]) => of.map(({ name }) => name ?? words.someoneElse).join(', ');
  const typing = others.filter((viewer) => viewer.typing);
  return (
    <p
      role="status"
      className="flex min-h-8 shrink-0 items-center gap-2 border-b border-line bg-waiting-soft px-4 py-1 text-13 text-waiting"
    >
      <Eye className="size-4 shrink-0" aria-hidden />
      <span className="truncate" dir="auto">
        {typing.length > 0
          ? words.writing(names(typing))
          : (others.length > 1 ? words.viewingMany : words.viewing)(names(others))}
      </span>
    </p>
  );
}

function NotConnected({ session }: { session: Session }) {
  return (
    <p
      role="status"
      className="flex min-h-9 shrink-0 flex-wrap items-center gap-x-2 border-b border-line bg-attention-soft px-4 py-1 text-13 text-attention"
    >
      {words.notConnected(accountName(session))}
      <Link
        to="/accounts/$accountId"
        params={{ accountId: session.id }}
        className="font-medium underline underline-offset-2"
      >
        {words.seeAccount}
      </Link>
    </p>
  );
}
