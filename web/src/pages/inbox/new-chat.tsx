import type { Chat, Session } from '@patchbay/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { accountName } from '../../account-name.js';
import { startChat } from '../../api/inbox.js';
import { messageOf } from '../../api/request.js';
import { formatPhone, parsePhone } from '../../format/phone.js';
import { putChat } from '../../live/apply-inbox.js';
import { Dialog } from '../../ui/dialog.js';
import { Field } from '../../ui/field.js';
import { Select } from '../../ui/form.js';
import { FormEnd } from '../../ui/form-end.js';
import { inboxWords as words } from '../../words/inbox-words.js';

interface NewChatProps {
  accounts: Session[];
  /** The account that is chosen in the list, if any. */
  account: string | undefined;
  onClose: () => void;
  onStarted: (chat: Chat) => void;
}

/** A chat with a number that has none yet. */
export function NewChat({ accounts, account, onClose, onStarted }: NewChatProps) {
  const cache = useQueryClient();
  const able = accounts.filter(({ state }) => state.status === 'connected');
  const [from, setFrom] = useState(account ?? able[0]?.id ?? accounts[0]?.id ?? '');
  const [typed, setTyped] = useState('');
  const [invalid, setInvalid] = useState(false);
  const start = useMutation({
    mutationFn: (phone: string) => startChat(from, phone),
    onSuccess: (chat) => {
      putChat(cache, chat);
      onStarted(chat);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const phone = parsePhone(typed);
    setInvalid(!phone);
    if (phone) start.mutate(phone);
  };
  const error = invalid ? words.newChatInvalid : start.error && messageOf(start.error);
  return (
    <Dialog title={words.newChat} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <p className="mb-4 text-soft">{words.newChatText}</p>
        {accounts.length > 1 && (
          <Select
            label={words.newChatFrom}
            value={from}
            onChange={(event) => setFrom(event.target.value)}
          >
            {accounts.map((session) => (
              <option key={session.id} value={session.id}>
                {accountName(session)}
                {session.phone && ` · ${formatPhone(session.phone)}`}
              </option>
            ))}
          </Select>
        )}
        <Field
          label={words.newChatPhone}
          hint={words.newChatHint}
          error={error}
          data-autofocus
          type="tel"
          autoComplete="off"
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setInvalid(false);
            start.reset();
          }}
        />
        <FormEnd submit={words.start} busy={start.isPending} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
