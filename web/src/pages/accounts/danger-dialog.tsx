import type { Session } from '@patchbay/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { accountName } from '../../account-name.js';
import { logOutSession, removeAccount } from '../../api/commands.js';
import { keys } from '../../api/queries.js';
import { messageOf } from '../../api/request.js';
import { formatPhone } from '../../format/phone.js';
import { Dialog } from '../../ui/dialog.js';
import { Field } from '../../ui/field.js';
import { FormEnd } from '../../ui/form-end.js';
import { words } from '../../words/words.js';

export type DangerousAction = 'logOut' | 'remove';

interface DangerDialogProps {
  action: DangerousAction;
  session: Session;
  onClose: () => void;
  onDone?: () => void;
}

/** Names what is lost and asks for the account's name before it is. */
export function DangerDialog({ action, session, onClose, onDone }: DangerDialogProps) {
  const cache = useQueryClient();
  const [name] = useState(() => accountName(session));
  const [typed, setTyped] = useState('');
  const phone = session.phone && formatPhone(session.phone);
  const texts = TEXTS[action](name, phone);
  const command = useMutation({
    mutationFn: (): Promise<unknown> =>
      action === 'remove' ? removeAccount(session.id) : logOutSession(session.id),
    onSuccess: () => {
      toast.success(texts.done);
      onClose();
      onDone?.();
      return cache.invalidateQueries({ queryKey: keys.sessions });
    },
    onError: (error) => toast.error(messageOf(error)),
  });
  const matches = normal(typed) === normal(name);
  return (
    <Dialog title={texts.title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (matches) command.mutate();
        }}
      >
        <p>{texts.text}</p>
        <ul className="my-3 list-disc space-y-1 pl-5">
          {texts.lost.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        <p className="mb-4 text-soft">{texts.kept}</p>
        <Field
          label={words.danger.confirmLabel(name)}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          autoComplete="off"
          spellCheck={false}
          dir="auto"
          data-autofocus
        />
        <FormEnd
          submit={texts.submit}
          busy={command.isPending}
          disabled={!matches}
          danger
          onCancel={onClose}
        />
      </form>
    </Dialog>
  );
}

const TEXTS = {
  remove: (name: string, phone: string | null) => ({
    title: words.danger.removeTitle(name),
    text: words.danger.removeText,
    lost: words.danger.removeLost(phone),
    kept: words.danger.removeKept,
    submit: words.danger.removeSubmit,
    done: words.danger.removed(name),
  }),
  logOut: (name: string, phone: string | null) => ({
    title: words.danger.logOutTitle(name),
    text: words.danger.logOutText,
    lost: words.danger.logOutLost(phone),
    kept: words.danger.logOutKept,
    submit: words.danger.logOutSubmit,
    done: words.danger.loggedOut(name),
  }),
} satisfies Record<DangerousAction, unknown>;

/** Spaces and letter case are no reason to refuse somebody who typed the right name. */
function normal(text: string): string {
  return text.trim().replace(/\s+/g, ' ').toLocaleLowerCase();
}
