import {
  ApiKeyPage,
  type AuditAction,
  AuditPage,
  type ChangeMe,
  type ChangePassword,
  type ChangeUser,
  type CreateApiKey,
  Done,
  InvitationPage,
  type Invite,
  LinkPurpose,
  LoginPage,
  Me,
  NewApiKey,
  OneTimeLink,
  SessionShares,
  type SetUp,
  SetUpState,
  type UseLink,
  User,
  UserPage,
} from '@patchbay/contract';
import {
  type InfiniteData,
  infiniteQueryOptions,
  type QueryKey,
  queryOptions,
} from '@tanstack/react-query';
import { request } from './request.js';

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
  queryFn: ({ signal }) => request('/setup', SetUpState, { signal }),
});

export const setUp = (body: SetUp) => request('/setup', Done, { ...post, body });

export const signInAs = (body: { email: string; password: string }) =>
  request('/auth/sign-in', Done, { ...post, body });

export const lookAtLink = (token: string) =>
  request('/auth/links/look', LinkPurpose, { ...post, body: { token } });

export const acceptLink = (body: UseLink) => request('/auth/links/use', Done, { ...post, body });

export const changeMe = (body: ChangeMe) => request('/me', Me, { method: 'PATCH', body });

/** @param whatsappPhone digits, country code first; null forgets it */
export const updatePhone = (whatsappPhone: string | null) =>
  request('/users/update-phone', Me, { ...post, body: { whatsappPhone } });

export const changePassword = (body: ChangePassword) =>
  request('/auth/password', Done, { ...post, body });

export const loginsQuery = queryOptions({
  queryKey: accessKeys.logins,
  queryFn: ({ signal }) => request(`/auth/logins?limit=${ALL}`, LoginPage, { signal }),
});

export const endLogin = (id: string) =>
  request(`/auth/logins/${one(id)}`, Done, { method: 'DELETE' });

export const signOutEverywhere = () => request('/auth/sign-out-everywhere', Done, post);

export const usersQuery = queryOptions({
  queryKey: accessKeys.users,
  queryFn: ({ signal }) => request(`/users?limit=${ALL}`, UserPage, { signal }),
});

export const changeUser = (id: string, body: ChangeUser) =>
  request(`/users/${one(id)}`, User, { method: 'PATCH', body });

export const removeUser = (id: string) => request(`/users/${one(id)}`, Done, { method: 'DELETE' });

export const createResetLink = (id: string) =>
  request(`/users/${one(id)}/reset-link`, OneTimeLink, post);

export const invitationsQuery = queryOptions({
  queryKey: accessKeys.invitations,
  queryFn: ({ signal }) => request(`/invitations?limit=${ALL}`, InvitationPage, { signal }),
});

export const invite = (body: Invite) => request('/invitations', OneTimeLink, { ...post, body });

export const revokeInvitation = (id: string) =>
  request(`/invitations/${one(id)}`, Done, { method: 'DELETE' });

export const apiKeysQuery = queryOptions({
  queryKey: accessKeys.apiKeys,
  queryFn: ({ signal }) => request(`/keys?limit=${ALL}`, ApiKeyPage, { signal }),
});

export const createApiKey = (body: CreateApiKey) => request('/keys', NewApiKey, { ...post, body });

export const revokeApiKey = (id: string) => request(`/keys/${one(id)}`, Done, { method: 'DELETE' });

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
      return request(`/audit?${params}`, AuditPage, { signal });
    },
    initialPageParam: null,
    getNextPageParam: (page) => page.before,
  });
}

export function sharesQuery(sessionId: string) {
  return queryOptions({
    queryKey: accessKeys.shares(sessionId),
    queryFn: ({ signal }) =>
      request(`/sessions/${one(sessionId)}/shares`, SessionShares, { signal }),
  });
}

export const shareSession = (sessionId: string, body: SessionShares) =>
  request(`/sessions/${one(sessionId)}/shares`, SessionShares, { method: 'PUT', body });
