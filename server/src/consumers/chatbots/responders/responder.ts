/** What is to be answered, and what was said before it. */
export interface Asked {
  chatbotId: string;
  conversationId: string;
  /** Null in a test chat, which is not on WhatsApp. */
  sessionId: string | null;
  chatId: string | null;
  /** Of the contact, where it is known. */
  name: string | null;
  /** What has no answer yet, oldest first; never empty. */
  questions: readonly { id: string; content: string; at: number }[];
  /** Oldest first. */
  history: readonly { by: 'contact' | 'bot' | 'human'; content: string }[];
}

export interface Answer {
  /** Null: it chose not to answer. */
  text: string | null;
  tokensIn: number;
  tokensOut: number;
}

/** The model or URL did not answer as it should. */
export class NoAnswer extends Error {
  constructor(
    message: string,
    /** False: asking again will not help. */
    readonly mayHelp: boolean,
  ) {
    super(message);
  }
}

/** Whether asking again after this HTTP status may help. */
export function mayHelp(status: number): boolean {
  return status === 408 || status === 409 || status === 429 || status >= 500;
}
