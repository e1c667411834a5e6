import type { Chat, TeamLabel } from '@patchbay/contract';
import { useQuery } from '@tanstack/react-query';
import { labelsQuery, usersQuery } from '../../api/inbox.js';
import { meQuery } from '../../api/queries.js';
import { Initials } from '../../ui/initials.js';
import { inboxWords as words } from '../../words/inbox-words.js';

/** More dots than this say nothing any more. */
const DOTS = 3;

/** How a user is called here. */
export function useUserName(): (userId: string) => string {
  const me = useQuery(meQuery).data?.userId;
  const users = useQuery(usersQuery).data;
  return (userId) =>
    userId === me ? words.me : (users?.find(({ id }) => id === userId)?.name ?? words.someoneElse);
}

/** Whose chat it is, as initials. */
export function Assignee({ chat: { assigneeId } }: { chat: Chat }) {
  const nameOf = useUserName();
  if (!assigneeId) return null;
  const name = nameOf(assigneeId);
  return (
    <span role="img" aria-label={words.takenBy(name)} title={words.takenBy(name)}>
      <Initials id={assigneeId} name={name} className="size-5! text-[0.625rem]!" />
    </span>
  );
}

/** The team's labels of a chat, as dots of their colours. */
export function LabelDots({ chat }: { chat: Chat }) {
  const labels = useLabelsOf(chat);
  if (labels.length === 0) return null;
  const names = labels.map(({ name }) => name).join(', ');
  return (
    <span
      role="img"
      aria-label={`${words.labels}: ${names}`}
      title={names}
      className="flex shrink-0 gap-0.5"
    >
      {labels.slice(0, DOTS).map((label) => (
        <LabelDot key={label.id} label={label} />
      ))}
    </span>
  );
}

export function LabelDot({ label }: { label: TeamLabel }) {
  return (
    <svg viewBox="0 0 8 8" className="size-2 shrink-0" aria-hidden="true">
      <circle cx="4" cy="4" r="4" fill={label.color} />
    </svg>
  );
}

export function useLabelsOf(chat: Chat): TeamLabel[] {
  const all = useQuery(labelsQuery).data ?? [];
  return all.filter(({ id }) => chat.teamLabels.includes(id));
}
