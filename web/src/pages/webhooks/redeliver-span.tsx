import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { messageOf } from '../../api/request.js';
import { redeliver } from '../../api/webhooks.js';
import { Dialog } from '../../ui/dialog.js';
import { Field } from '../../ui/field.js';
import { FormEnd } from '../../ui/form-end.js';
import { webhookWords as w } from '../../words/webhook-words.js';

/** Delivers the events of a time span again; times are the browser's. */
export function RedeliverSpan({ webhookId, onClose }: { webhookId: string; onClose: () => void }) {
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const again = useMutation({
    mutationFn: () =>
      redeliver(webhookId, {
        from: new Date(from).toISOString(),
        ...(to && { to: new Date(to).toISOString() }),
      }),
    onSuccess: () => {
      toast.success(w.spanQueued);
      onClose();
    },
  });
  return (
    <Dialog title={w.spanTitle} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          again.mutate();
        }}
      >
        <p className="mb-4 text-soft text-pretty">{w.spanText}</p>
        <Field
          label={w.from}
          type="datetime-local"
          required
          error={again.error ? messageOf(again.error) : null}
          data-autofocus
          value={from}
          onChange={(event) => setFrom(event.target.value)}
        />
        <Field
          label={w.to}
          hint={w.toHint}
          type="datetime-local"
          min={from}
          value={to}
          onChange={(event) => setTo(event.target.value)}
        />
        <FormEnd submit={w.spanSubmit} busy={again.isPending} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
