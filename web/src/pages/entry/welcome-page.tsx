import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useRouteContext, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { changeMe, updatePhone } from '../../api/access.js';
import { keys } from '../../api/queries.js';
import { messageOf } from '../../api/request.js';
import { parsePhone } from '../../format/phone.js';
import { Button, buttonClass } from '../../ui/button.js';
import { Field } from '../../ui/field.js';
import { accessWords } from '../../words/access-words.js';
import { EntryCard } from './entry-card.js';

const w = accessWords.welcome;

/** The first steps of somebody new: the own number, then a number to connect. Both can be skipped. */
export function WelcomePage() {
  const { me } = useRouteContext({ from: '/signed-in-alone' });
  const [asked, setAsked] = useState(false);
  if (asked) return <Connect />;
  return (
    <EntryCard title={w.title(me.name ?? '')}>
      <OwnNumber onDone={() => setAsked(true)} />
    </EntryCard>
  );
}

function OwnNumber({ onDone }: { onDone: () => void }) {
  const router = useRouter();
  const cache = useQueryClient();
  const [phone, setPhone] = useState('');
  const [wrong, setWrong] = useState(false);
  const save = useMutation({
    mutationFn: (digits: string | null) =>
      digits === null ? changeMe({ onboarded: true }) : updatePhone(digits),
    onSuccess: async (me) => {
      cache.setQueryData(keys.me, me);
      await router.invalidate();
      onDone();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const digits = parsePhone(phone);
        setWrong(phone.trim() !== '' && !digits);
        if (digits) save.mutate(digits);
        else if (phone.trim() === '') save.mutate(null);
      }}
    >
      <p className="mt-1 mb-5 text-soft text-pretty">{w.intro}</p>
      <Field
        label={w.phone}
        hint={w.phoneHint}
        error={wrong ? w.phoneWrong : save.error ? messageOf(save.error) : null}
        type="tel"
        autoComplete="tel"
        autoFocus
        value={phone}
        onChange={(event) => setPhone(event.target.value)}
      />
      <div className="mt-4 flex gap-2">
        <Button look="quiet" className="flex-1" onClick={() => save.mutate(null)}>
          {w.skip}
        </Button>
        <Button type="submit" look="primary" busy={save.isPending} className="flex-1">
          {w.submit}
        </Button>
      </div>
    </form>
  );
}

function Connect() {
  return (
    <EntryCard title={w.connectTitle}>
      <p className="mt-1 mb-5 text-soft text-pretty">{w.connectText}</p>
      <div className="flex gap-2">
        <Link to="/accounts" className={buttonClass('quiet', 'flex-1')}>
          {w.later}
        </Link>
        <Link to="/accounts" search={{ add: true }} className={buttonClass('primary', 'flex-1')}>
          {w.connect}
        </Link>
      </div>
    </EntryCard>
  );
}
