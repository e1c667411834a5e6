import type { Chatbot } from '@patchbay/contract';
import { useMutation } from '@tanstack/react-query';
import clsx from 'clsx';
import { SendHorizontal } from 'lucide-react';
import { useState } from 'react';
import { testChatbot } from '../../api/chatbots.js';
import { messageOf } from '../../api/request.js';
import { Button } from '../../ui/button.js';
import { inputClass } from '../../ui/field.js';
import { chatbotWords as w } from '../../words/chatbot-words.js';

interface Turn {
  by: 'contact' | 'bot';
  content: string;
  /** Of the chatbot: how long it took and what it cost. */
  note?: string;
}

/** A chat with the chatbot that is not on WhatsApp. */
export function TryChatbot({ chatbot }: { chatbot: Chatbot }) {
  const [turns, setTurns] = useState<Turn[]>([]);
  const [typed, setTyped] = useState('');
  const ask = useMutation({
    mutationFn: (message: string) =>
      testChatbot(chatbot.id, {
        message,
        history: turns.slice(-100).map(({ by, content }) => ({ by, content })),
      }),
    onSuccess: ({ content, durationMs, tokensIn, tokensOut }, message) => {
      const note = w.testTook(durationMs, tokensIn + tokensOut);
      const answer: Turn = { by: 'bot', content: content ?? w.testSilent, note };
      setTurns((before) => [...before, { by: 'contact', content: message }, answer]);
      setTyped('');
    },
  });
  return (
    <section aria-label={w.test} className="max-w-160">
      <p className="mb-3 text-soft">{w.testText}</p>
      <ol aria-live="polite" className="mb-3 flex flex-col gap-2">
        {turns.map((turn, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: turns are only added at the end
          <Said key={index} turn={turn} />
        ))}
        {ask.isPending && <Said turn={{ by: 'contact', content: ask.variables }} />}
      </ol>
      {ask.error && (
        <p role="alert" className="mb-2 text-danger wrap-anywhere-soft">
          {messageOf(ask.error)}
        </p>
      )}
      <form
        className="flex gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.trim()) ask.mutate(typed.trim());
        }}
      >
        <input
          aria-label={w.testPlaceholder}
          placeholder={w.testPlaceholder}
          maxLength={10_000}
          autoComplete="off"
          dir="auto"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          className={inputClass}
        />
        <Button
          type="submit"
          look="primary"
          busy={ask.isPending}
          icon={<SendHorizontal className="size-4" aria-hidden />}
        >
          {w.testSend}
        </Button>
      </form>
      {turns.length > 0 && (
        <Button look="quiet" className="mt-2" onClick={() => setTurns([])}>
          {w.testAgain}
        </Button>
      )}
    </section>
  );
}

function Said({ turn: { by, content, note } }: { turn: Turn }) {
  const isBot = by === 'bot';
  return (
    <li className={clsx('flex flex-col', isBot ? 'items-start' : 'items-end')}>
      <span className="sr-only">{isBot ? w.testBot : w.testYou}</span>
      <p
        dir="auto"
        className={clsx(
          'max-w-[85%] rounded-10 px-3 py-2 whitespace-pre-line wrap-anywhere-soft',
          isBot ? 'bg-sunken' : 'bg-accent-soft text-accent-text',
        )}
      >
        {content}
      </p>
      {note && <span className="mt-0.5 text-12 text-soft nums">{note}</span>}
    </li>
  );
}
