import type { Message, SendContent } from '@patchbay/contract';
import { createContext, useContext } from 'react';

/** What a person can do with the messages of a thread. */
export interface MessageActs {
  /** Whether anything can be sent at the moment. */
  connected: boolean;
  /** Sends a vote, a reaction, a deletion ... to the chat of a message. */
  act(message: Message, content: SendContent): void;
  reply(message: Message): void;
  edit(message: Message): void;
  /** Shows another message of the same chat. */
  jump(message: Pick<Message, 'id' | 'chatId'>): void;
}

export const ActsContext = createContext<MessageActs | null>(null);

export function useActs(): MessageActs | null {
  return useContext(ActsContext);
}
