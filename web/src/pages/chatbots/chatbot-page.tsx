import type { Chatbot } from '@patchbay/contract';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Ellipsis } from 'lucide-react';
import { accountName } from '../../account-name.js';
import { chatbotQuery } from '../../api/chatbots.js';
import { sessionsQuery } from '../../api/queries.js';
import { IconButton } from '../../ui/button.js';
import { ItemPage } from '../../ui/item-page.js';
import { OnDemand } from '../../ui/on-demand.js';
import { Segments } from '../../ui/segments.js';
import { Bone } from '../../ui/states.js';
import { chatbotWords as w } from '../../words/chatbot-words.js';
import { ChatbotSign } from './chatbot-sign.js';
import { Conversations } from './conversations.js';
import { TryChatbot } from './try-chatbot.js';
import { Usage } from './usage.js';

type View = 'conversations' | 'test' | 'usage';

export function ChatbotPage() {
  const { chatbotId } = useParams({ from: '/signed-in/chatbots/$chatbotId' });
  const { view = 'conversations', show } = useSearch({ from: '/signed-in/chatbots/$chatbotId' });
  const navigate = useNavigate({ from: '/chatbots/$chatbotId' });
  const query = useQuery(chatbotQuery(chatbotId));
  return (
    <ItemPage
      list={{ to: '/chatbots', title: w.title, back: w.back }}
      name={(chatbot) => chatbot.name}
      query={query}
      loading={<LoadingHead />}
    >
      {(chatbot) => (
        <>
          <Head chatbot={chatbot} />
          <div className="mb-4 max-w-120">
            <Segments<View>
              label={w.views}
              value={view}
              options={[
                { value: 'conversations', label: w.conversations },
                { value: 'test', label: w.test },
                { value: 'usage', label: w.usage },
              ]}
              onChoose={(next) =>
                void navigate({
                  search: { view: next === 'conversations' ? undefined : next },
                  replace: true,
                })
              }
            />
          </div>
          {view === 'conversations' && <Conversations chatbot={chatbot} show={show} />}
          {view === 'test' && <TryChatbot chatbot={chatbot} />}
          {view === 'usage' && <Usage chatbot={chatbot} />}
        </>
      )}
    </ItemPage>
  );
}

function Head({ chatbot }: { chatbot: Chatbot }) {
  const { data } = useQuery(sessionsQuery);
  const account = data?.sessions.find(({ id }) => id === chatbot.sessionId);
  return (
    <header className="mt-1 mb-6 flex items-start gap-4">
      <div className="min-w-0 flex-1">
        <h1 className="text-20 font-semibold wrap-anywhere-soft" dir="auto">
          {chatbot.name}
        </h1>
        <p className="mb-2 text-soft wrap-anywhere-soft" dir="auto">
          {account ? accountName(account) : chatbot.sessionId} · {w.answersWith[chatbot.responder]}
          {account?.engine === 'remote' && ` · ${w.separateProcess}`}
        </p>
        <ChatbotSign chatbot={chatbot} />
      </div>
      <OnDemand
        trigger={
          <IconButton label={w.more}>
            <Ellipsis className="size-5" aria-hidden />
          </IconButton>
        }
        load={loadMenu}
        rest={{ chatbot }}
      />
    </header>
  );
}

const loadMenu = async () => (await import('./chatbot-menu-content.js')).ChatbotMenuContent;

function LoadingHead() {
  return (
    <div role="status" aria-label={w.loading} className="mt-2 mb-6 space-y-3">
      <Bone className="h-6 w-56 max-w-full" />
      <Bone className="h-4 w-72 max-w-full" />
      <Bone className="h-6 w-20 rounded-full" />
    </div>
  );
}
