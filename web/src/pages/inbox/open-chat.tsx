import type { Chat, Session } from '@patchbay/contract';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import clsx from 'clsx';
import { MessagesSquare, SearchX } from 'lucide-react';
import type { RefObject } from 'react';
import { chatQuery } from '../../api/inbox.js';
import { ApiError } from '../../api/request.js';
import type { ConversationHandle } from '../../conversation/conversation.js';
import { findChat } from '../../live/apply-inbox.js';
import { Button } from '../../ui/button.js';
import { Bone, ErrorNotice, Notice } from '../../ui/states.js';
import { inboxWords as words } from '../../words/inbox-words.js';
import { ChatPane } from './chat-pane.js';
import { DetailsPane } from './details-pane.js';
import type { ChatRef } from './inbox-search.js';
import { PaneDivider } from './pane-divider.js';
import { type InboxActions, useInboxKeys } from './use-inbox-keys.js';
import { usePresence } from './use-presence.js';
import { useReading } from './use-reading.js';

interface OpenChatProps {
  chatRef: ChatRef | null;
  message: string | undefined;
  accounts: Session[];
  phone: boolean;
  wide: boolean;
  details: {
    shown: boolean;
    width: number;
    least: number;
    most: number;
    onWidth: (width: number) => void;
  };
  conversation: RefObject<ConversationHandle | null>;
  actions: InboxActions;
}

/** The conversation and the details of the chat that is open, or what to do to open one. */
export function OpenChat(props: OpenChatProps) {
  const { chatRef } = props;
  return chatRef ? <Known {...props} chatRef={chatRef} /> : <NoneOpen {...props} />;
}

function NoneOpen({ phone, actions }: OpenChatProps) {
  useInboxKeys(null, actions);
  if (phone) return null;
  return (
    <div className="flex min-w-0 flex-1 items-center">
      <Notice
        icon={<MessagesSquare className="size-6" aria-hidden />}
        title={words.chooseTitle}
        text={words.chooseText}
      />
    </div>
  );
}

function Known(props: OpenChatProps & { chatRef: ChatRef }) {
  const { chatRef, accounts } = props;
  const cache = useQueryClient();
  const { sessionId, chatId } = chatRef;
  const { data, error, refetch } = useQuery({
    ...chatQuery(sessionId, chatId),
    placeholderData: () => findChat(cache, sessionId, chatId),
  });
  const session = accounts.find(({ id }) => id === sessionId);
  if (data && session) return <Panes {...props} chat={data} session={session} />;
  const gone = error instanceof ApiError && error.status === 404;
  if (gone || (data && !session && accounts.length > 0)) return <Gone {...props} />;
  if (error) {
    const retry = () => void refetch();
    return <ErrorNotice error={error} retry={retry} className="flex-1 self-center py-12" />;
  }
  return <LoadingChat />;
}

function Panes(props: OpenChatProps & { chat: Chat; session: Session }) {
  const { chat, session, message, phone, wide, details, conversation, actions } = props;
  const navigate = useNavigate({ from: '/inbox' });
  const reading = useReading(chat, session);
  const writes = usePresence(chat);
  useInboxKeys({ chat, reading, conversation }, actions);
  const closeDetails = () => {
    if (wide || phone) actions.toggleDetails();
    else void navigate({ search: (search) => ({ ...search, details: undefined }), replace: true });
  };
  return (
    <>
      <section
        aria-label={words.thread}
        onInput={writes}
        className={clsx(
          'relative flex min-h-0 min-w-0 flex-1 flex-col',
          phone && details.shown && 'hidden',
        )}
      >
        <ChatPane
          chat={chat}
          session={session}
          message={message}
          detailsShown={details.shown}
          onDetails={actions.toggleDetails}
          onBack={actions.closeChat}
          reading={reading}
          conversation={conversation}
        />
      </section>
      {details.shown && wide && (
        <PaneDivider
          label={words.resizeDetails}
          width={details.width}
          least={details.least}
          most={details.most}
          pane="after"
          onWidth={details.onWidth}
        />
      )}
      {details.shown && (
        <aside
          aria-label={words.details}
          style={wide ? { width: details.width } : undefined}
          className={clsx(
            'flex min-h-0 flex-col bg-surface',
            wide && 'shrink-0',
            phone && 'flex-1',
            !wide && !phone && 'absolute inset-y-0 right-0 z-3 w-90 border-l border-line shadow-3',
          )}
        >
          <DetailsPane chat={chat} session={session} onClose={closeDetails} />
        </aside>
      )}
    </>
  );
}

function Gone({ actions }: OpenChatProps) {
  useInboxKeys(null, actions);
  return (
    <div className="flex min-w-0 flex-1 items-center">
      <Notice
        icon={<SearchX className="size-6" aria-hidden />}
        title={words.goneTitle}
        text={words.goneText}
      >
        <Button onClick={actions.closeChat}>{words.back}</Button>
      </Notice>
    </div>
  );
}

function LoadingChat() {
  return (
    <div role="status" aria-label={words.loading} className="flex min-w-0 flex-1 flex-col">
      <div className="flex h-15 shrink-0 items-center gap-3 border-b border-line bg-surface px-4">
        <Bone className="size-10 rounded-full!" />
        <div className="space-y-2">
          <Bone className="h-3.5 w-40" />
          <Bone className="h-3 w-24" />
        </div>
      </div>
    </div>
  );
}
