/** Names of what pages keep of chatbots. */
export const chatbotKeys = {
  list: ['chatbots', 'list'] as const,
  one: (id: string) => ['chatbots', 'one', id] as const,
  usage: (id: string) => ['chatbots', 'usage', id] as const,
  conversations: ['chatbots', 'conversations'] as const,
};
