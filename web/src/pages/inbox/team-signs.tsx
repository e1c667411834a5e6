import type { Chat, TeamLabel } from '@patchbay/contract';
import { useQuery } from '@tanstack/react-query';
import { colleaguesQuery } from '../../api/inbox.js';
import { meQuery } from '../../api/queries.js';
import { labelsQuery } from '../../api/team.js';
import { Initials } from '../../ui/initials.js';
import { LabelDot } from '../../ui/label-dot.js';
import { inboxWords as words } from '../../words/inbox-words.js';

/** More dots than this say nothing any more. */
const DOTS = 3;

/** How a user is called here. */
export function useUserName(): (userId: string) => string {
  const me = useQuery(meQuery).data?.userId;
  const users = useQuery(colleaguesQuery).data;
  return (userId) =>
    userId === me ? words.me : (users?.find(({ id }) => id === userId)?.name ?? words.someoneElse);
}

/** Whose chat it is, as initials. */
export function Assignee({ chat: { assigneeId } }: { chat: Chat }) {
  return assigneeId && <User id={assigneeId} />;
}

function User({ id }: { id: string }) {
  const name = useUserName()(id);
  return (
    <span role="img" aria-label={words.takenBy(name)} title={words.takenBy(name)}>
      <Initials id={id} name={name} className="size-5! text-[0.625rem]!" />
    </span>
  );
}

/** The team's labels of a chat, as dots of their colours. */
export function LabelDots({ chat }: { chat: Chat }) {
  return chat.teamLabels.length > 0 && <Dots chat={chat} />;
}

function Dots({ chat }: { chat: Chat }) {
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

export function useLabelsOf(chat: Chat): TeamLabel[] {
  const all = useQuery(labelsQuery).data ?? [];
  return all.filter(({ id }) => chat.teamLabels.includes(id));
}
