import type { Chatbot, Conversation, ConversationState } from '@patchbay/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { MessageSquareText, MessagesSquare } from 'lucide-react';
import { conversationsQuery } from '../../api/chatbots.js';
import { formatPhone } from '../../format/phone.js';
import { buttonClass } from '../../ui/button.js';
import { MoreButton } from '../../ui/more-button.js';
import { Segments } from '../../ui/segments.js';
import { Bone, ErrorNotice, Notice } from '../../ui/states.js';
import { When } from '../../ui/when.js';
import { chatbotWords as w } from '../../words/chatbot-words.js';
import { StateChoice } from './state-choice.js';

const ALL = 'all';

/** Conversations as they go on, with who answers in each. */
export function Conversations({
  chatbot,
  show,
}: {
  chatbot: Chatbot;
  show: ConversationState | undefined;
}) {
  const navigate = useNavigate({ from: '/chatbots/$chatbotId' });
  const query = useInfiniteQuery(conversationsQuery(chatbot.id, show));
  const found = query.data?.pages.flatMap((page) => page.conversations) ?? [];
  return (
    <section aria-label={w.conversations}>
      <div className="mb-3 max-w-120">
        <Segments
          label={w.filter}
          value={show ?? ALL}
          options={[
            { value: ALL, label: w.all },
            { value: 'bot', label: w.state.bot },
            { value: 'human', label: w.state.human },
            { value: 'closed', label: w.state.closed },
          ]}
          onChoose={(next) =>
            void navigate({
              search: { show: next === ALL ? undefined : (next as ConversationState) },
              replace: true,
            })
          }
        />
      </div>
      {query.isPending && <Loading />}
      {query.error && !query.data && (
        <ErrorNotice error={query.error} retry={() => void query.refetch()} className="py-12" />
      )}
      {query.data && found.length === 0 && (
        <Notice
          icon={<MessagesSquare className="size-6" aria-hidden />}
          title={w.noneTitle}
          text={w.noneText}
          className="py-16"
        />
      )}
      {found.length > 0 && (
        <ul
          aria-label={w.conversations}
          className="mb-3 divide-y divide-line rounded-10 border border-line bg-surface"
        >
          {found.map((conversation) => (
            <Row key={conversation.id} conversation={conversation} />
          ))}
        </ul>
      )}
      <MoreButton query={query}>{w.older}</MoreButton>
    </section>
  );
}

function Row({ conversation }: { conversation: Conversation }) {
  const { name, chatId, lastMessage, stateCause, state, error } = conversation;
  const phone = chatId.split('@')[0] ?? '';
  const shown = name ?? (chatId.endsWith('@s.whatsapp.net') ? formatPhone(phone) : w.testYou);
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex items-baseline gap-2">
          <span className="truncate font-medium" dir="auto">
            {shown}
          </span>
          <When at={conversation.lastMessageAt} className="shrink-0 text-13 text-soft" />
        </p>
        <p className="truncate text-soft" dir="auto">
          {lastMessage?.fromMe && w.us}
          {lastMessage?.content}
        </p>
        {stateCause && state === 'human' && (
          <p className="text-13 text-attention wrap-anywhere-soft">
            {w.cause[stateCause]}
            {error && `. ${w.error(error)}`}
          </p>
        )}
      </div>
      <div className="w-64 max-sm:w-full">
        <StateChoice conversation={conversation} label={w.whoAnswers(shown)} />
      </div>
      <Link
        to="/inbox"
        search={{ chat: `${conversation.sessionId}/${chatId}` }}
        className={buttonClass('quiet')}
      >
        <MessageSquareText className="size-4" aria-hidden />
        {w.openChat}
        <span className="sr-only">: {shown}</span>
      </Link>
    </li>
  );
}

function Loading() {
  return (
    <div role="status" aria-label={w.loadingConversations} className="space-y-4 pt-2">
      {['first', 'second', 'third'].map((key) => (
        <div key={key} className="space-y-2">
          <Bone className="h-4 w-40" />
          <Bone className="h-4 w-full max-w-120" />
        </div>
      ))}
    </div>
  );
}
