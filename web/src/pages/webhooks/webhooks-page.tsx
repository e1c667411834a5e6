import type { Webhook } from '@patchbay/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Plus, Webhook as WebhookIcon } from 'lucide-react';
import { webhooksQuery } from '../../api/webhooks.js';
import { Button } from '../../ui/button.js';
import { Bone, ErrorNotice, Notice } from '../../ui/states.js';
import { webhookWords as w } from '../../words/webhook-words.js';
import { words } from '../../words/words.js';
import { WebhookForm } from './webhook-form.js';
import { nameOf, WebhookScope, WebhookSigns } from './webhook-signs.js';

export function WebhooksPage() {
  const { add } = useSearch({ from: '/signed-in/webhooks' });
  const navigate = useNavigate({ from: '/webhooks' });
  const { data, error, isPending, refetch } = useQuery(webhooksQuery);
  const setAdding = (adding: boolean) =>
    void navigate({ search: { add: adding || undefined }, replace: true });
  const webhooks = data?.webhooks ?? [];
  const addButton = (
    <Button
      look="primary"
      icon={<Plus className="size-4.5" aria-hidden />}
      onClick={() => setAdding(true)}
    >
      {w.add}
    </Button>
  );
  return (
    <div className="mx-auto max-w-280 px-4 pt-4 pb-12 sm:px-6">
      <title>{`${w.title} · ${words.product}`}</title>
      <header className="mb-4 flex min-h-10 items-center justify-between gap-4">
        <h1 className="text-20 font-semibold">{w.title}</h1>
        {webhooks.length > 0 && addButton}
      </header>
      {isPending && <LoadingWebhooks />}
      {error && !data && (
        <ErrorNotice error={error} retry={() => void refetch()} className="py-16" />
      )}
      {data && webhooks.length === 0 && (
        <Notice
          icon={<WebhookIcon className="size-6" aria-hidden />}
          title={w.emptyTitle}
          text={w.emptyText}
          className="py-20"
        >
          {addButton}
        </Notice>
      )}
      {webhooks.length > 0 && (
        <ul aria-label={w.list} className="flex flex-col gap-3">
          {webhooks.map((webhook) => (
            <li key={webhook.id}>
              <WebhookCard webhook={webhook} />
            </li>
          ))}
        </ul>
      )}
      {add && <WebhookForm onClose={() => setAdding(false)} />}
    </div>
  );
}

function WebhookCard({ webhook }: { webhook: Webhook }) {
  return (
    <Link
      to="/webhooks/$webhookId"
      params={{ webhookId: webhook.id }}
      aria-label={w.open(nameOf(webhook))}
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

function LoadingWebhooks() {
  return (
    <div role="status" aria-label={w.loading} className="flex flex-col gap-3">
      {['first', 'second', 'third'].map((key) => (
        <div
          key={key}
          className="flex h-19 items-center gap-3 rounded-10 border border-line bg-surface p-4"
        >
          <div className="flex-1 space-y-2">
            <Bone className="h-4 w-56" />
            <Bone className="h-3 w-36" />
          </div>
          <Bone className="h-6 w-16 rounded-full" />
        </div>
      ))}
    </div>
  );
}
