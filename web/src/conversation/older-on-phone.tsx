import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { askForHistory } from '../api/commands.js';
import { historyAnswerQuery } from '../api/queries.js';
import { messageOf } from '../api/request.js';
import { Button } from '../ui/button.js';
import { words } from '../words/words.js';

interface OlderOnPhoneProps {
  sessionId: string;
  chatId: string;
}

/** At the beginning of what is known of a chat: the phone may have more. */
export function OlderOnPhone({ sessionId, chatId }: OlderOnPhoneProps) {
  const [asked, setAsked] = useState<string | null>(null);
  const answer = useQuery(historyAnswerQuery(sessionId)).data;
  const ask = useMutation({
    mutationFn: () => askForHistory(sessionId, chatId),
    onSuccess: ({ requestId }) => setAsked(requestId),
    onError: (error) => toast.error(messageOf(error)),
  });
  const answered = answer?.requestId === asked && answer?.done ? answer : undefined;
  const waiting = asked !== null && !answered;
  return (
    <div className="flex justify-center pb-2 text-13 text-soft" aria-live="polite">
      {waiting ? (
        <p className="py-2">{words.messages.phoneAsked}</p>
      ) : answered?.messages === 0 ? (
        <p className="py-2">{words.messages.phoneHasNoMore}</p>
      ) : (
        <Button look="quiet" busy={ask.isPending} onClick={() => ask.mutate()}>
          {words.messages.askPhone}
        </Button>
      )}
    </div>
  );
}
