import type {
  ChangeChatbot,
  Chatbot,
  ChatbotList,
  ChatbotUsage,
  Conversation,
  ConversationPage,
  ConversationState,
  CreateChatbot,
  CreatedChatbot,
  Done,
  TestChat,
  TestChatAnswer,
} from '@patchbay/contract';
import {
  type InfiniteData,
  infiniteQueryOptions,
  type QueryKey,
  queryOptions,
} from '@tanstack/react-query';
import { chatbotKeys } from './chatbot-keys.js';
import { ask } from './request.js';

const PER_PAGE = 30;
/** Tokens and errors change without being told of by the event stream (ms). */
const LOOK_EVERY = 10_000;

const chatbot = (id: string) => `/chatbots/${encodeURIComponent(id)}`;

export const chatbotsQuery = queryOptions({
  queryKey: chatbotKeys.list,
  queryFn: ({ signal }) => ask<ChatbotList>('/chatbots', { signal }),
});

export function chatbotQuery(id: string) {
  return queryOptions({
    queryKey: chatbotKeys.one(id),
    queryFn: ({ signal }) => ask<Chatbot>(chatbot(id), { signal }),
  });
}

/** First page = newest. */
export function conversationsQuery(id: string, state: ConversationState | undefined) {
  return infiniteQueryOptions<
    ConversationPage,
    Error,
    InfiniteData<ConversationPage, string | null>,
    QueryKey,
    string | null
  >({
    queryKey: [...chatbotKeys.conversations, id, state ?? null],
    queryFn: ({ pageParam, signal }) => {
      const params = new URLSearchParams({ limit: String(PER_PAGE) });
      if (state) params.set('state', state);
      if (pageParam) params.set('after', pageParam);
      return ask<ConversationPage>(`${chatbot(id)}/conversations?${params}`, { signal });
    },
    initialPageParam: null,
    getNextPageParam: (page) => page.after,
  });
}

/** The conversation of a chatbot in one chat; none before the contact has written. */
export function conversationInChatQuery(id: string, chatId: string) {
  return queryOptions({
    queryKey: [...chatbotKeys.conversations, id, 'in', chatId],
    queryFn: async ({ signal }) => {
      const path = `${chatbot(id)}/conversations?limit=1&chatId=${encodeURIComponent(chatId)}`;
      return (await ask<ConversationPage>(path, { signal })).conversations[0] ?? null;
    },
  });
}

export function usageQuery(id: string, days: number) {
  return queryOptions({
    queryKey: chatbotKeys.usage(id),
    queryFn: ({ signal }) => ask<ChatbotUsage>(`${chatbot(id)}/usage?days=${days}`, { signal }),
    refetchInterval: LOOK_EVERY,
  });
}

export const createChatbot = (body: CreateChatbot) =>
  ask<CreatedChatbot>('/chatbots', { method: 'POST', body });

export const changeChatbot = (id: string, body: ChangeChatbot) =>
  ask<Chatbot>(chatbot(id), { method: 'PATCH', body });

export const deleteChatbot = (id: string) => ask<Done>(chatbot(id), { method: 'DELETE' });

export const testChatbot = (id: string, body: TestChat) =>
  ask<TestChatAnswer>(`${chatbot(id)}/test`, { method: 'POST', body });

export const handOver = ({ chatbotId, id }: Conversation, state: ConversationState) =>
  ask<Conversation>(`${chatbot(chatbotId)}/conversations/${encodeURIComponent(id)}/state`, {
    method: 'PUT',
    body: { state },
  });
