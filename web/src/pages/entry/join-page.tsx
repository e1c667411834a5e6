import type { LinkPurpose } from '@patchbay/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { acceptLink, lookAtLink } from '../../api/access.js';
import { ApiError, messageOf } from '../../api/request.js';
import { Button } from '../../ui/button.js';
import { Field } from '../../ui/field.js';
import { ErrorNotice } from '../../ui/states.js';
import { accessWords } from '../../words/access-words.js';
import { Busy, EntryCard } from './entry-card.js';
import { useSecretInAddress } from './secret-in-address.js';
import { useEntering } from './use-entering.js';

const w = accessWords.join;

/** Where a one-time link leads: `/join#<token>`, an invitation or a new password. */
export function JoinPage() {
  const token = useSecretInAddress();
  const { data, error, refetch } = useQuery({
    queryKey: ['link', token],
    queryFn: () => lookAtLink(token ?? ''),
    enabled: token !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const isDead =
    token === null || (error instanceof ApiError && error.status > 0 && error.status < 500);
  if (data && token) {
    const title = data.kind === 'reset' ? w.reset : w.invitation;
    return (
      <EntryCard title={title}>
        <JoinForm purpose={data} token={token} />
      </EntryCard>
    );
  }
  if (isDead) {
    return (
      <EntryCard title={w.badTitle}>
        <p className="mt-1 text-soft text-pretty">{w.badText}</p>
      </EntryCard>
    );
  }
  return (
    <EntryCard title={w.invitation}>
      {error ? (
        <ErrorNotice error={error} retry={() => void refetch()} className="pt-4" />
      ) : (
        <Busy text={w.checking} />
      )}
    </EntryCard>
  );
}

function JoinForm({ purpose, token }: { purpose: LinkPurpose; token: string }) {
  const isReset = purpose.kind === 'reset';
  const [name, setName] = useState('');
  const [email, setEmail] = useState(purpose.email ?? '');
  const [password, setPassword] = useState('');
  const entering = useEntering(acceptLink, isReset ? '/' : '/welcome');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        entering.mutate({ token, password, ...(!isReset && { name, email }) });
      }}
    >
      <p className="mt-1 mb-5 text-soft text-pretty wrap-anywhere-soft">
        {isReset ? w.resetFor(purpose.email ?? '') : w.invited(purpose.role)}
      </p>
      {!isReset && (
        <>
          <Field
            label={accessWords.name}
            required
            maxLength={100}
            autoComplete="name"
            dir="auto"
            autoFocus
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <Field
            label={accessWords.email}
            required
            type="email"
            autoComplete="username"
            readOnly={purpose.email !== null}
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        </>
      )}
      <Field
        label={isReset ? accessWords.newPassword : accessWords.password}
        hint={accessWords.passwordHint}
        error={entering.error ? messageOf(entering.error) : null}
        required
        minLength={10}
        type="password"
        autoComplete="new-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <Button type="submit" look="primary" busy={entering.isPending} className="mt-4 w-full">
        {isReset ? w.submitReset : w.submitInvitation}
      </Button>
    </form>
  );
}
