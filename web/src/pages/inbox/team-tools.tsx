import type { Chat } from '@patchbay/contract';
import { useQuery } from '@tanstack/react-query';
import { ChevronDown, Plus, X } from 'lucide-react';
import { colleaguesQuery } from '../../api/inbox.js';
import { meQuery } from '../../api/queries.js';
import { Button } from '../../ui/button.js';
import { Choices } from '../../ui/choices.js';
import { Initials } from '../../ui/initials.js';
import { LabelDot } from '../../ui/label-dot.js';
import { OnDemand } from '../../ui/on-demand.js';
import { Segments } from '../../ui/segments.js';
import { inboxWords as words } from '../../words/inbox-words.js';
import { Part } from './details-part.js';
import { Notes } from './notes.js';
import { useLabelsOf, useUserName } from './team-signs.js';
import { useChangeChat } from './use-change-chat.js';

const STATUSES = ['open', 'pending', 'resolved'] as const;
const NOBODY = '';

/** What the team does with a chat: its status, whose it is, its labels and notes. */
export function TeamTools({ chat }: { chat: Chat }) {
  return (
    <>
      <Part title={words.team}>
        <StatusChoice chat={chat} />
        <AssigneeLine chat={chat} />
        <Labels chat={chat} />
      </Part>
      <Part title={words.notes}>
        <Notes chat={chat} />
      </Part>
    </>
  );
}

function StatusChoice({ chat }: { chat: Chat }) {
  const change = useChangeChat()(chat);
  return (
    <Segments
      label={words.statusFilter}
      value={chat.status}
      options={STATUSES.map((value) => ({ value, label: words.status[value] }))}
      onChoose={(status) => void change.setStatus(status)}
    />
  );
}

function AssigneeLine({ chat }: { chat: Chat }) {
  const me = useQuery(meQuery).data?.userId;
  const users = useQuery(colleaguesQuery).data ?? [];
  const nameOf = useUserName();
  const change = useChangeChat()(chat);
  const { assigneeId } = chat;
  const name = assigneeId ? nameOf(assigneeId) : words.nobody;
  const people = [...new Set([me, ...users.map(({ id }) => id)])].filter((id) => id !== undefined);
  const picture = (id: string) => (
    <Initials id={id} name={nameOf(id)} className="size-6! text-[0.625rem]!" />
  );
  return (
    <div className="mt-3 flex min-h-10 items-center gap-1">
      <span className="flex-1 text-13 text-soft">{words.assignee}</span>
      {me && assigneeId !== me && (
        <Button look="quiet" className="px-2.5!" onClick={() => void change.assign(me)}>
          {words.takeIt}
        </Button>
      )}
      <Choices
        groups={[
          {
            label: words.assignee,
            value: assigneeId ?? NOBODY,
            options: [
              { value: NOBODY, label: words.nobody },
              ...people.map((id) => ({ value: id, label: nameOf(id), picture: picture(id) })),
            ],
            onChoose: (value) => void change.assign(value || null),
          },
        ]}
        trigger={
          <button
            type="button"
            className="-mr-2 flex h-10 min-w-0 items-center gap-2 rounded-6 px-2 font-medium hover:bg-sunken"
          >
            <span className="sr-only">{words.assignee}: </span>
            {assigneeId && picture(assigneeId)}
            <span className="truncate" dir="auto">
              {name}
            </span>
            <ChevronDown className="size-4 shrink-0 text-soft" aria-hidden />
          </button>
        }
      />
    </div>
  );
}

const loadPicker = async () => (await import('./label-picker.js')).LabelPicker;

function Labels({ chat }: { chat: Chat }) {
  const labels = useLabelsOf(chat);
  const change = useChangeChat()(chat);
  return (
    <div className="mt-2 flex flex-wrap items-center gap-1.5">
      {labels.map((label) => (
        <span
          key={label.id}
          className="inline-flex h-7 max-w-full items-center gap-1.5 rounded-full border border-line pl-2.5 text-13 max-sm:h-10"
        >
          <LabelDot label={label} />
          <span className="truncate" dir="auto">
            {label.name}
          </span>
          <button
            type="button"
            aria-label={words.takeLabelOff(label.name)}
            title={words.takeLabelOff(label.name)}
            onClick={() => void change.label(label.id, false)}
            className="flex size-7 items-center justify-center rounded-full text-soft hover:bg-sunken hover:text-text max-sm:size-10"
          >
            <X className="size-3.5" aria-hidden />
          </button>
        </span>
      ))}
      <OnDemand
        popup="dialog"
        load={loadPicker}
        rest={{ chat }}
        trigger={
          <button
            type="button"
            className="inline-flex h-7 items-center gap-1 rounded-full border border-dashed border-control-line px-2.5 text-13 text-soft hover:bg-sunken hover:text-text max-sm:h-10"
          >
            <Plus className="size-3.5" aria-hidden />
            {words.addLabel}
          </button>
        }
      />
    </div>
  );
}
