import type { Me } from '@patchbay/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useRouteContext, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { toast } from 'sonner';
import { changeMe, changePassword, updatePhone } from '../../api/access.js';
import { keys } from '../../api/queries.js';
import { messageOf } from '../../api/request.js';
import { formatPhone, parsePhone } from '../../format/phone.js';
import { Button, buttonClass } from '../../ui/button.js';
import { Field } from '../../ui/field.js';
import { accessWords } from '../../words/access-words.js';
import { Browsers } from './browsers.js';
import { Section } from './section.js';

const w = accessWords.profile;

export function Profile() {
  const { me } = useRouteContext({ from: '/signed-in' });
  if (me.name === null) {
    return (
      <Section title={w.title} text={w.operator}>
        <p className="mb-4 max-w-prose text-soft text-pretty">{w.operatorText}</p>
        <Link to="/setup" className={buttonClass('primary')}>
          {accessWords.setUp.title}
        </Link>
      </Section>
    );
  }
  return (
    <>
      <Section title={w.title} text={`${me.email ?? ''} · ${accessWords.role[me.role]}`}>
        <AboutMe me={me} />
      </Section>
      <Section title={w.changePassword}>
        <PasswordForm />
      </Section>
      <Browsers />
    </>
  );
}

function AboutMe({ me }: { me: Me }) {
  const cache = useQueryClient();
  const router = useRouter();
  const [name, setName] = useState(me.name ?? '');
  const [phone, setPhone] = useState(me.whatsappPhone ? formatPhone(me.whatsappPhone) : '');
  const [wrong, setWrong] = useState(false);
  const save = useMutation({
    mutationFn: async (digits: string | null) => {
      if (name.trim() !== me.name) await changeMe({ name: name.trim() });
      return await updatePhone(digits);
    },
    onSuccess: async (next) => {
      cache.setQueryData(keys.me, next);
      await router.invalidate();
      toast.success(accessWords.settings.saved);
    },
  });
  return (
    <form
      className="max-w-md"
      onSubmit={(event) => {
        event.preventDefault();
        const digits = phone.trim() === '' ? null : parsePhone(phone);
        const isWrong = phone.trim() !== '' && digits === null;
        setWrong(isWrong);
        if (!isWrong) save.mutate(digits);
      }}
    >
      <Field
        label={accessWords.name}
        required
        maxLength={100}
        autoComplete="name"
        dir="auto"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Field
        label={w.phone}
        hint={accessWords.welcome.phoneHint}
        error={wrong ? accessWords.welcome.phoneWrong : save.error ? messageOf(save.error) : null}
        type="tel"
        autoComplete="tel"
        value={phone}
        onChange={(event) => setPhone(event.target.value)}
      />
      <Button type="submit" look="primary" busy={save.isPending} className="mt-2">
        {accessWords.settings.save}
      </Button>
    </form>
  );
}

function PasswordForm() {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const cache = useQueryClient();
  const change = useMutation({
    mutationFn: changePassword,
    onSuccess: () => {
      toast.success(w.passwordChanged);
      setCurrent('');
      setNext('');
      return cache.invalidateQueries({ queryKey: ['logins'] });
    },
  });
  return (
    <form
      className="max-w-md"
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate({ current, next });
      }}
    >
      <Field
        label={w.currentPassword}
        required
        type="password"
        autoComplete="current-password"
        value={current}
        onChange={(event) => setCurrent(event.target.value)}
      />
      <Field
        label={accessWords.newPassword}
        hint={accessWords.passwordHint}
        error={change.error ? messageOf(change.error) : null}
        required
        minLength={10}
        type="password"
        autoComplete="new-password"
        value={next}
        onChange={(event) => setNext(event.target.value)}
      />
      <Button type="submit" busy={change.isPending} className="mt-2">
        {w.changePassword}
      </Button>
    </form>
  );
}
