import type { Webhook } from '@patchbay/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Webhook as WebhookIcon } from 'lucide-react';
import { webhooksQuery } from '../../api/webhooks.js';
import { AddButton } from '../../ui/add-button.js';
import { ListPage } from '../../ui/list-page.js';
import { webhookWords as w } from '../../words/webhook-words.js';
import { WebhookForm } from './webhook-form.js';
import { nameOf, WebhookScope, WebhookSigns } from './webhook-signs.js';

export function WebhooksPage() {
  const { add } = useSearch({ from: '/signed-in/webhooks' });
  const navigate = useNavigate({ from: '/webhooks' });
  const query = useQuery(webhooksQuery);
  const setAdding = (adding: boolean) =>
    void navigate({ search: { add: adding || undefined }, replace: true });
  return (
    <ListPage
      title={w.title}
      label={w.list}
      loading={w.loading}
      query={query}
      items={query.data?.webhooks}
      add={<AddButton label={w.add} onClick={() => setAdding(true)} />}
      empty={{
        icon: <WebhookIcon className="size-6" aria-hidden />,
        title: w.emptyTitle,
        text: w.emptyText,
        add: true,
      }}
      card={(webhook) => <WebhookCard webhook={webhook} />}
    >
      {add && <WebhookForm onClose={() => setAdding(false)} />}
    </ListPage>
  );
}

function WebhookCard({ webhook }: { webhook: Webhook }) {
  return (
    <Link
      to="/webhooks/$webhookId"
      params={{ webhookId: webhook.id }}
      className="flex items-center gap-4 rounded-10 border border-line bg-surface p-4 transition-colors hover:border-control-line max-sm:flex-col max-sm:items-stretch max-sm:gap-3"
    >
      <div className="min-w-0 flex-1">
        <p className="truncate font-semibold" dir="auto">
          {nameOf(webhook)}
        </p>
        {webhook.name && <p className="truncate text-13 text-soft">{webhook.url}</p>}
        <WebhookScope webhook={webhook} className="mt-1" />
      </div>
      <WebhookSigns webhook={webhook} />
    </Link>
  );
}
