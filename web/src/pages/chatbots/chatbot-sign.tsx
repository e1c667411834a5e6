import type { Chatbot } from '@patchbay/contract';
import clsx from 'clsx';
import { chatbotWords as w } from '../../words/chatbot-words.js';

/** Whether a chatbot answers at the moment. */
export function ChatbotSign({ chatbot }: { chatbot: Chatbot }) {
  const answers = chatbot.enabled && chatbot.responder !== 'none';
  return (
    <span
      className={clsx(
        'inline-flex h-6 shrink-0 items-center rounded-full px-2.5 text-13 font-medium whitespace-nowrap',
        answers ? 'bg-ok-soft text-ok' : 'bg-neutral-soft text-neutral',
      )}
    >
      {answers ? w.on : w.off}
    </span>
  );
}
