import type {
  BulkCheck,
  BulkRowPage,
  BulkRowState,
  BulkSend,
  BulkSendPage,
  ChangeTemplate,
  CreateTemplate,
  DeliveryBy,
  DeliveryDays,
  DeliveryGroups,
  Done,
  PreviewTemplate,
  Template,
  TemplatePage,
  TemplatePreview,
} from '@patchbay/contract';
import {
  type InfiniteData,
  infiniteQueryOptions,
  type QueryKey,
  queryOptions,
} from '@tanstack/react-query';
import { ask } from './request.js';

const PER_PAGE = 30;
const ROWS_PER_PAGE = 100;
/** As many as the server gives at once. */
const ALL = 200;
/** While rows go out, and while only receipts come (ms). */
const LIVE = 1000;
const IDLE = 5000;

const bulkKeys = {
  sends: ['bulk', 'sends'] as const,
  send: (id: string) => ['bulk', 'send', id] as const,
  rows: (id: string) => ['bulk', 'rows', id] as const,
  templates: ['bulk', 'templates'] as const,
  delivery: ['bulk', 'delivery'] as const,
};

const send = (id: string) => `/bulk-sends/${encodeURIComponent(id)}`;
const template = (id: string) => `/templates/${encodeURIComponent(id)}`;
const ofSession = (id: string) => `/sessions/${encodeURIComponent(id)}/bulk-sends`;
const isLive = ({ state }: BulkSend) => state === 'running' || state === 'scheduled';

/** First page = newest. */
export const bulkSendsQuery = infiniteQueryOptions<
  BulkSendPage,
  Error,
  InfiniteData<BulkSendPage, string | null>,
  QueryKey,
  string | null
>({
  queryKey: bulkKeys.sends,
  queryFn: ({ pageParam, signal }) => {
    const params = new URLSearchParams({ limit: String(PER_PAGE) });
    if (pageParam) params.set('after', pageParam);
    return ask<BulkSendPage>(`/bulk-sends?${params}`, { signal });
  },
  initialPageParam: null,
  getNextPageParam: (page) => page.after,
  refetchInterval: ({ state }) =>
    state.data?.pages.some((page) => page.bulkSends.some(isLive)) ? LIVE * 2 : IDLE,
});

export function bulkSendQuery(id: string) {
  return queryOptions({
    queryKey: bulkKeys.send(id),
    queryFn: ({ signal }) => ask<BulkSend>(send(id), { signal }),
    refetchInterval: ({ state }) => (state.data && isLive(state.data) ? LIVE : IDLE),
  });
}

/** In the order of sending. @param live whether rows go out at the moment */
export function bulkRowsQuery(id: string, state: BulkRowState | undefined, live: boolean) {
  return infiniteQueryOptions<
    BulkRowPage,
    Error,
    InfiniteData<BulkRowPage, string | null>,
    QueryKey,
    string | null
  >({
    queryKey: [...bulkKeys.rows(id), state ?? null],
    queryFn: ({ pageParam, signal }) => {
      const params = new URLSearchParams({ limit: String(ROWS_PER_PAGE) });
      if (state) params.set('state', state);
      if (pageParam) params.set('after', pageParam);
      return ask<BulkRowPage>(`${send(id)}/rows?${params}`, { signal });
    },
    initialPageParam: null,
    getNextPageParam: (page) => page.after,
    refetchInterval: live ? LIVE * 2 : IDLE,
  });
}

export const exportAddress = (id: string) => `/api${send(id)}/export`;

/** @param fields of the form, without the file */
export const checkBulkFile = (
  sessionId: string,
  file: Blob,
  fields: Record<string, string>,
  signal: AbortSignal,
) =>
  ask<BulkCheck>(`${ofSession(sessionId)}/csv/check`, {
    method: 'POST',
    body: formOf(file, fields),
    signal,
  });

export const createBulkSend = (sessionId: string, file: Blob, fields: Record<string, string>) =>
  ask<BulkSend>(`${ofSession(sessionId)}/csv`, { method: 'POST', body: formOf(file, fields) });

export const turnBulkSend = (id: string, what: 'pause' | 'resume' | 'cancel') =>
  ask<BulkSend>(`${send(id)}/${what}`, { method: 'POST' });

export const deleteBulkSend = (id: string) => ask<Done>(send(id), { method: 'DELETE' });

export const templatesQuery = queryOptions({
  queryKey: bulkKeys.templates,
  queryFn: ({ signal }) => ask<TemplatePage>(`/templates?limit=${ALL}`, { signal }),
});

export const createTemplate = (body: CreateTemplate) =>
  ask<Template>('/templates', { method: 'POST', body });

export const changeTemplate = (id: string, body: ChangeTemplate) =>
  ask<Template>(template(id), { method: 'PATCH', body });

export const deleteTemplate = (id: string) => ask<Done>(template(id), { method: 'DELETE' });

export const setTemplateMedia = (id: string, file: File) =>
  ask<Template>(`${template(id)}/media`, { method: 'PUT', body: formOf(file, {}) });

export const removeTemplateMedia = (id: string) =>
  ask<Template>(`${template(id)}/media`, { method: 'DELETE' });

export function templatePreviewQuery(id: string, body: PreviewTemplate) {
  return queryOptions({
    queryKey: ['bulk', 'preview', id, body],
    queryFn: ({ signal }) =>
      ask<TemplatePreview>(`${template(id)}/preview`, { method: 'POST', body, signal }),
    retry: false,
  });
}

/** Of which messages; what is absent limits nothing. */
export interface DeliveryFilter {
  days: number;
  sessionId?: string | undefined;
  templateId?: string | undefined;
  bulkId?: string | undefined;
}

export function deliveryDaysQuery(filter: DeliveryFilter) {
  return queryOptions({
    queryKey: [...bulkKeys.delivery, 'days', filter],
    queryFn: ({ signal }) => ask<DeliveryDays>(`/delivery/days?${asQuery(filter)}`, { signal }),
    refetchInterval: IDLE,
  });
}

export function deliveryGroupsQuery(by: DeliveryBy, filter: DeliveryFilter) {
  return queryOptions({
    queryKey: [...bulkKeys.delivery, 'groups', by, filter],
    queryFn: ({ signal }) =>
      ask<DeliveryGroups>(`/delivery/groups?by=${by}&${asQuery(filter)}`, { signal }),
    refetchInterval: IDLE,
  });
}

function asQuery(filter: DeliveryFilter): string {
  const said = Object.entries(filter).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  );
  return new URLSearchParams(said).toString();
}

function formOf(file: Blob, fields: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', file, file instanceof File ? file.name : 'rows.csv');
  return form;
}
