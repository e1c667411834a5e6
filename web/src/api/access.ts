import type {
  ApiKeyPage,
  AuditAction,
  AuditPage,
  ChangeMe,
  ChangePassword,
  ChangeUser,
  CreateApiKey,
  Done,
  InvitationPage,
  Invite,
  LinkPurpose,
  LoginPage,
  Me,
  NewApiKey,
  OneTimeLink,
  SessionShares,
  SetUp,
  SetUpState,
  UseLink,
  User,
  UserPage,
} from '@patchbay/contract';
import {
  type InfiniteData,
  infiniteQueryOptions,
  type QueryKey,
  queryOptions,
} from '@tanstack/react-query';
import { ask } from './request.js';

const PER_PAGE = 50;
/** As many as the server gives at once. */
const ALL = 200;

export const accessKeys = {
  setUp: ['set-up'] as const,
  logins: ['logins'] as const,
  users: ['users'] as const,
  invitations: ['invitations'] as const,
  apiKeys: ['api-keys'] as const,
  audit: ['audit'] as const,
  shares: (id: string) => ['shares', id] as const,
};

const post = { method: 'POST' } as const;
const one = (id: string) => encodeURIComponent(id);

export const setUpQuery = queryOptions({
  queryKey: accessKeys.setUp,
  queryFn: ({ signal }) => ask<SetUpState>('/setup', { signal }),
});

export const setUp = (body: SetUp) => ask<Done>('/setup', { ...post, body });

export const signInAs = (body: { email: string; password: string }) =>
  ask<Done>('/auth/sign-in', { ...post, body });

export const lookAtLink = (token: string) =>
  ask<LinkPurpose>('/auth/links/look', { ...post, body: { token } });

export const acceptLink = (body: UseLink) => ask<Done>('/auth/links/use', { ...post, body });

export const changeMe = (body: ChangeMe) => ask<Me>('/me', { method: 'PATCH', body });

/** @param whatsappPhone digits, country code first; null forgets it */
export const updatePhone = (whatsappPhone: string | null) =>
  ask<Me>('/users/update-phone', { ...post, body: { whatsappPhone } });

export const changePassword = (body: ChangePassword) =>
  ask<Done>('/auth/password', { ...post, body });

export const loginsQuery = queryOptions({
  queryKey: accessKeys.logins,
  queryFn: ({ signal }) => ask<LoginPage>(`/auth/logins?limit=${ALL}`, { signal }),
});

export const endLogin = (id: string) => ask<Done>(`/auth/logins/${one(id)}`, { method: 'DELETE' });

export const signOutEverywhere = () => ask<Done>('/auth/sign-out-everywhere', post);

export const usersQuery = queryOptions({
  queryKey: accessKeys.users,
  queryFn: ({ signal }) => ask<UserPage>(`/users?limit=${ALL}`, { signal }),
});

export const changeUser = (id: string, body: ChangeUser) =>
  ask<User>(`/users/${one(id)}`, { method: 'PATCH', body });

export const removeUser = (id: string) => ask<Done>(`/users/${one(id)}`, { method: 'DELETE' });

export const createResetLink = (id: string) =>
  ask<OneTimeLink>(`/users/${one(id)}/reset-link`, post);

export const invitationsQuery = queryOptions({
  queryKey: accessKeys.invitations,
  queryFn: ({ signal }) => ask<InvitationPage>(`/invitations?limit=${ALL}`, { signal }),
});

export const invite = (body: Invite) => ask<OneTimeLink>('/invitations', { ...post, body });

export const revokeInvitation = (id: string) =>
  ask<Done>(`/invitations/${one(id)}`, { method: 'DELETE' });

export const apiKeysQuery = queryOptions({
  queryKey: accessKeys.apiKeys,
  queryFn: ({ signal }) => ask<ApiKeyPage>(`/keys?limit=${ALL}`, { signal }),
});

export const createApiKey = (body: CreateApiKey) => ask<NewApiKey>('/keys', { ...post, body });

export const revokeApiKey = (id: string) => ask<Done>(`/keys/${one(id)}`, { method: 'DELETE' });

/** First page = newest. */
export function auditQuery(action: AuditAction | undefined) {
  return infiniteQueryOptions<
    AuditPage,
    Error,
    InfiniteData<AuditPage, string | null>,
    QueryKey,
    string | null
  >({
    queryKey: [...accessKeys.audit, action ?? null],
    queryFn: ({ pageParam, signal }) => {
      const params = new URLSearchParams({ limit: String(PER_PAGE) });
      if (action) params.set('action', action);
      if (pageParam) params.set('before', pageParam);
      return ask<AuditPage>(`/audit?${params}`, { signal });
    },
    initialPageParam: null,
    getNextPageParam: (page) => page.before,
  });
}

export function sharesQuery(sessionId: string) {
  return queryOptions({
    queryKey: accessKeys.shares(sessionId),
    queryFn: ({ signal }) => ask<SessionShares>(`/sessions/${one(sessionId)}/shares`, { signal }),
  });
}

export const shareSession = (sessionId: string, body: SessionShares) =>
  ask<SessionShares>(`/sessions/${one(sessionId)}/shares`, { method: 'PUT', body });
