import {
  About,
  type ChangeChat,
  type ChangeTeamState,
  Chat,
  ChatCounts,
  ChatPage,
  Done,
  type NewTeamLabel,
  Note,
  NotePage,
  SearchPage,
  TeamLabel,
  TeamLabelList,
  UserPage,
} from '@patchbay/contract';
import { type InfiniteData, infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { request } from './request.js';

const CHATS_PER_PAGE = 100;
const chatPath = (sessionId: string, chatId: string) =>
  `/sessions/${encodeURIComponent(sessionId)}/chats/${encodeURIComponent(chatId)}`;

export const inboxKeys = {
  lists: ['inbox'] as const,
  counts: ['inbox-counts'] as const,
  chat: (sessionId: string, chatId: string) => ['inbox-chat', sessionId, chatId] as const,
  labels: ['team-labels'] as const,
  users: ['users'] as const,
  notes: (sessionId: string, chatId: string) => ['notes', sessionId, chatId] as const,
};

export type InboxPages = InfiniteData<ChatPage, string | null>;

/** Chats of all accounts, as `filter` says (the query of `GET /api/chats`). */
export function inboxQuery(filter: Record<string, string>) {
  return infiniteQueryOptions({
    queryKey: [...inboxKeys.lists, filter],
    queryFn: ({ pageParam, signal }) => {
      const params = new URLSearchParams({ ...filter, limit: String(CHATS_PER_PAGE) });
      if (pageParam) params.set('after', pageParam);
      return request(`/chats?${params}`, ChatPage, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.after,
  });
}

export const countsQuery = queryOptions({
  queryKey: inboxKeys.counts,
  queryFn: ({ signal }) => request('/chats/counts', ChatCounts, { signal }),
});

export function chatQuery(sessionId: string, chatId: string) {
  return queryOptions({
    queryKey: inboxKeys.chat(sessionId, chatId),
    queryFn: ({ signal }) => request(chatPath(sessionId, chatId), Chat, { signal }),
  });
}

export const changeChat = (sessionId: string, chatId: string, body: ChangeChat) =>
  request(chatPath(sessionId, chatId), Chat, { method: 'PATCH', body });

export const changeTeamState = (sessionId: string, chatId: string, body: ChangeTeamState) =>
  request(`${chatPath(sessionId, chatId)}/team`, Chat, { method: 'PATCH', body });

export const startChat = (sessionId: string, phone: string) =>
  request(`/sessions/${encodeURIComponent(sessionId)}/chats`, Chat, {
    method: 'POST',
    body: { phone },
  });

export function aboutQuery(sessionId: string, chatId: string) {
  const path = `/sessions/${encodeURIComponent(sessionId)}/contacts/${encodeURIComponent(chatId)}`;
  return queryOptions({
    queryKey: ['about', sessionId, chatId],
    queryFn: ({ signal }) => request(`${path}/about`, About, { signal }),
    staleTime: 10 * 60_000,
    retry: false,
  });
}

/** Messages of a chat with all words of `q`, newest first. */
export function chatSearchQuery(sessionId: string, chatId: string, q: string) {
  return infiniteQueryOptions({
    queryKey: ['chat-search', sessionId, chatId, q],
    queryFn: ({ pageParam, signal }) => {
      const params = new URLSearchParams({ q, chatId });
      if (pageParam) params.set('after', pageParam);
      const path = `/sessions/${encodeURIComponent(sessionId)}/messages/search?${params}`;
      return request(path, SearchPage, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.after,
    retry: false,
  });
}

/** Everybody who works here; a chat can be assigned to them. */
export const usersQuery = queryOptions({
  queryKey: inboxKeys.users,
  queryFn: async ({ signal }) => (await request('/users?limit=200', UserPage, { signal })).users,
  staleTime: 60_000,
});

/** The labels of the team, for all accounts. */
export const labelsQuery = queryOptions({
  queryKey: inboxKeys.labels,
  queryFn: async ({ signal }) => (await request('/team/labels', TeamLabelList, { signal })).labels,
  staleTime: 60_000,
});

export const createLabel = (body: NewTeamLabel) =>
  request('/team/labels', TeamLabel, { method: 'POST', body });

/** Private notes of a chat, newest first. */
export function notesQuery(sessionId: string, chatId: string) {
  return infiniteQueryOptions({
    queryKey: inboxKeys.notes(sessionId, chatId),
    queryFn: ({ pageParam, signal }) => {
      const after = pageParam ? `&after=${encodeURIComponent(pageParam)}` : '';
      return request(`${chatPath(sessionId, chatId)}/notes?limit=20${after}`, NotePage, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.after,
  });
}

export const writeNote = (sessionId: string, chatId: string, text: string) =>
  request(`${chatPath(sessionId, chatId)}/notes`, Note, { method: 'POST', body: { text } });

export const deleteNote = (sessionId: string, chatId: string, noteId: string) =>
  request(`${chatPath(sessionId, chatId)}/notes/${encodeURIComponent(noteId)}`, Done, {
    method: 'DELETE',
  });
