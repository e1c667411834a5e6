import type { EngineKind } from '@patchbay/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { createAccount } from '../../api/commands.js';
import { keys } from '../../api/queries.js';
import { messageOf } from '../../api/request.js';
import { Dialog } from '../../ui/dialog.js';
import { Field } from '../../ui/field.js';
import { FormEnd } from '../../ui/form-end.js';
import { Segments } from '../../ui/segments.js';
import { words } from '../../words/words.js';

/** What a person chooses between; session processes are set up by their operator. */
const OFFERED = ['baileys', 'wwebjs'] as const satisfies EngineKind[];
type Offered = (typeof OFFERED)[number];

interface AddAccountProps {
  onClose: () => void;
  onAdded: (id: string) => void;
}

export function AddAccount({ onClose, onAdded }: AddAccountProps) {
  const cache = useQueryClient();
  const [name, setName] = useState('');
  const [engine, setEngine] = useState<Offered>('baileys');
  const add = useMutation({
    mutationFn: () => createAccount({ engine, ...(name.trim() && { displayName: name.trim() }) }),
    onSuccess: async (account) => {
      await cache.invalidateQueries({ queryKey: keys.sessions });
      onAdded(account.id);
    },
  });
  return (
    <Dialog title={words.accounts.addTitle} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <p className="mb-4 text-soft text-pretty">{words.accounts.addText}</p>
        <Field
          label={words.accounts.name}
          hint={words.accounts.nameHint}
          error={add.error ? messageOf(add.error) : null}
          placeholder={words.accounts.namePlaceholder}
          maxLength={100}
          autoComplete="off"
          dir="auto"
          data-autofocus
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <p className="mb-1 text-13 font-medium" aria-hidden="true">
          {words.accounts.engineLabel}
        </p>
        <Segments
          label={words.accounts.engineLabel}
          value={engine}
          options={OFFERED.map((value) => ({ value, label: words.accounts.engine[value] }))}
          onChoose={setEngine}
        />
        <p className="mt-1 mb-4 min-h-14 text-13 text-soft text-pretty" aria-live="polite">
          {words.accounts.engineHint[engine]}
        </p>
        <FormEnd submit={words.accounts.addSubmit} busy={add.isPending} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
