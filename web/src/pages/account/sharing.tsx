import type { Session, SessionShares } from '@patchbay/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { accessKeys, shareSession, sharesQuery, usersQuery } from '../../api/access.js';
import { messageOf } from '../../api/request.js';
import { Check } from '../../ui/form.js';
import { accessWords } from '../../words/access-words.js';
import { useMayManage } from '../use-may-manage.js';

const w = accessWords.sharing;

/** With whom an account is shared; its owner and admins decide. */
export function Sharing({ session }: { session: Session }) {
  const mayShare = useMayManage(session);
  const cache = useQueryClient();
  const { data: shares } = useQuery({ ...sharesQuery(session.id), enabled: mayShare });
  const { data: people } = useQuery({ ...usersQuery, enabled: mayShare });
  // Shown at once, and as it was when the server refuses.
  const [asked, setAsked] = useState<SessionShares>();
  const change = useMutation({
    mutationFn: (next: SessionShares) => shareSession(session.id, next),
    onSuccess: (next) => cache.setQueryData(accessKeys.shares(session.id), next),
    onSettled: () => setAsked(undefined),
  });
  if (!mayShare || !shares || !people) return null;
  const shown = asked ?? shares;
  const ask = (next: SessionShares) => {
    setAsked(next);
    change.mutate(next);
  };
  const others = people.users.filter(({ id, role }) => role === 'agent' && id !== session.userId);
  const set = (userId: string, on: boolean) => {
    const userIds = shown.userIds.filter((id) => id !== userId);
    ask({ ...shown, userIds: on ? [...userIds, userId] : userIds });
  };
  return (
    <details className="mt-6">
      <summary className="mb-1 cursor-pointer py-2.5 font-semibold">{w.title}</summary>
      <p className="mb-2 text-13 text-soft text-pretty">{w.text}</p>
      {others.length === 0 ? (
        <p className="text-soft">{w.nobody}</p>
      ) : (
        <fieldset>
          <legend className="sr-only">{w.title}</legend>
          <Check
            label={w.everybody}
            checked={shown.everybody}
            onChange={(event) => ask({ ...shown, everybody: event.target.checked })}
          />
          {others.map(({ id, name }) => (
            <Check
              key={id}
              label={name}
              disabled={shown.everybody}
              checked={shown.everybody || shown.userIds.includes(id)}
              onChange={(event) => set(id, event.target.checked)}
            />
          ))}
        </fieldset>
      )}
      <p role="alert" className="min-h-4.5 text-13 text-danger">
        {change.error && messageOf(change.error)}
      </p>
    </details>
  );
}
