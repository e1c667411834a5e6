import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useLocation, useRouter, useSearch } from '@tanstack/react-router';
import { LoaderCircle } from 'lucide-react';
import { useEffect, useState } from 'react';
import { signIn } from '../api/commands.js';
import { ApiError, messageOf } from '../api/request.js';
import { Mark } from '../shell/mark.js';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { words } from '../words/words.js';

/** Signs in with the key of the printed link (`/sign-in#<key>`), or asks for it. */
export function SignInPage() {
  const { next } = useSearch({ from: '/sign-in' });
  const router = useRouter();
  const cache = useQueryClient();
  const hash = useLocation({ select: (location) => location.hash });
  const [byLink, setByLink] = useState(hash !== '');
  const attempt = useMutation({
    mutationFn: signIn,
    onError: () => setByLink(false),
    onSuccess: () => {
      cache.clear();
      router.history.replace(next ?? '/accounts');
    },
  });

  const { mutate } = attempt;
  useEffect(() => {
    if (!hash) return;
    const key = takeKeyFromAddress();
    setByLink(true);
    if (key) mutate(key);
  }, [hash, mutate]);

  return (
    <main className="flex min-h-dvh flex-col items-center justify-center px-4 py-12">
      <title>{`${words.signIn.title} · ${words.product}`}</title>
      <div className="w-full max-w-sm">
        <div className="mb-6 flex items-center gap-3">
          <Mark className="size-9" />
          <span className="text-20 font-semibold">{words.product}</span>
        </div>
        <div className="rounded-10 border border-line bg-surface p-6 shadow-1">
          <h1 className="text-20 font-semibold">{words.signIn.title}</h1>
          {byLink ? (
            <p role="status" className="mt-3 flex h-10 items-center gap-2 text-soft">
              <LoaderCircle className="size-4 animate-turn" aria-hidden />
              {words.signIn.busy}
            </p>
          ) : (
            <KeyForm
              error={attempt.error ? wordsFor(attempt.error) : null}
              busy={attempt.isPending}
              submit={attempt.mutate}
            />
          )}
        </div>
      </div>
    </main>
  );
}

function KeyForm(props: { error: string | null; busy: boolean; submit: (key: string) => void }) {
  const [key, setKey] = useState('');
  const [empty, setEmpty] = useState(false);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setEmpty(key.trim() === '');
        if (key.trim()) props.submit(key.trim());
      }}
    >
      <p className="mt-1 mb-5 text-soft text-pretty">{words.signIn.intro}</p>
      <Field
        label={words.signIn.key}
        hint={words.signIn.hint}
        error={empty ? words.signIn.empty : props.error}
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
      <Button type="submit" look="primary" busy={props.busy} className="mt-4 w-full">
        {props.busy ? words.signIn.busy : words.signIn.submit}
      </Button>
    </form>
  );
}

/** The key leaves the address at once, so that it stays neither in the history nor on the screen. */
function takeKeyFromAddress(): string | null {
  const key = window.location.hash.slice(1);
  if (!key) return null;
  const { pathname, search } = window.location;
  window.history.replaceState(window.history.state, '', pathname + search);
  return safeDecode(key);
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function wordsFor(error: Error): string {
  return error instanceof ApiError && error.status === 401 ? words.signIn.wrong : messageOf(error);
}
