import type { Conversation, ConversationMessage, StateCause } from '@patchbay/contract';
import type { ConversationRow, SaidRow } from './conversation-store.js';

/** `last`: who spoke last and what, as `by:content`. */
export function toConversation(
  row: ConversationRow & { name: string | null; last: string | null },
): Conversation {
  const colon = row.last?.indexOf(':') ?? -1;
  return {
    id: row.id,
    chatbotId: row.chatbot_id,
    sessionId: row.session_id,
    chatId: row.chat_id,
    name: row.name,
    state: row.state,
    stateCause: row.state_cause as StateCause | null,
    stateAt: row.state_at === null ? null : new Date(row.state_at).toISOString(),
    lastMessageAt: new Date(row.last_message_at).toISOString(),
    lastMessage:
      row.last === null
        ? null
        : { content: row.last.slice(colon + 1), fromMe: row.last.slice(0, colon) !== 'contact' },
    error: row.error,
  };
}

export function messageView({ id, by, content, at }: SaidRow): ConversationMessage {
  return { id, by, content, timestamp: new Date(at).toISOString() };
}
