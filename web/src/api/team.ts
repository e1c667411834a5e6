import type {
  CannedReply,
  CannedReplyList,
  ChangeTeamLabel,
  Done,
  NewCannedReply,
  NewTeamLabel,
  TeamLabel,
  TeamLabelList,
} from '@patchbay/contract';
import { queryOptions } from '@tanstack/react-query';
import { ask } from './request.js';

export const teamKeys = {
  labels: ['team-labels'] as const,
  cannedReplies: ['canned-replies'] as const,
};

const labelPath = (id: string) => `/team/labels/${encodeURIComponent(id)}`;
const replyPath = (id: string) => `/team/canned-replies/${encodeURIComponent(id)}`;

/** The labels of the team, for all accounts. */
export const labelsQuery = queryOptions({
  queryKey: teamKeys.labels,
  queryFn: async ({ signal }) => (await ask<TeamLabelList>('/team/labels', { signal })).labels,
  staleTime: 60_000,
});

export const createLabel = (body: NewTeamLabel) =>
  ask<TeamLabel>('/team/labels', { method: 'POST', body });

export const changeLabel = (id: string, body: ChangeTeamLabel) =>
  ask<TeamLabel>(labelPath(id), { method: 'PATCH', body });

export const deleteLabel = (id: string) => ask<Done>(labelPath(id), { method: 'DELETE' });

/** The team's canned replies and the caller's own. */
export const cannedRepliesQuery = queryOptions({
  queryKey: teamKeys.cannedReplies,
  queryFn: ({ signal }) => ask<CannedReplyList>('/team/canned-replies', { signal }),
  staleTime: 60_000,
});

export const createReply = (body: NewCannedReply) =>
  ask<CannedReply>('/team/canned-replies', { method: 'POST', body });

export const changeReply = (id: string, body: NewCannedReply) =>
  ask<CannedReply>(replyPath(id), { method: 'PATCH', body });

export const deleteReply = (id: string) => ask<Done>(replyPath(id), { method: 'DELETE' });
