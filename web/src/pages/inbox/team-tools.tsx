import type { Chat } from '@patchbay/contract';
import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../../api/queries.js';
import { Button } from '../../ui/button.js';
import { inboxWords as words } from '../../words/inbox-words.js';
import { Part } from './details-pane.js';
import { useChangeChat } from './use-change-chat.js';

const STATUSES = ['open', 'pending', 'resolved'] as const;

/** What the team does with a chat: its status, whose it is. */
export function TeamTools({ chat }: { chat: Chat }) {
  return (
    <Part title={words.team}>
      <StatusChoice chat={chat} />
      <AssigneeLine chat={chat} />
    </Part>
  );
}

function StatusChoice({ chat }: { chat: Chat }) {
  const change = useChangeChat()(chat);
  return (
    <fieldset className="flex rounded-6 bg-sunken p-0.5">
      <legend className="sr-only">{words.statusFilter}</legend>
      {STATUSES.map((status) => (
        <label
          key={status}
          className="flex h-9 flex-1 cursor-pointer items-center justify-center rounded-[4px] text-13 font-medium text-soft has-checked:bg-segment has-checked:text-text has-checked:shadow-1 has-focus-visible:outline-2 has-focus-visible:outline-accent"
        >
          <input
            type="radio"
            name={`status ${chat.id}`}
            checked={chat.status === status}
            onChange={() => void change.setStatus(status)}
            className="sr-only"
          />
          {words.status[status]}
        </label>
      ))}
    </fieldset>
  );
}

function AssigneeLine({ chat }: { chat: Chat }) {
  const me = useQuery(meQuery).data?.userId ?? null;
  const change = useChangeChat()(chat);
  const { assigneeId } = chat;
  const name =
    assigneeId === null ? words.nobody : assigneeId === me ? words.me : words.someoneElse;
  return (
    <div className="mt-2 flex min-h-10 items-center justify-between gap-2">
      <span className="text-13 text-soft">{words.assignee}</span>
      <span className="flex items-center gap-1">
        <span className="font-medium">{name}</span>
        <Button look="quiet" onClick={() => void change.assign(assigneeId === me ? null : me)}>
          {assigneeId === me ? words.release : words.takeIt}
        </Button>
      </span>
    </div>
  );
}
