/** Chatbots, their conversations and what they spent. */

export interface ChatbotTables {
  /** Owner: consumers/chatbots. */
  chatbots: {
    id: string;
    owner_id: string;
    session_id: string;
    name: string;
    enabled: number;
    responder: 'none' | 'ai' | 'webhook';
    /** JSON: what an `ai` answers with, but for its key. */
    ai: string;
    webhook_url: string | null;
    quiet_ms: number;
    /** Sealed. */
    api_key: Uint8Array | null;
    /** Sealed. */
    webhook_secret: Uint8Array;
    /** It reads what comes after this position of the log. */
    begins_at: number;
    /** What it did about events up to here is a fact, and not done again when the log is replayed. */
    decided_to: number;
    created_at: number;
    updated_at: number;
  };

  /** Owner: consumers/chatbots. Who answers in which chat; `id` follows from chatbot and chat. */
  chatbot_conversations: {
    id: string;
    chatbot_id: string;
    session_id: string;
    chat_id: string;
    state: 'bot' | 'human' | 'closed';
    state_cause: string | null;
    state_at: number | null;
    last_message_at: number;
    error: string | null;
  };

  /** Owner: consumers/chatbots. Derived from the log. */
  chatbot_messages: {
    chatbot_id: string;
    conversation_id: string;
    id: string;
    by: 'contact' | 'bot' | 'human';
    content: string;
    at: number;
    /** Of its event in the log. */
    position: number;
  };

  /** Owner: consumers/chatbots. What a contact asked, and what became of it. */
  chatbot_questions: {
    chatbot_id: string;
    conversation_id: string;
    message_id: string;
    position: number;
    asked_at: number;
    outcome: 'open' | 'answered' | 'silent' | 'failed';
    /** The message that answers it, perhaps together with others. */
    answer_id: string | null;
    decided_at: number | null;
  };

  /** Owner: consumers/chatbots. Of a day in UTC. */
  chatbot_usage: {
    chatbot_id: string;
    day: string;
    answers: number;
    failures: number;
    tokens_in: number;
    tokens_out: number;
  };
}
