import type {
  AccountGroupPage,
  CreateRoute,
  Done,
  ForwardList,
  KnowledgeAdmins,
  KnowledgeHits,
  KnowledgeTags,
  ReindexState,
  Route,
  RoutePage,
  RouteTest,
} from '@patchbay/contract';
import {
  type InfiniteData,
  infiniteQueryOptions,
  keepPreviousData,
  type QueryKey,
  queryOptions,
} from '@tanstack/react-query';
import { knowledgeKeys } from './knowledge-keys.js';
import { ask } from './request.js';

const PER_PAGE = 30;
/** Forwards and routes change without being told of by the event stream (ms). */
const LOOK_EVERY = 5_000;

type Paged<Page> = InfiniteData<Page, string | null>;

/** Groups of all accounts, page by page. */
export const accountGroupsQuery = infiniteQueryOptions<
  AccountGroupPage,
  Error,
  Paged<AccountGroupPage>,
  QueryKey,
  string | null
>({
  queryKey: knowledgeKeys.groups,
  queryFn: ({ pageParam, signal }) =>
    ask<AccountGroupPage>(`/groups?${paged(200, { after: pageParam })}`, { signal }),
  initialPageParam: null,
  getNextPageParam: (page) => page.after,
});

export const routesQuery = infiniteQueryOptions<
  RoutePage,
  Error,
  Paged<RoutePage>,
  QueryKey,
  string | null
>({
  queryKey: knowledgeKeys.routes,
  queryFn: ({ pageParam, signal }) =>
    ask<RoutePage>(`/routes?${paged(100, { after: pageParam })}`, { signal }),
  initialPageParam: null,
  getNextPageParam: (page) => page.after,
});

/** First page = newest. */
export const forwardsQuery = infiniteQueryOptions<
  ForwardList,
  Error,
  Paged<ForwardList>,
  QueryKey,
  string | null
>({
  queryKey: knowledgeKeys.forwards,
  queryFn: ({ pageParam, signal }) =>
    ask<ForwardList>(`/forwards?${paged(PER_PAGE, { before: pageParam })}`, { signal }),
  initialPageParam: null,
  getNextPageParam: (page) => page.before,
  refetchInterval: LOOK_EVERY,
});

/** What the search page asks for; days as `2026-01-31` in the browser's own zone. */
export interface SearchFilter {
  q?: string | undefined;
  group?: string | undefined;
  tag?: string | undefined;
  sender?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** What was found stays until the next is here. */
export function knowledgeSearchQuery(filter: SearchFilter) {
  return infiniteQueryOptions<KnowledgeHits, Error, Paged<KnowledgeHits>, QueryKey, string | null>({
    queryKey: [...knowledgeKeys.search, filter],
    queryFn: ({ pageParam, signal }) => {
      const params = searchParams(filter);
      params.set('limit', String(PER_PAGE));
      if (pageParam) params.set('after', pageParam);
      return ask<KnowledgeHits>(`/search?${params}`, { signal });
    },
    initialPageParam: null,
    getNextPageParam: (page) => page.after,
    placeholderData: keepPreviousData,
  });
}

/** The address of all results as a file. */
export const exportAddress = (filter: SearchFilter) => `/api/search/export?${searchParams(filter)}`;

export const knowledgeTagsQuery = queryOptions({
  queryKey: knowledgeKeys.tags,
  queryFn: ({ signal }) => ask<KnowledgeTags>('/search/tags', { signal }),
});

export const knowledgeAdminsQuery = queryOptions({
  queryKey: knowledgeKeys.admins,
  queryFn: ({ signal }) => ask<KnowledgeAdmins>('/knowledge/admins', { signal }),
});

export const setKnowledgeAdmins = (admins: string[]) =>
  ask<KnowledgeAdmins>('/knowledge/admins', { method: 'PUT', body: { admins } });

/** While it runs it is looked at every second. */
export const reindexQuery = queryOptions({
  queryKey: knowledgeKeys.reindex,
  queryFn: ({ signal }) => ask<ReindexState>('/knowledge/reindex', { signal }),
  refetchInterval: ({ state }) => (state.data?.running ? 1000 : false),
});

export const startReindex = () => ask<ReindexState>('/knowledge/reindex', { method: 'POST' });

export const stopReindex = () => ask<ReindexState>('/knowledge/reindex', { method: 'DELETE' });

export const createRoute = (body: CreateRoute) => ask<Route>('/routes', { method: 'POST', body });

const route = (id: string) => `/routes/${encodeURIComponent(id)}`;

export const deleteRoute = (id: string) => ask<Done>(route(id), { method: 'DELETE' });

export const testRoute = (id: string) => ask<RouteTest>(`${route(id)}/test`, { method: 'POST' });

function paged(limit: number, place: Record<string, string | null>): URLSearchParams {
  const params = new URLSearchParams({ limit: String(limit) });
  for (const [name, value] of Object.entries(place)) if (value) params.set(name, value);
  return params;
}

function searchParams({ from, to, ...said }: SearchFilter): URLSearchParams {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(said)) if (value) params.set(name, value);
  if (from) params.set('from', startOf(from, 0));
  // The last day is part of it.
  if (to) params.set('to', startOf(to, 1));
  return params;
}

function startOf(day: string, later: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}
