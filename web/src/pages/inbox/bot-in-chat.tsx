import type { Chat } from '@patchbay/contract';
import { useQuery } from '@tanstack/react-query';
import { chatbotsQuery, conversationInChatQuery } from '../../api/chatbots.js';
import { chatbotWords as w } from '../../words/chatbot-words.js';
import { StateChoice } from '../chatbots/state-choice.js';
import { Part } from './details-part.js';

/** Who answers in this chat, where its account has a chatbot. */
export function BotInChat({ chat }: { chat: Chat }) {
  const { data } = useQuery(chatbotsQuery);
  const bot = data?.chatbots.find(({ sessionId }) => sessionId === chat.sessionId);
  return bot ? <Answering botId={bot.id} chatId={chat.id} /> : null;
}

function Answering({ botId, chatId }: { botId: string; chatId: string }) {
  const { data: conversation } = useQuery(conversationInChatQuery(botId, chatId));
  if (!conversation) return null;
  return (
    <Part title={w.inDetails}>
      <StateChoice conversation={conversation} label={w.whoAnswersHere} />
      {conversation.error && (
        <p className="mt-2 text-13 text-danger wrap-anywhere-soft">{w.error(conversation.error)}</p>
      )}
    </Part>
  );
}
