import {
  type CreateWebhook,
  DeliveryPage,
  Done,
  type Redeliver,
  type UpdateWebhook,
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
import { request } from './request.js';

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
  queryFn: ({ signal }) => request('/webhooks?limit=200', WebhookPage, { signal }),
  refetchInterval: LOOK_EVERY,
});

export function webhookQuery(id: string) {
  return queryOptions({
    queryKey: webhookKeys.one(id),
    queryFn: ({ signal }) => request(webhook(id), Webhook, { signal }),
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
      return request(`${webhook(id)}/deliveries?${params}`, DeliveryPage, { signal });
    },
    initialPageParam: null,
    getNextPageParam: (page) => page.before,
    refetchInterval: LOOK_EVERY,
  });
}

export const createWebhook = (body: CreateWebhook) =>
  request('/webhooks', WebhookWithSecret, { method: 'POST', body });

export const updateWebhook = (id: string, body: UpdateWebhook) =>
  request(webhook(id), Webhook, { method: 'PUT', body });

export const deleteWebhook = (id: string) => request(webhook(id), Done, { method: 'DELETE' });

/** The old secret stops signing at once. */
export const renewWebhookSecret = (id: string) =>
  request(`${webhook(id)}/secret`, WebhookWithSecret, { method: 'POST' });

/** Resolves when the webhook has answered, or not, for up to half a minute. */
export const testWebhook = (id: string) =>
  request(`${webhook(id)}/test`, WebhookTestAnswer, { method: 'POST' });

export const redeliver = (id: string, body: Redeliver) =>
  request(`${webhook(id)}/redeliver`, Done, { method: 'POST', body });
