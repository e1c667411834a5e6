import type { Chat } from '@patchbay/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Check, Plus } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useState } from 'react';
import { toast } from 'sonner';
import { messageOf } from '../../api/request.js';
import { createLabel, labelsQuery, teamKeys } from '../../api/team.js';
import { folded } from '../../format/folded.js';
import { LabelDot, nextColour } from '../../ui/label-dot.js';
import type { Trigger } from '../../ui/on-demand.js';
import { inboxWords as words } from '../../words/inbox-words.js';
import { useChangeChat } from './use-change-chat.js';

const rowClass =
  'flex min-h-10 w-full items-center gap-2.5 rounded-6 px-2.5 text-left hover:bg-sunken';

/** Which of the team's labels a chat has; a name that is not there yet becomes a new one. */
export function LabelPicker({ chat, trigger }: { chat: Chat; trigger: Trigger }) {
  const cache = useQueryClient();
  const labels = useQuery(labelsQuery).data ?? [];
  const change = useChangeChat()(chat);
  const [typed, setTyped] = useState('');
  const wanted = typed.trim();
  const shown = labels.filter(({ name }) => folded(name).includes(folded(wanted)));
  const exists = labels.some(({ name }) => name.toLocaleLowerCase() === wanted.toLocaleLowerCase());
  const create = useMutation({
    mutationFn: (name: string) => createLabel({ name, color: nextColour(labels.length) }),
    onSuccess: (label) => {
      cache.setQueryData(teamKeys.labels, [...labels, label]);
      setTyped('');
      void change.label(label.id, true);
    },
    onError: (error) => toast.error(messageOf(error)),
  });
  return (
    <Popover.Root defaultOpen>
      <Popover.Trigger asChild>{trigger}</Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={6}
          collisionPadding={8}
          aria-label={words.labels}
          className="z-40 w-64 animate-appear rounded-10 border border-line bg-raised p-1 shadow-2 outline-none"
        >
          <form
            onSubmit={(event) => {
              event.preventDefault();
              const [only] = shown;
              if (only && (exists || !wanted)) void change.label(only.id, !has(chat, only.id));
              else if (wanted) create.mutate(wanted);
            }}
          >
            <input
              aria-label={words.findLabel}
              placeholder={words.findLabel}
              autoComplete="off"
              maxLength={40}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              className="mb-1 h-9 w-full rounded-6 bg-sunken px-2.5 -outline-offset-2 max-sm:text-16"
            />
          </form>
          <div className="max-h-60 overflow-y-auto">
            {shown.map((label) => (
              <button
                key={label.id}
                type="button"
                aria-pressed={has(chat, label.id)}
                onClick={() => void change.label(label.id, !has(chat, label.id))}
                className={rowClass}
              >
                <LabelDot label={label} />
                <span className="min-w-0 flex-1 truncate" dir="auto">
                  {label.name}
                </span>
                {has(chat, label.id) && <Check className="size-4 text-accent-text" aria-hidden />}
              </button>
            ))}
            {wanted && !exists && (
              <button type="button" onClick={() => create.mutate(wanted)} className={rowClass}>
                <Plus className="size-4 text-soft" aria-hidden />
                <span className="truncate" dir="auto">
                  {words.createLabel(wanted)}
                </span>
              </button>
            )}
            {!wanted && labels.length === 0 && (
              <p className="px-2.5 py-2 text-13 text-soft">{words.noLabels}</p>
            )}
          </div>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

const has = (chat: Chat, labelId: string) => chat.teamLabels.includes(labelId);
