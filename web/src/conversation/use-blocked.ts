import type { Session } from '@patchbay/contract';
import { useQuery } from '@tanstack/react-query';
import { groupQuery } from '../api/queries.js';
import { words } from '../words/words.js';

/** States in which no number stands behind the session, so that nothing could ever be sent. */
const NOT_LINKED: ReadonlySet<string> = new Set(['qr', 'pairing', 'logged_out']);

/** Why nothing can be written in a chat at all; null when it can, now or once the account is back. */
export function useBlocked(session: Session, groupId: string | null): string | null {
  const group = useQuery({
    ...groupQuery(session.id, groupId ?? ''),
    enabled: groupId !== null,
    staleTime: 60_000,
  }).data;
  if (NOT_LINKED.has(session.state.status)) return words.send.notLinked;
  if (!group || groupId === null) return null;
  if (!group.isMember) return words.send.notMember;
  return group.announce && group.ownRole === 'member' ? words.send.adminsOnly : null;
}
