import type { Group, GroupParticipant } from '@patchbay/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { groupQuery, participantsQuery } from '../api/queries.js';
import { formatPhone } from '../format/phone.js';
import { Dialog } from '../ui/dialog.js';
import { Initials } from '../ui/initials.js';
import { MoreButton } from '../ui/more-button.js';
import { ErrorNotice } from '../ui/states.js';
import { words } from '../words/words.js';
import { Fact, Facts } from './fact.js';

interface GroupInfoProps {
  sessionId: string;
  groupId: string;
  onClose: () => void;
}

/** What is known of a group, and who is in it. */
export function GroupInfo({ sessionId, groupId, onClose }: GroupInfoProps) {
  const { data } = useQuery(groupQuery(sessionId, groupId));
  return (
    <Dialog title={data?.subject ?? words.group.title} onClose={onClose}>
      <GroupFactsAndPeople sessionId={sessionId} groupId={groupId} />
    </Dialog>
  );
}

/** The same without a dialog around it. */
export function GroupFactsAndPeople({ sessionId, groupId }: Omit<GroupInfoProps, 'onClose'>) {
  const { data, error, refetch } = useQuery(groupQuery(sessionId, groupId));
  return (
    <>
      {error && !data && <ErrorNotice error={error} retry={() => void refetch()} />}
      {data && (
        <>
          {data.description && (
            <p className="mb-3 text-soft whitespace-pre-wrap wrap-anywhere-soft" dir="auto">
              {data.description}
            </p>
          )}
          <GroupFacts group={data} />
          <Participants sessionId={sessionId} groupId={groupId} />
        </>
      )}
    </>
  );
}

function GroupFacts({ group }: { group: Group }) {
  const { announce, locked, ephemeralSeconds, size, isMember } = group;
  const text = words.group;
  return (
    <Facts>
      <Fact label={text.members}>{size.toLocaleString()}</Fact>
      <Fact label={text.writing}>{announce ? text.admins : text.everybody}</Fact>
      <Fact label={text.changing}>{locked ? text.admins : text.everybody}</Fact>
      {ephemeralSeconds > 0 && (
        <Fact label={text.disappearing}>{text.days(ephemeralSeconds / 86_400)}</Fact>
      )}
      {!isMember && <Fact label={text.membership}>{text.left}</Fact>}
    </Facts>
  );
}

function Participants({ sessionId, groupId }: { sessionId: string; groupId: string }) {
  const query = useInfiniteQuery(participantsQuery(sessionId, groupId));
  const people = query.data?.pages.flatMap((page) => page.participants) ?? [];
  return (
    <>
      <ul aria-label={words.group.members} className="mt-4 max-h-72 overflow-y-auto">
        {people.map((person) => (
          <Person key={person.jid} person={person} />
        ))}
      </ul>
      <MoreButton query={query}>{words.group.more}</MoreButton>
    </>
  );
}

function Person({ person: { jid, phone, name, role } }: { person: GroupParticipant }) {
  const number = phone ? formatPhone(phone) : null;
  const shown = name ?? number ?? words.group.unknown;
  return (
    <li className="flex min-h-12 items-center gap-2.5">
      <Initials id={jid} name={shown} className="size-8! text-12!" />
      <span className="min-w-0 flex-1">
        <span className="block truncate" dir="auto">
          {shown}
        </span>
        {name && number && <span className="block text-12 text-soft nums">{number}</span>}
      </span>
      {role !== 'member' && <span className="text-12 text-soft">{words.group.admin}</span>}
    </li>
  );
}
