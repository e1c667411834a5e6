import type { Action, NewApiKey } from '@patchbay/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { accessKeys, createApiKey } from '../../api/access.js';
import { Dialog } from '../../ui/dialog.js';
import { Field } from '../../ui/field.js';
import { Check, Select } from '../../ui/form.js';
import { FormEnd } from '../../ui/form-end.js';
import { accessWords } from '../../words/access-words.js';
import { AccountChoice } from './account-choice.js';

const w = accessWords.keys;
const ACTIONS: Action[] = ['read', 'send', 'manage'];
const DAYS = [30, 90, 365];

interface ApiKeyFormProps {
  onClose: () => void;
  onMade: (key: NewApiKey) => void;
}

export function ApiKeyForm({ onClose, onMade }: ApiKeyFormProps) {
  const cache = useQueryClient();
  const [name, setName] = useState('');
  const [actions, setActions] = useState<Action[]>(['read']);
  const [sessions, setSessions] = useState<string[] | null>(null);
  const [days, setDays] = useState('');
  const [missing, setMissing] = useState('');
  const create = useMutation({
    mutationFn: () =>
      createApiKey({
        name: name.trim(),
        actions,
        sessions,
        ...(days && { expiresInDays: Number(days) }),
      }),
    onSuccess: async (key) => {
      await cache.invalidateQueries({ queryKey: accessKeys.apiKeys });
      onMade(key);
    },
  });
  return (
    <Dialog title={w.add} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const lacks = lacking(actions, sessions);
          setMissing(lacks);
          if (!lacks) create.mutate();
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
                setMissing('');
                setActions(
                  ACTIONS.filter((one) =>
                    one === action ? event.target.checked : actions.includes(one),
                  ),
                );
              }}
            />
          ))}
        </fieldset>
        <AccountChoice
          chosen={sessions}
          onChoose={(chosen) => {
            setMissing('');
            setSessions(chosen);
          }}
        />
        <Select label={w.expiry} value={days} onChange={(event) => setDays(event.target.value)}>
          <option value="">{w.never}</option>
          {DAYS.map((count) => (
            <option key={count} value={count}>
              {w.inDays(count)}
            </option>
          ))}
        </Select>
        <FormEnd
          submit={w.create}
          busy={create.isPending}
          problem={missing || create.error}
          onCancel={onClose}
        />
      </form>
    </Dialog>
  );
}

function lacking(actions: Action[], sessions: string[] | null): string {
  if (actions.length === 0) return w.needsAction;
  return sessions?.length === 0 ? w.needsAccount : '';
}
