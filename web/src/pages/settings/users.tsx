import type { OneTimeLink, Role, User } from '@patchbay/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouteContext } from '@tanstack/react-router';
import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import {
  accessKeys,
  changeUser,
  createResetLink,
  removeUser,
  usersQuery,
} from '../../api/access.js';
import { messageOf } from '../../api/request.js';
import { formatFull } from '../../format/time.js';
import { Button } from '../../ui/button.js';
import { inputClass } from '../../ui/field.js';
import { Initials } from '../../ui/initials.js';
import { accessWords } from '../../words/access-words.js';
import { Confirm } from './confirm.js';
import { Invitations } from './invitations.js';
import { InviteDialog } from './invite-dialog.js';
import { NotYet, Row, Rows, RowText, Section } from './section.js';
import { ShownOnce } from './shown-once.js';

const w = accessWords.users;

export function Users() {
  const { data, error, refetch } = useQuery(usersQuery);
  const [inviting, setInviting] = useState(false);
  const [link, setLink] = useState<{ title: string; link: OneTimeLink }>();
  return (
    <>
      <Section
        title={w.title}
        action={
          <Button
            look="primary"
            icon={<UserPlus className="size-4.5" aria-hidden />}
            onClick={() => setInviting(true)}
          >
            {w.invite}
          </Button>
        }
      >
        {data ? (
          <Rows label={w.list}>
            {data.users.map((user) => (
              <UserRow
                key={user.id}
                user={user}
                onLink={(made) => setLink({ title: w.resetLinkFor(user.name), link: made })}
              />
            ))}
          </Rows>
        ) : (
          <NotYet error={error} retry={refetch} />
        )}
      </Section>
      <Invitations />
      {inviting && (
        <InviteDialog
          onClose={() => setInviting(false)}
          onMade={(made) => {
            setInviting(false);
            setLink({ title: w.linkTitle, link: made });
          }}
        />
      )}
      {link && (
        <ShownOnce
          title={link.title}
          text={w.linkText(formatFull(new Date(link.link.expiresAt)))}
          label={w.linkLabel}
          secret={window.location.origin + link.link.path}
          onClose={() => setLink(undefined)}
        />
      )}
    </>
  );
}

function UserRow({ user, onLink }: { user: User; onLink: (link: OneTimeLink) => void }) {
  const { me } = useRouteContext({ from: '/signed-in' });
  const cache = useQueryClient();
  const [removing, setRemoving] = useState(false);
  const refresh = () => cache.invalidateQueries({ queryKey: accessKeys.users });
  const onError = (error: Error) => toast.error(messageOf(error));
  // Shown at once, and as it was when the server refuses.
  const [asked, setAsked] = useState<Role>();
  const change = useMutation({
    mutationFn: (role: Role) => changeUser(user.id, { role }),
    onError,
    onSettled: async () => {
      await refresh();
      setAsked(undefined);
    },
  });
  const reset = useMutation({
    mutationFn: () => createResetLink(user.id),
    onSuccess: onLink,
    onError,
  });
  const isMe = user.id === me.userId;
  return (
    <Row>
      <Initials id={user.id} name={user.name} />
      <RowText first={isMe ? `${user.name} (${w.you})` : user.name} second={user.email} />
      <select
        aria-label={w.changeRole(user.name)}
        value={asked ?? user.role}
        onChange={(event) => {
          const role = event.target.value as Role;
          setAsked(role);
          change.mutate(role);
        }}
        className={`${inputClass} w-28!`}
      >
        {(['admin', 'agent'] as const).map((role) => (
          <option key={role} value={role}>
            {accessWords.role[role]}
          </option>
        ))}
      </select>
      {!isMe && (
        <>
          <Button
            look="quiet"
            busy={reset.isPending}
            aria-label={w.resetLinkFor(user.name)}
            onClick={() => reset.mutate()}
          >
            {w.resetLink}
          </Button>
          <Button
            look="quiet"
            className="text-danger"
            aria-label={w.removeUser(user.name)}
            onClick={() => setRemoving(true)}
          >
            {w.remove}
          </Button>
        </>
      )}
      {removing && (
        <Confirm
          title={w.removeUser(user.name)}
          text={w.removeText}
          submit={w.remove}
          work={async () => {
            await removeUser(user.id);
            await refresh();
          }}
          onClose={() => setRemoving(false)}
        />
      )}
    </Row>
  );
}
