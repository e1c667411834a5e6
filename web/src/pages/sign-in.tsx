import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { setUpQuery, signInAs } from '../api/access.js';
import { signIn } from '../api/commands.js';
import { ApiError, messageOf } from '../api/request.js';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { accessWords } from '../words/access-words.js';
import { words } from '../words/words.js';
import { Busy, EntryCard } from './entry/entry-card.js';
import { useSecretInAddress } from './entry/secret-in-address.js';
import { useEntering } from './entry/use-entering.js';

const w = accessWords.signIn;

/**
 * Signs in with e-mail and password; with the key of the printed link (`/sign-in#<key>`) by itself, or
 * with a key that is typed, as the operator does before there are users.
 */
export function SignInPage() {
  const { next = '/' } = useSearch({ from: '/sign-in' });
  const linked = useSecretInAddress();
  const byKey = useEntering(signIn, next);
  const { mutate } = byKey;
  useEffect(() => {
    if (linked) mutate(linked);
  }, [linked, mutate]);
  const { data: state, isPending } = useQuery(setUpQuery);
  const [chosen, setChosen] = useState<'key' | 'password'>();
  const way = chosen ?? (state?.needed || linked ? 'key' : 'password');
  const isEntering = linked !== null && !byKey.error;

  return (
    <EntryCard title={words.signIn.title}>
      {isEntering || isPending ? (
        <Busy text={words.signIn.busy} />
      ) : (
        <>
          {way === 'key' ? <KeyForm attempt={byKey} /> : <PasswordForm next={next} />}
          {state?.needed ? (
            <p className="mt-4 text-13 text-soft">
              {w.setUp}{' '}
              <Link to="/setup" className="text-accent-text underline">
                {w.setUpLink}
              </Link>
            </p>
          ) : (
            <Button
              look="quiet"
              className="mt-2 w-full"
              onClick={() => setChosen(way === 'key' ? 'password' : 'key')}
            >
              {way === 'key' ? w.byPassword : w.byKey}
            </Button>
          )}
        </>
      )}
    </EntryCard>
  );
}

function PasswordForm({ next }: { next: string }) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const entering = useEntering(signInAs, next);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        entering.mutate({ email, password });
      }}
    >
      <p className="mt-1 mb-5 text-soft text-pretty">{w.intro}</p>
      <Field
        label={accessWords.email}
        required
        type="email"
        autoComplete="username"
        autoFocus
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <Field
        label={accessWords.password}
        hint={w.forgotten}
        error={entering.error ? wordsFor(entering.error, w.wrong) : null}
        required
        type="password"
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <Button type="submit" look="primary" busy={entering.isPending} className="mt-4 w-full">
        {w.submit}
      </Button>
    </form>
  );
}

function KeyForm({ attempt }: { attempt: ReturnType<typeof useEntering<string>> }) {
  const [key, setKey] = useState('');
  const [empty, setEmpty] = useState(false);
  const error = attempt.error ? wordsFor(attempt.error, words.signIn.wrong) : null;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setEmpty(key.trim() === '');
        if (key.trim()) attempt.mutate(key.trim());
      }}
    >
      <p className="mt-1 mb-5 text-soft text-pretty">{words.signIn.intro}</p>
      <Field
        label={words.signIn.key}
        hint={words.signIn.hint}
        error={empty ? words.signIn.empty : error}
        type="password"
        autoComplete="current-password"
        spellCheck={false}
        autoFocus
        value={key}
        onChange={(event) => {
          setKey(event.target.value);
          setEmpty(false);
        }}
      />
      <Button type="submit" look="primary" busy={attempt.isPending} className="mt-4 w-full">
        {attempt.isPending ? words.signIn.busy : words.signIn.submit}
      </Button>
    </form>
  );
}

function wordsFor(error: Error, wrong: string): string {
  return error instanceof ApiError && error.status === 401 ? wrong : messageOf(error);
}
