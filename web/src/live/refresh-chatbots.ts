import type { LogEvent } from '@patchbay/contract';
import type { QueryClient } from '@tanstack/react-query';
import { chatbotKeys } from '../api/chatbot-keys.js';

/** A message is part of its conversation a moment after it is told (ms). */
const AFTER = 400;

let soon: ReturnType<typeof setTimeout> | undefined;

/** Asks again for the conversations of chatbots that are shown, where an event may change them. */
export function refreshChatbots(cache: QueryClient, { name }: LogEvent): void {
  if (name !== 'chatbot.conversation' && name !== 'session.message') return;
  if (soon) return;
  soon = setTimeout(() => {
    soon = undefined;
    void cache.invalidateQueries({ queryKey: chatbotKeys.conversations });
  }, AFTER);
}
