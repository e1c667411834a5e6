import type { GuardedFetch } from '../../../user-urls/guarded-fetch.js';
import type { ChatbotRow, ChatbotStore } from '../chatbot-store.js';
import { completeChat } from './chat-completions.js';
import type { Answer, Asked } from './responder.js';
import { callResponder } from './webhook-responder.js';

/** Asks who answers for a chatbot. */
export class Responders {
  constructor(
    private readonly chatbots: ChatbotStore,
    private readonly guarded: GuardedFetch,
  ) {}

  /** @throws {NoAnswer}, UrlRefused, the connection's error, or the signal's reason */
  async answer(bot: ChatbotRow, asked: Asked, signal: AbortSignal): Promise<Answer> {
    if (bot.responder === 'ai') {
      const settings = this.chatbots.aiOf(bot);
      return await completeChat(this.guarded, settings, this.chatbots.apiKeyOf(bot), asked, signal);
    }
    const call = { url: bot.webhook_url ?? '', secret: this.chatbots.webhookSecretOf(bot) };
    return await callResponder(this.guarded, call, asked, signal);
  }
}
