import type { OneTimeLink, Role } from '@patchbay/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { accessKeys, invite } from '../../api/access.js';
import { messageOf } from '../../api/request.js';
import { Dialog } from '../../ui/dialog.js';
import { Field } from '../../ui/field.js';
import { Select } from '../../ui/form.js';
import { FormEnd } from '../../ui/form-end.js';
import { accessWords } from '../../words/access-words.js';

const w = accessWords.users;

interface InviteDialogProps {
  onClose: () => void;
  onMade: (link: OneTimeLink) => void;
}

export function InviteDialog({ onClose, onMade }: InviteDialogProps) {
  const cache = useQueryClient();
  const [role, setRole] = useState<Role>('agent');
  const [email, setEmail] = useState('');
  const create = useMutation({
    mutationFn: () => invite({ role, ...(email.trim() && { email: email.trim() }) }),
    onSuccess: async (link) => {
      await cache.invalidateQueries({ queryKey: accessKeys.invitations });
      onMade(link);
    },
  });
  return (
    <Dialog title={w.inviteTitle} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <p className="mb-4 text-soft text-pretty">{w.inviteText}</p>
        <Select
          label={w.role}
          value={role}
          onChange={(event) => setRole(event.target.value as Role)}
        >
          <option value="agent">{accessWords.role.agent}</option>
          <option value="admin">{accessWords.role.admin}</option>
        </Select>
        <p className="-mt-2 mb-3 text-13 text-soft">{w.roleHint[role]}</p>
        <Field
          label={accessWords.email}
          hint={w.inviteEmailHint}
          error={create.error ? messageOf(create.error) : null}
          type="email"
          autoComplete="off"
          data-autofocus
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <FormEnd submit={w.create} busy={create.isPending} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
