import type { Webhook } from '@patchbay/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { Ellipsis, Send } from 'lucide-react';
import { toast } from 'sonner';
import { messageOf } from '../../api/request.js';
import { testWebhook, webhookQuery } from '../../api/webhooks.js';
import { Button, IconButton } from '../../ui/button.js';
import { ItemPage } from '../../ui/item-page.js';
import { OnDemand } from '../../ui/on-demand.js';
import { Bone } from '../../ui/states.js';
import { webhookWords as w } from '../../words/webhook-words.js';
import { Deliveries } from './deliveries.js';
import { nameOf, WebhookScope, WebhookSigns } from './webhook-signs.js';

export function WebhookPage() {
  const { webhookId } = useParams({ from: '/signed-in/webhooks/$webhookId' });
  const { show } = useSearch({ from: '/signed-in/webhooks/$webhookId' });
  const query = useQuery(webhookQuery(webhookId));
  return (
    <ItemPage
      list={{ to: '/webhooks', title: w.title, back: w.back }}
      name={(webhook) => nameOf(webhook)}
      query={query}
      loading={<LoadingHead />}
    >
      {(webhook) => (
        <>
          <Head webhook={webhook} />
          <Deliveries webhook={webhook} show={show} />
        </>
      )}
    </ItemPage>
  );
}

function Head({ webhook }: { webhook: Webhook }) {
  const test = useMutation({
    mutationFn: () => testWebhook(webhook.id),
    onSuccess: ({ delivered, status, error, durationMs }) => {
      const time = w.duration(durationMs);
      if (status === null) toast.error(w.testFailed(error ?? ''));
      else if (delivered) toast.success(w.tested(status, time));
      else toast.error(w.testRefused(status, time));
    },
    onError: (error) => toast.error(messageOf(error)),
  });
  return (
    <header className="mb-6 mt-1 flex items-start gap-4 max-sm:flex-col max-sm:items-stretch">
      <div className="min-w-0 flex-1">
        <h1 className="text-20 font-semibold wrap-anywhere-soft" dir="auto">
          {nameOf(webhook)}
        </h1>
        {webhook.name && <p className="text-soft wrap-anywhere-soft">{webhook.url}</p>}
        <WebhookScope webhook={webhook} className="mt-1 mb-3" />
        <WebhookSigns webhook={webhook} />
      </div>
      <div className="flex gap-2">
        <Button
          className="max-sm:flex-1"
          icon={<Send className="size-4" aria-hidden />}
          busy={test.isPending}
          onClick={() => test.mutate()}
        >
          {w.test}
        </Button>
        <OnDemand
          trigger={
            <IconButton label={w.more}>
              <Ellipsis className="size-5" aria-hidden />
            </IconButton>
          }
          load={loadMenu}
          rest={{ webhook }}
        />
      </div>
    </header>
  );
}

const loadMenu = async () => (await import('./webhook-menu-content.js')).WebhookMenuContent;

function LoadingHead() {
  return (
    <div role="status" aria-label={w.loading} className="mt-2 mb-6 space-y-3">
      <Bone className="h-6 w-72 max-w-full" />
      <Bone className="h-4 w-48" />
      <Bone className="h-6 w-24 rounded-full" />
    </div>
  );
}
