import type { Action, NewApiKey } from '@patchbay/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { accountName } from '../../account-name.js';
import { accessKeys, createApiKey } from '../../api/access.js';
import { sessionsQuery } from '../../api/queries.js';
import { messageOf } from '../../api/request.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { Field } from '../../ui/field.js';
import { Check, Select } from '../../ui/form.js';
import { accessWords } from '../../words/access-words.js';

const w = accessWords.keys;
const ACTIONS: Action[] = ['read', 'send', 'manage'];
const DAYS = [30, 90, 365];

interface ApiKeyFormProps {
  onClose: () => void;
  onMade: (key: NewApiKey) => void;
}

export function ApiKeyForm({ onClose, onMade }: ApiKeyFormProps) {
  const cache = useQueryClient();
  const { data } = useQuery(sessionsQuery);
  const [name, setName] = useState('');
  const [actions, setActions] = useState<Action[]>(['read']);
  const [session, setSession] = useState('');
  const [days, setDays] = useState('');
  const [none, setNone] = useState(false);
  const create = useMutation({
    mutationFn: () =>
      createApiKey({
        name: name.trim(),
        actions,
        sessions: session ? [session] : null,
        ...(days && { expiresInDays: Number(days) }),
      }),
    onSuccess: async (key) => {
      await cache.invalidateQueries({ queryKey: accessKeys.apiKeys });
      onMade(key);
    },
  });
  const problem = none ? w.needsAction : create.error ? messageOf(create.error) : '';
  return (
    <Dialog title={w.add} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setNone(actions.length === 0);
          if (actions.length > 0) create.mutate();
        }}
      >
        <Field
          label={w.name}
          hint={w.nameHint}
          required
          maxLength={100}
          autoComplete="off"
          dir="auto"
          data-autofocus
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <fieldset className="mt-3 mb-3">
          <legend className="mb-1 text-13 font-medium">{w.actions}</legend>
          {ACTIONS.map((action) => (
            <Check
              key={action}
              label={w.action[action]}
              checked={actions.includes(action)}
              onChange={(event) => {
                setNone(false);
                setActions(
                  ACTIONS.filter((one) =>
                    one === action ? event.target.checked : actions.includes(one),
                  ),
                );
              }}
            />
          ))}
        </fieldset>
        <Select
          label={w.accounts}
          value={session}
          onChange={(event) => setSession(event.target.value)}
        >
          <option value="">{w.allAccounts}</option>
          {data?.sessions.map((one) => (
            <option key={one.id} value={one.id}>
              {accountName(one)}
            </option>
          ))}
        </Select>
        <Select label={w.expiry} value={days} onChange={(event) => setDays(event.target.value)}>
          <option value="">{w.never}</option>
          {DAYS.map((count) => (
            <option key={count} value={count}>
              {w.inDays(count)}
            </option>
          ))}
        </Select>
        <p role="alert" className="min-h-4.5 text-13 text-danger">
          {problem}
        </p>
        <div className="mt-2 flex justify-end gap-2">
          <Button look="quiet" onClick={onClose}>
            {accessWords.settings.cancel}
          </Button>
          <Button type="submit" look="primary" busy={create.isPending}>
            {w.create}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
