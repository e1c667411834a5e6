import type { Done, FailedJobPage, JobOverview, RetriedJobs } from '@patchbay/contract';
import {
  type InfiniteData,
  infiniteQueryOptions,
  type QueryKey,
  queryOptions,
} from '@tanstack/react-query';
import { ask } from './request.js';

const PER_PAGE = 50;
/** Numbers of queues change by themselves (ms). */
const LOOK_EVERY = 3000;

export const jobKeys = { all: ['jobs'] as const };

export const jobsQuery = queryOptions({
  queryKey: [...jobKeys.all, 'overview'],
  queryFn: ({ signal }) => ask<JobOverview>('/jobs', { signal }),
  refetchInterval: LOOK_EVERY,
});

/** First page = newest. */
export function failedJobsQuery(queue: string | undefined) {
  return infiniteQueryOptions<
    FailedJobPage,
    Error,
    InfiniteData<FailedJobPage, string | null>,
    QueryKey,
    string | null
  >({
    queryKey: [...jobKeys.all, 'failed', queue ?? null],
    queryFn: ({ pageParam, signal }) => {
      const params = new URLSearchParams({ limit: String(PER_PAGE) });
      if (queue) params.set('queue', queue);
      if (pageParam) params.set('before', pageParam);
      return ask<FailedJobPage>(`/jobs/failed?${params}`, { signal });
    },
    initialPageParam: null,
    getNextPageParam: (page) => page.before,
  });
}

export const retryJob = (number: number) =>
  ask<Done>(`/jobs/failed/${number}/retry`, { method: 'POST' });

/** @param queue absent: all queues */
export const retryJobs = (queue: string | undefined) =>
  ask<RetriedJobs>('/jobs/failed/retry', { method: 'POST', body: { ...(queue && { queue }) } });
