import type { Webhook } from '@patchbay/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { History, KeyRound, Pencil, Power, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { messageOf } from '../../api/request.js';
import {
  deleteWebhook,
  renewWebhookSecret,
  updateWebhook,
  webhookKeys,
} from '../../api/webhooks.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { Menu, MenuItem, MenuLine } from '../../ui/menu.js';
import type { Trigger } from '../../ui/on-demand.js';
import { webhookWords as w } from '../../words/webhook-words.js';
import { RedeliverSpan } from './redeliver-span.js';
import { SecretShown } from './secret-shown.js';
import { WebhookForm } from './webhook-form.js';

type Open = 'change' | 'span' | 'renew' | 'remove' | null;

/** What is done with a webhook less often. */
export function WebhookMenuContent({ webhook, trigger }: { webhook: Webhook; trigger: Trigger }) {
  const cache = useQueryClient();
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const toggle = useMutation({
    mutationFn: () => updateWebhook(webhook.id, { enabled: !webhook.enabled }),
    onSuccess: async ({ enabled }) => {
      await cache.invalidateQueries({ queryKey: webhookKeys.all });
      toast.success(enabled ? w.turnedOn : w.turnedOff);
    },
    onError: (error) => toast.error(messageOf(error)),
  });
  const icon = 'size-4.5';
  return (
    <>
      <Menu trigger={trigger}>
        <MenuItem icon={<Pencil className={icon} />} onSelect={() => setOpen('change')}>
          {w.change}
        </MenuItem>
        <MenuItem icon={<Power className={icon} />} onSelect={() => toggle.mutate()}>
          {webhook.enabled ? w.turnOff : w.turnOn}
        </MenuItem>
        <MenuItem icon={<History className={icon} />} onSelect={() => setOpen('span')}>
          {w.span}
        </MenuItem>
        <MenuItem icon={<KeyRound className={icon} />} onSelect={() => setOpen('renew')}>
          {w.renew}
        </MenuItem>
        <MenuLine />
        <MenuItem danger icon={<Trash2 className={icon} />} onSelect={() => setOpen('remove')}>
          {w.remove}
        </MenuItem>
      </Menu>
      {open === 'change' && <WebhookForm webhook={webhook} onClose={close} />}
      {open === 'span' && <RedeliverSpan webhookId={webhook.id} onClose={close} />}
      {open === 'renew' && <Renew webhook={webhook} onClose={close} />}
      {open === 'remove' && <Remove webhook={webhook} onClose={close} />}
    </>
  );
}

function Renew({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const renew = useMutation({
    mutationFn: () => renewWebhookSecret(webhook.id),
    onError: (error) => toast.error(messageOf(error)),
  });
  if (renew.data) return <SecretShown secret={renew.data.secret} onClose={onClose} />;
  return (
    <Dialog title={w.renewTitle} onClose={onClose}>
      <p className="mb-4 text-pretty">{w.renewText}</p>
      <div className="flex justify-end gap-2">
        <Button look="quiet" onClick={onClose}>
          {w.form.cancel}
        </Button>
        <Button look="danger" busy={renew.isPending} onClick={() => renew.mutate()}>
          {w.renewSubmit}
        </Button>
      </div>
    </Dialog>
  );
}

function Remove({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const cache = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => deleteWebhook(webhook.id),
    onSuccess: async () => {
      toast.success(w.removed);
      await navigate({ to: '/webhooks' });
      cache.removeQueries({ queryKey: webhookKeys.one(webhook.id) });
      await cache.invalidateQueries({ queryKey: webhookKeys.list });
    },
    onError: (error) => toast.error(messageOf(error)),
  });
  return (
    <Dialog title={w.removeTitle} onClose={onClose}>
      <p className="mb-4 text-pretty">{w.removeText}</p>
      <div className="flex justify-end gap-2">
        <Button look="quiet" onClick={onClose}>
          {w.form.cancel}
        </Button>
        <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
          {w.removeSubmit}
        </Button>
      </div>
    </Dialog>
  );
}
