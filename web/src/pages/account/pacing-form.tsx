import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Check as Done } from 'lucide-react';
import { type FormEvent, type InputHTMLAttributes, useId, useState } from 'react';
import { changeSettings } from '../../api/commands.js';
import { keys, settingsQuery } from '../../api/queries.js';
import { messageOf } from '../../api/request.js';
import { PacingSettings } from '../../schemas.js';
import { Button } from '../../ui/button.js';
import { Field } from '../../ui/field.js';
import { Check } from '../../ui/form.js';
import { Bone, ErrorNotice } from '../../ui/states.js';
import { pacingWords as text } from '../../words/pacing-words.js';

/** How fast the account sends: limits, pauses, quiet hours. */
export function PacingForm({ sessionId }: { sessionId: string }) {
  const { data, error, refetch } = useQuery(settingsQuery(sessionId));
  return (
    <details className="mt-3">
      <summary className="cursor-pointer py-2.5 font-medium">{text.title}</summary>
      <div className="pt-3">
        {data ? (
          <Form sessionId={sessionId} pacing={data.pacing} />
        ) : error ? (
          <ErrorNotice error={error} retry={() => void refetch()} />
        ) : (
          <Loading />
        )}
      </div>
    </details>
  );
}

/** What the fields hold: text, as it is typed. */
interface Draft {
  perMinute: string;
  perDay: string;
  newChatsPerDay: string;
  jitterSeconds: string;
  typingSeconds: string;
  quiet: boolean;
  from: string;
  to: string;
  timeZone: string;
}
type Errors = Partial<Record<string, string>>;

const LIMITS = ['perMinute', 'perDay', 'newChatsPerDay'] as const;
const PAUSES = ['jitterSeconds', 'typingSeconds'] as const;

function Form({ sessionId, pacing }: { sessionId: string; pacing: PacingSettings }) {
  const cache = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(pacing));
  const [errors, setErrors] = useState<Errors>({});
  const save = useMutation({
    mutationFn: (body: PacingSettings) => changeSettings(sessionId, { pacing: body }),
    onSuccess: async (settings) => {
      cache.setQueryData(keys.settings(sessionId), settings);
      // How much of the limits is used up, and when what waits is due.
      await cache.invalidateQueries({ queryKey: keys.outbox(sessionId) });
    },
  });
  const change = (changes: Partial<Draft>) => {
    save.reset();
    setErrors({});
    setDraft((now) => ({ ...now, ...changes }));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const checked = PacingSettings.safeParse(settingsOf(draft));
    if (checked.success) return save.mutate(checked.data);
    setErrors(
      Object.fromEntries(
        checked.error.issues.map(({ path, message }) => [
          String(path[0]),
          text.wrong[String(path[0])] ?? message,
        ]),
      ),
    );
  };
  const field = (name: Exclude<keyof Draft, 'quiet'>) => ({
    className: 'mb-2.5',
    label: text.fields[name],
    hint: text.hints[name] ?? '',
    error: errors[name] ?? null,
    value: draft[name],
    onChange: ({ target }: { target: HTMLInputElement }) => change({ [name]: target.value }),
  });
  return (
    <form onSubmit={submit} noValidate>
      {LIMITS.map((name) => (
        <Field key={name} {...field(name)} {...WHOLE} />
      ))}
      {PAUSES.map((name) => (
        <Field key={name} {...field(name)} inputMode="decimal" autoComplete="off" />
      ))}
      <Check
        label={text.quiet}
        checked={draft.quiet}
        onChange={({ target }) => change({ quiet: target.checked })}
      />
      {draft.quiet && (
        <div className="mt-1 grid grid-cols-2 gap-x-3">
          <Field {...field('from')} type="time" required error={errors.quietHours ?? null} />
          <Field {...field('to')} type="time" required />
        </div>
      )}
      <TimeZone {...field('timeZone')} />
      <div className="flex min-h-10 flex-wrap items-center gap-3 pt-1">
        <Button type="submit" look="secondary" busy={save.isPending}>
          {text.save}
        </Button>
        <p role="status" className="flex items-center gap-1.5 text-13 text-ok">
          {save.isSuccess && (
            <>
              <Done className="size-4" aria-hidden />
              {text.saved}
            </>
          )}
        </p>
      </div>
      {save.error && (
        <p role="alert" className="pt-1 text-13 text-danger text-pretty">
          {messageOf(save.error)}
        </p>
      )}
    </form>
  );
}

const WHOLE = { inputMode: 'numeric', autoComplete: 'off' } as const;

/** Any IANA name; those that the browser knows are offered. */
function TimeZone(
  props: InputHTMLAttributes<HTMLInputElement> & {
    label: string;
    hint: string;
    error: string | null;
  },
) {
  const id = useId();
  return (
    <>
      <Field {...props} list={id} autoComplete="off" spellCheck={false} />
      <datalist id={id}>
        {Intl.supportedValuesOf('timeZone').map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}

function Loading() {
  return (
    <div role="status" aria-label={text.loading} className="space-y-5">
      {LIMITS.map((name) => (
        <div key={name} className="space-y-2">
          <Bone className="h-3 w-28" />
          <Bone className="h-10 w-full" />
        </div>
      ))}
    </div>
  );
}

function draftOf(pacing: PacingSettings): Draft {
  const { quietHours, timeZone, jitterSeconds, typingSeconds } = pacing;
  const limit = (value: number | null) => (value === null ? '' : String(value));
  return {
    perMinute: limit(pacing.perMinute),
    perDay: limit(pacing.perDay),
    newChatsPerDay: limit(pacing.newChatsPerDay),
    jitterSeconds: String(jitterSeconds),
    typingSeconds: String(typingSeconds),
    quiet: quietHours !== null,
    from: quietHours?.from ?? '22:00',
    to: quietHours?.to ?? '07:00',
    timeZone,
  };
}

/** As the schema wants it; what is no number becomes NaN, which it refuses. */
function settingsOf(draft: Draft) {
  const number = (typed: string) => (typed.trim() === '' ? Number.NaN : Number(typed));
  const limit = (typed: string) => (typed.trim() === '' ? null : Number(typed));
  return {
    perMinute: limit(draft.perMinute),
    perDay: limit(draft.perDay),
    newChatsPerDay: limit(draft.newChatsPerDay),
    jitterSeconds: number(draft.jitterSeconds),
    typingSeconds: number(draft.typingSeconds),
    quietHours: draft.quiet ? { from: draft.from, to: draft.to } : null,
    timeZone: draft.timeZone.trim(),
  };
}
