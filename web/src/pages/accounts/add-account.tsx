import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { createAccount } from '../../api/commands.js';
import { keys } from '../../api/queries.js';
import { messageOf } from '../../api/request.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { Field } from '../../ui/field.js';
import { words } from '../../words/words.js';

interface AddAccountProps {
  onClose: () => void;
  onAdded: (id: string) => void;
}

export function AddAccount({ onClose, onAdded }: AddAccountProps) {
  const cache = useQueryClient();
  const [name, setName] = useState('');
  const add = useMutation({
    mutationFn: () => createAccount(name.trim() ? { displayName: name.trim() } : {}),
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
        <div className="mt-4 flex justify-end gap-2">
          <Button look="quiet" onClick={onClose}>
            {words.accounts.cancel}
          </Button>
          <Button type="submit" look="primary" busy={add.isPending}>
            {words.accounts.addSubmit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
