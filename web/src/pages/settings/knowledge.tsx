import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import {
  knowledgeAdminsQuery,
  reindexQuery,
  setKnowledgeAdmins,
  startReindex,
  stopReindex,
} from '../../api/knowledge.js';
import { knowledgeKeys } from '../../api/knowledge-keys.js';
import { messageOf } from '../../api/request.js';
import { formatPhone, parsePhone } from '../../format/phone.js';
import { Button } from '../../ui/button.js';
import { Field } from '../../ui/field.js';
import { When } from '../../ui/when.js';
import { knowledgeWords } from '../../words/knowledge-words.js';
import { NotYet, Row, Rows, RowText, Section } from './section.js';

const w = knowledgeWords.admins;

/** Whose star approves messages of groups, and the index by which those are found. */
export function Knowledge() {
  return (
    <>
      <Admins />
      <SearchIndex />
    </>
  );
}

function SearchIndex() {
  const cache = useQueryClient();
  const { data, error, refetch } = useQuery(reindexQuery);
  const act = useMutation({
    mutationFn: () => (data?.running ? stopReindex() : startReindex()),
    onSuccess: (state) => cache.setQueryData(knowledgeKeys.reindex, state),
    onError: (refused) => toast.error(messageOf(refused)),
  });
  return (
    <Section
      title={w.index}
      text={w.indexText}
      action={
        <Button busy={act.isPending} disabled={!data} onClick={() => act.mutate()}>
          {data?.running ? w.stop : w.reindex}
        </Button>
      }
    >
      {!data && <NotYet error={error} retry={refetch} />}
      {data && (
        <p role="status" className="tabular-nums">
          {data.startedAt ? w.progress(data.done, data.total) : w.never}
          {data.finishedAt && (
            <span className="text-soft">
              {' '}
              · {w.finished} <When at={data.finishedAt} />
            </span>
          )}
        </p>
      )}
    </Section>
  );
}

function Admins() {
  const cache = useQueryClient();
  const { data, error, refetch } = useQuery(knowledgeAdminsQuery);
  const [typed, setTyped] = useState('');
  const admins = data?.admins ?? [];
  const save = useMutation({
    mutationFn: setKnowledgeAdmins,
    onSuccess: (answer) => {
      cache.setQueryData(knowledgeKeys.admins, answer);
      setTyped('');
      toast.success(w.saved);
    },
    onError: (refused) => toast.error(messageOf(refused)),
  });
  const without = (jid: string) => admins.filter((one) => one.jid !== jid).map((one) => one.jid);
  return (
    <Section title={w.title} text={w.text}>
      <form
        className="mb-4 flex max-w-md items-start gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          const added = parsePhone(typed) ?? typed.trim();
          if (data && added) save.mutate([...admins.map(({ jid }) => jid), added]);
        }}
      >
        <Field
          className="flex-1"
          label={w.number}
          hint={w.numberHint}
          autoComplete="off"
          spellCheck={false}
          maxLength={128}
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
        />
        <Button
          type="submit"
          look="primary"
          className="mt-5.5"
          busy={save.isPending}
          disabled={!typed.trim()}
        >
          {w.add}
        </Button>
      </form>
      {!data && <NotYet error={error} retry={refetch} />}
      {data && admins.length === 0 && <p className="text-soft">{w.none}</p>}
      {admins.length > 0 && (
        <Rows label={w.list}>
          {admins.map(({ jid, phone, name }) => {
            const number = phone ? formatPhone(phone) : null;
            return (
              <Row key={jid}>
                <RowText first={name ?? number ?? w.unnamed} second={name ? number : null} />
                <Button
                  aria-label={w.removeOne(name ?? number ?? w.unnamed)}
                  disabled={save.isPending}
                  onClick={() => save.mutate(without(jid))}
                >
                  {w.remove}
                </Button>
              </Row>
            );
          })}
        </Rows>
      )}
    </Section>
  );
}
