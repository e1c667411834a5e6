import type { Chatbot } from '@patchbay/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Bot } from 'lucide-react';
import { accountName } from '../../account-name.js';
import { chatbotsQuery } from '../../api/chatbots.js';
import { sessionsQuery } from '../../api/queries.js';
import { AddButton } from '../../ui/add-button.js';
import { ListPage } from '../../ui/list-page.js';
import { chatbotWords as w } from '../../words/chatbot-words.js';
import { ChatbotForm } from './chatbot-form.js';
import { ChatbotSign } from './chatbot-sign.js';

export function ChatbotsPage() {
  const { add } = useSearch({ from: '/signed-in/chatbots' });
  const navigate = useNavigate({ from: '/chatbots' });
  const query = useQuery(chatbotsQuery);
  const { data: accounts } = useQuery(sessionsQuery);
  const setAdding = (adding: boolean) =>
    void navigate({ search: { add: adding || undefined }, replace: true });
  const hasAccount = (accounts?.sessions.length ?? 0) > 0;
  return (
    <ListPage
      title={w.title}
      label={w.list}
      loading={w.loading}
      query={query}
      items={query.data?.chatbots}
      add={<AddButton label={w.add} onClick={() => setAdding(true)} />}
      empty={{
        icon: <Bot className="size-6" aria-hidden />,
        title: w.emptyTitle,
        text: hasAccount ? w.emptyText : `${w.emptyText} ${w.needsAccount}`,
        add: hasAccount,
      }}
      card={(chatbot) => <ChatbotCard chatbot={chatbot} />}
    >
      {add && <ChatbotForm onClose={() => setAdding(false)} />}
    </ListPage>
  );
}

function ChatbotCard({ chatbot }: { chatbot: Chatbot }) {
  const { data } = useQuery(sessionsQuery);
  const account = data?.sessions.find(({ id }) => id === chatbot.sessionId);
  return (
    <Link
      to="/chatbots/$chatbotId"
      params={{ chatbotId: chatbot.id }}
      className="flex items-center gap-4 rounded-10 border border-line bg-surface p-4 transition-colors hover:border-control-line"
    >
      <span className="min-w-0 flex-1">
        <span className="block truncate font-semibold" dir="auto">
          {chatbot.name}
        </span>
        <span className="block truncate text-13 text-soft" dir="auto">
          {account ? accountName(account) : chatbot.sessionId} · {w.answersWith[chatbot.responder]}
        </span>
        {account?.engine === 'remote' && (
          <span className="block truncate text-13 text-soft">{w.separateProcess}</span>
        )}
      </span>
      <ChatbotSign chatbot={chatbot} />
    </Link>
  );
}
