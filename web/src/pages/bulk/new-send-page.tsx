import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { toast } from 'sonner';
import { accountName } from '../../account-name.js';
import { checkBulkFile, createBulkSend } from '../../api/bulk.js';
import { sessionsQuery } from '../../api/queries.js';
import { messageOf } from '../../api/request.js';
import { Button, buttonClass } from '../../ui/button.js';
import { Field } from '../../ui/field.js';
import { Check, Select } from '../../ui/form.js';
import { Segments } from '../../ui/segments.js';
import { bulkWords } from '../../words/bulk-words.js';
import { words } from '../../words/words.js';
import { CheckResult } from './check-result.js';
import { ListFields } from './list-fields.js';
import { MessageFields } from './message-fields.js';
import { fieldsOf, type GivenList, isComplete, newDraft, type SendDraft } from './send-draft.js';

const w = bulkWords.make;
/** Who types is let finish (ms). */
const SETTLES = 400;

/** Makes a bulk send: from whom, what, to whom, when; and shows what would become of it. */
export function NewSendPage() {
  const { template } = useSearch({ from: '/signed-in/bulk/new' });
  const navigate = useNavigate();
  const cache = useQueryClient();
  const [draft, setDraft] = useState(() => newDraft(template));
  const [list, setList] = useState<GivenList | null>(null);
  const check = useCheck(draft, list);
  const make = useMutation({
    mutationFn: async () =>
      await createBulkSend(draft.sessionId, list?.file ?? new Blob(), {
        ...fieldsOf(draft),
        name: draft.name.trim(),
      }),
    onSuccess: async (made) => {
      toast.success(made.state === 'scheduled' ? w.scheduled : w.made);
      await cache.invalidateQueries({ queryKey: ['bulk'] });
      await navigate({ to: '/bulk/$bulkId', params: { bulkId: made.id } });
    },
  });
  const change = (changes: Partial<SendDraft>) => {
    make.reset();
    setDraft((now) => ({ ...now, ...changes }));
  };
  const estimate = check.data?.estimate;
  const maySend = list !== null && estimate != null && estimate.refusal === null && !check.stale;
  const submit = draft.sendAt ? w.schedule : w.start;
  return (
    <div className="mx-auto max-w-280 px-4 pt-4 pb-12 sm:px-6">
      <title>{`${w.title} · ${words.product}`}</title>
      <Link
        to="/bulk"
        className="-ml-2 inline-flex h-10 items-center gap-1.5 rounded-6 px-2 text-soft hover:bg-sunken hover:text-text"
      >
        <ArrowLeft className="size-4" aria-hidden />
        {bulkWords.one.back}
      </Link>
      <h1 className="mt-1 mb-4 text-20 font-semibold">{w.title}</h1>
      <form
        className="grid gap-6 lg:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <div className="min-w-0 space-y-6">
          <Part title={w.message}>
            <FromFields draft={draft} onChange={change} />
            <MessageFields draft={draft} onChange={change} />
          </Part>
          <Part title={w.people}>
            <ListFields draft={draft} list={list} onList={setList} onChange={change} />
          </Part>
          <Part title={w.when}>
            <WhenFields draft={draft} onChange={change} />
          </Part>
        </div>
        <div className="min-w-0 space-y-4 lg:sticky lg:top-4 lg:self-start">
          <CheckResult
            check={check.data}
            error={check.error}
            busy={check.busy}
            draft={draft}
            onChange={change}
          />
          {make.error && (
            <p role="alert" className="text-danger text-pretty">
              {messageOf(make.error)}
            </p>
          )}
          <div className="flex flex-wrap justify-end gap-2">
            <Link to="/bulk" className={buttonClass('quiet')}>
              {w.cancel}
            </Link>
            <Button type="submit" look="primary" busy={make.isPending} disabled={!maySend}>
              {check.data && list ? submit(check.data.valid) : w.startNothing}
            </Button>
          </div>
        </div>
      </form>
    </div>
  );
}

/** What the server says would become of it, some moments after the last change. */
function useCheck(draft: SendDraft, list: GivenList | null) {
  const fields = fieldsOf(draft);
  const now = JSON.stringify([draft.sessionId, list?.number ?? 0, fields]);
  const [settled, setSettled] = useState(now);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(now), SETTLES);
    return () => clearTimeout(timer);
  }, [now]);
  const isReady = list !== null && isComplete(draft);
  const query = useQuery({
    queryKey: ['bulk', 'check', settled],
    queryFn: ({ signal }) =>
      checkBulkFile(draft.sessionId, list?.file ?? new Blob(), fields, signal),
    enabled: isReady && settled === now,
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 0,
  });
  const stale = settled !== now || query.isPlaceholderData || query.isError;
  return {
    data: isReady && !query.isError ? query.data : undefined,
    error: isReady ? query.error : null,
    busy: isReady && (settled !== now || query.isFetching),
    stale,
  };
}

export function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="rounded-10 border border-line bg-surface p-4">
      <h2 className="mb-3 text-16 font-semibold">{title}</h2>
      {children}
    </section>
  );
}

interface FieldsProps {
  draft: SendDraft;
  onChange: (changes: Partial<SendDraft>) => void;
}

function FromFields({ draft, onChange }: FieldsProps) {
  const { data } = useQuery(sessionsQuery);
  return (
    <>
      <Field
        label={w.name}
        hint={w.nameHint}
        required
        maxLength={100}
        autoComplete="off"
        dir="auto"
        value={draft.name}
        onChange={({ target }) => onChange({ name: target.value })}
      />
      <Select
        label={w.account}
        required
        value={draft.sessionId}
        onChange={({ target }) => onChange({ sessionId: target.value })}
      >
        <option value="" disabled />
        {data?.sessions.map((account) => (
          <option key={account.id} value={account.id}>
            {accountName(account)}
          </option>
        ))}
      </Select>
    </>
  );
}

function WhenFields({ draft, onChange }: FieldsProps) {
  const [later, setLater] = useState(false);
  return (
    <>
      <div className="mb-3">
        <Segments
          label={w.when}
          value={later ? 'later' : 'now'}
          options={[
            { value: 'now', label: w.now },
            { value: 'later', label: w.later },
          ]}
          onChoose={(next) => {
            setLater(next === 'later');
            if (next === 'now') onChange({ sendAt: '' });
          }}
        />
      </div>
      {later && (
        <Field
          label={w.sendAt}
          type="datetime-local"
          required
          value={draft.sendAt}
          onChange={({ target }) => onChange({ sendAt: target.value })}
        />
      )}
      <Check
        label={w.spread}
        checked={draft.spread}
        onChange={({ target }) => onChange({ spread: target.checked })}
      />
    </>
  );
}
