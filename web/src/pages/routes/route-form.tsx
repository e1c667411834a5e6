import type { AccountGroup } from '@patchbay/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { accountName } from '../../account-name.js';
import { createRoute } from '../../api/knowledge.js';
import { knowledgeKeys } from '../../api/knowledge-keys.js';
import { sessionsQuery } from '../../api/queries.js';
import { Dialog } from '../../ui/dialog.js';
import { Field } from '../../ui/field.js';
import { Check, Select } from '../../ui/form.js';
import { FormEnd } from '../../ui/form-end.js';
import { knowledgeWords } from '../../words/knowledge-words.js';
import { RouteGraph } from './route-graph.js';

const w = knowledgeWords.form;
/** So many groups are offered at once; the field above finds the others. */
const OFFERED = 100;

/** Adds a route; shows what it will do before it does. */
export function RouteForm(props: { groups: AccountGroup[]; source: string; onClose: () => void }) {
  const { groups, onClose } = props;
  const cache = useQueryClient();
  const [source, setSource] = useState(props.source);
  const [targets, setTargets] = useState<string[]>([]);
  const [account, setAccount] = useState('');
  const { data } = useQuery(sessionsQuery);
  const all = distinct(groups);
  const nameOf = (id: string) => all.find((group) => group.id === id)?.subject ?? null;
  const save = useMutation({
    mutationFn: () =>
      createRoute({
        sourceGroupId: source,
        targetGroupIds: targets,
        ...(account && { sessionId: account }),
      }),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: knowledgeKeys.routes });
      toast.success(w.created);
      onClose();
    },
  });
  const change = (act: () => void) => {
    save.reset();
    act();
  };
  return (
    <Dialog title={w.title} onClose={onClose} wide>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Select
          label={w.source}
          required
          value={source}
          data-autofocus
          onChange={({ target }) =>
            change(() => {
              setSource(target.value);
              setTargets(targets.filter((id) => id !== target.value));
            })
          }
        >
          <option value="">{w.choose}</option>
          {all.map(({ id, subject }) => (
            <option key={id} value={id}>
              {subject}
            </option>
          ))}
        </Select>
        <Targets
          groups={all.filter(({ id }) => id !== source)}
          chosen={targets}
          onChange={(ids) => change(() => setTargets(ids))}
        />
        <Select
          label={w.account}
          value={account}
          onChange={({ target }) => change(() => setAccount(target.value))}
        >
          <option value="">{w.automatic}</option>
          {(data?.sessions ?? []).map((session) => (
            <option key={session.id} value={session.id}>
              {accountName(session)}
            </option>
          ))}
        </Select>
        {source && targets.length > 0 && (
          <section aria-label={w.preview} className="mb-3 rounded-10 bg-canvas p-3">
            <RouteGraph
              source={nameOf(source)}
              targets={targets.map((id) => ({ id, subject: nameOf(id) }))}
            />
          </section>
        )}
        <FormEnd
          submit={w.create}
          busy={save.isPending}
          disabled={!source || targets.length === 0}
          problem={save.error}
          onCancel={onClose}
        />
      </form>
    </Dialog>
  );
}

function Targets(props: {
  groups: AccountGroup[];
  chosen: string[];
  onChange: (ids: string[]) => void;
}) {
  const { groups, chosen, onChange } = props;
  const [find, setFind] = useState('');
  const wanted = find.trim().toLocaleLowerCase();
  const shown = groups
    .filter(
      ({ id, subject }) => chosen.includes(id) || subject.toLocaleLowerCase().includes(wanted),
    )
    .slice(0, OFFERED);
  return (
    <fieldset className="pb-3">
      <legend className="mb-1 text-13 font-medium">{w.targets}</legend>
      {groups.length > 8 && (
        <Field
          label={w.find}
          type="search"
          autoComplete="off"
          value={find}
          onChange={({ target }) => setFind(target.value)}
        />
      )}
      <div className="max-h-52 overflow-y-auto rounded-6 border border-control-line px-3 py-1">
        {shown.length === 0 && <p className="py-2 text-soft">{w.noOther}</p>}
        {shown.map(({ id, subject }) => (
          <Check
            key={id}
            label={subject}
            checked={chosen.includes(id)}
            onChange={({ target }) =>
              onChange(target.checked ? [...chosen, id] : chosen.filter((other) => other !== id))
            }
          />
        ))}
      </div>
    </fieldset>
  );
}

/** A group that two accounts are in is one group. */
function distinct(groups: AccountGroup[]): AccountGroup[] {
  const known = new Map(groups.map((group) => [group.id, group]));
  return [...known.values()].sort((a, b) => a.subject.localeCompare(b.subject));
}
