import type { Chat } from '@patchbay/contract';
import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../../api/queries.js';
import { Initials } from '../../ui/initials.js';
import { inboxWords as words } from '../../words/inbox-words.js';

/** Whose chat it is, as initials. */
export function Assignee({ chat: { assigneeId } }: { chat: Chat }) {
  const me = useQuery(meQuery).data;
  if (!assigneeId) return null;
  const name = assigneeId === me?.userId ? words.me : words.someoneElse;
  return (
    <span role="img" aria-label={words.takenBy(name)} title={words.takenBy(name)}>
      <Initials id={assigneeId} name={name} className="size-5! text-[0.625rem]!" />
    </span>
  );
}

/** The team's labels of a chat, as dots of their colours. */
export function LabelDots({ chat: _chat }: { chat: Chat }) {
  return null;
}
