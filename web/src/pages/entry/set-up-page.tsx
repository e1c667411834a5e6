import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { setUp, setUpQuery } from '../../api/access.js';
import { messageOf } from '../../api/request.js';
import { Button, buttonClass } from '../../ui/button.js';
import { Field } from '../../ui/field.js';
import { accessWords } from '../../words/access-words.js';
import { EntryCard } from './entry-card.js';
import { useSecretInAddress } from './secret-in-address.js';
import { useEntering } from './use-entering.js';

const w = accessWords.setUp;

/** Makes the first admin; `/setup#<token>` is what the server prints when it has no user. */
export function SetUpPage() {
  const { data } = useQuery(setUpQuery);
  if (data?.needed === false) {
    return (
      <EntryCard title={w.done}>
        <p className="mt-1 mb-5 text-soft text-pretty">{w.doneText}</p>
        <Link to="/sign-in" className={buttonClass('primary', 'w-full')}>
          {w.toSignIn}
        </Link>
      </EntryCard>
    );
  }
  return (
    <EntryCard title={w.title}>
      <SetUpForm />
    </EntryCard>
  );
}

function SetUpForm() {
  const secret = useSecretInAddress();
  const [typed, setTyped] = useState('');
  const [user, setUser] = useState({ name: '', email: '', password: '' });
  const entering = useEntering(setUp, '/welcome');
  const change = (field: keyof typeof user) => (event: { target: { value: string } }) =>
    setUser({ ...user, [field]: event.target.value });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        entering.mutate({ token: secret ?? typed.trim(), ...user });
      }}
    >
      <p className="mt-1 mb-5 text-soft text-pretty">{w.intro}</p>
      {secret === null && (
        <Field
          label={w.token}
          hint={w.tokenHint}
          required
          type="password"
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      )}
      <Field
        label={accessWords.name}
        required
        maxLength={100}
        autoComplete="name"
        dir="auto"
        autoFocus
        value={user.name}
        onChange={change('name')}
      />
      <Field
        label={accessWords.email}
        required
        type="email"
        autoComplete="username"
        value={user.email}
        onChange={change('email')}
      />
      <Field
        label={accessWords.password}
        hint={accessWords.passwordHint}
        error={entering.error ? messageOf(entering.error) : null}
        required
        minLength={10}
        type="password"
        autoComplete="new-password"
        value={user.password}
        onChange={change('password')}
      />
      <Button type="submit" look="primary" busy={entering.isPending} className="mt-4 w-full">
        {w.submit}
      </Button>
    </form>
  );
}
