import type { Message } from '@patchbay/contract';
import clsx from 'clsx';
import { Check } from 'lucide-react';
import { messageWords as words } from '../../words/message-words.js';
import { useActs } from './act.js';

/** The question, and a bar for each option; a press votes. */
export function PollCard({ message }: { message: Message }) {
  const acts = useActs();
  const { poll } = message;
  if (!poll) return null;
  const { options, ownVote, selectableCount } = poll;
  const most = Math.max(1, ...options.map(({ voters }) => voters.length));
  const toggle = (option: string) => {
    const without = ownVote.filter((each) => each !== option);
    const chosen = ownVote.includes(option) ? without : [...without, option];
    const kept = selectableCount > 0 ? chosen.slice(-selectableCount) : chosen;
    acts?.act(message, { type: 'poll_vote', targetId: message.id, options: kept });
  };
  return (
    <fieldset className="my-1 w-72 max-w-full">
      <legend className="font-semibold wrap-anywhere-soft" dir="auto">
        {poll.name}
      </legend>
      <p className="mb-1 text-12 text-soft">{hint(selectableCount)}</p>
      <ul className="flex flex-col gap-1">
        {options.map(({ name, voters }) => {
          const mine = ownVote.includes(name);
          return (
            <li key={name}>
              <button
                type="button"
                disabled={!acts?.connected}
                aria-pressed={mine}
                aria-label={`${words.vote(name)}, ${words.votes(voters.length)}`}
                onClick={() => toggle(name)}
                className="flex min-h-10 w-full items-center gap-2 rounded-6 px-1 text-left enabled:hover:bg-[color-mix(in_srgb,var(--text)_6%,transparent)]"
              >
                <span
                  aria-hidden
                  className={clsx(
                    'flex size-4.5 shrink-0 items-center justify-center border',
                    selectableCount === 1 ? 'rounded-full' : 'rounded-[4px]',
                    mine ? 'border-accent bg-accent text-on-accent' : 'border-control-line',
                  )}
                >
                  {mine && <Check className="size-3.5" />}
                </span>
                <span className="min-w-0 flex-1">
                  <span className="flex justify-between gap-3">
                    <span className="wrap-anywhere-soft" dir="auto">
                      {name}
                    </span>{' '}
                    <span className="text-13 text-soft nums">{voters.length}</span>
                  </span>
                  <progress
                    value={voters.length}
                    max={most}
                    aria-hidden
                    className="poll-bar mt-0.5 block h-1.5 w-full"
                  />
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </fieldset>
  );
}

function hint(selectableCount: number): string {
  if (selectableCount === 1) return words.chooseOne;
  return selectableCount === 0 ? words.chooseMany : words.chooseUpTo(selectableCount);
}
