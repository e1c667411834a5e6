import type {
  CreateWebhook,
  DeliveryPage,
  Done,
  Redeliver,
  UpdateWebhook,
  Webhook,
  WebhookPage,
  WebhookTestAnswer,
  WebhookWithSecret,
} from '@patchbay/contract';
import {
  type InfiniteData,
  infiniteQueryOptions,
  type QueryKey,
  queryOptions,
} from '@tanstack/react-query';
import { ask } from './request.js';

const DELIVERIES_PER_PAGE = 50;
/** Counts and deliveries change without being told of by the event stream (ms). */
const LOOK_EVERY = 5_000;

export const webhookKeys = {
  all: ['webhooks'] as const,
  list: ['webhooks', 'list'] as const,
  one: (id: string) => ['webhooks', id] as const,
  deliveries: (id: string, show?: string) => ['webhooks', id, 'deliveries', show ?? null] as const,
};

const webhook = (id: string) => `/webhooks/${encodeURIComponent(id)}`;

/** As many as an owner may have. */
export const webhooksQuery = queryOptions({
  queryKey: webhookKeys.list,
  queryFn: ({ signal }) => ask<WebhookPage>('/webhooks?limit=200', { signal }),
  refetchInterval: LOOK_EVERY,
});

export function webhookQuery(id: string) {
  return queryOptions({
    queryKey: webhookKeys.one(id),
    queryFn: ({ signal }) => ask<Webhook>(webhook(id), { signal }),
    refetchInterval: LOOK_EVERY,
  });
}

/** First page = newest. */
export function deliveriesQuery(id: string, show: 'pending' | 'dead' | undefined) {
  return infiniteQueryOptions<
    DeliveryPage,
    Error,
    InfiniteData<DeliveryPage, string | null>,
    QueryKey,
    string | null
  >({
    queryKey: webhookKeys.deliveries(id, show),
    queryFn: ({ pageParam, signal }) => {
      const params = new URLSearchParams({ limit: String(DELIVERIES_PER_PAGE) });
      if (show) params.set('state', show);
      if (pageParam) params.set('before', pageParam);
      return ask<DeliveryPage>(`${webhook(id)}/deliveries?${params}`, { signal });
    },
    initialPageParam: null,
    getNextPageParam: (page) => page.before,
    refetchInterval: LOOK_EVERY,
  });
}

export const createWebhook = (body: CreateWebhook) =>
  ask<WebhookWithSecret>('/webhooks', { method: 'POST', body });

export const updateWebhook = (id: string, body: UpdateWebhook) =>
  ask<Webhook>(webhook(id), { method: 'PUT', body });

export const deleteWebhook = (id: string) => ask<Done>(webhook(id), { method: 'DELETE' });

/** The old secret stops signing at once. */
export const renewWebhookSecret = (id: string) =>
  ask<WebhookWithSecret>(`${webhook(id)}/secret`, { method: 'POST' });

/** Resolves when the webhook has answered, or not, for up to half a minute. */
export const testWebhook = (id: string) =>
  ask<WebhookTestAnswer>(`${webhook(id)}/test`, { method: 'POST' });

export const redeliver = (id: string, body: Redeliver) =>
  ask<Done>(`${webhook(id)}/redeliver`, { method: 'POST', body });
