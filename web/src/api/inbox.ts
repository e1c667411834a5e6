import type {
  About,
  ChangeChat,
  ChangeTeamState,
  Chat,
  ChatCounts,
  ChatPage,
  Done,
  Note,
  NotePage,
  SearchPage,
  SharedKind,
  SharedPage,
  UserPage,
} from '@patchbay/contract';
import { type InfiniteData, infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { usersQuery } from './access.js';
import { ask } from './request.js';

const CHATS_PER_PAGE = 100;
const chatPath = (sessionId: string, chatId: string) =>
  `/sessions/${encodeURIComponent(sessionId)}/chats/${encodeURIComponent(chatId)}`;

export const inboxKeys = {
  lists: ['inbox'] as const,
  counts: ['inbox-counts'] as const,
  chats: (sessionId: string) => ['inbox-chat', sessionId] as const,
  chat: (sessionId: string, chatId: string) => [...inboxKeys.chats(sessionId), chatId] as const,
  shared: (sessionId: string, chatId: string) => ['shared', sessionId, chatId] as const,
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
      return ask<ChatPage>(`/chats?${params}`, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.after,
  });
}

export const countsQuery = queryOptions({
  queryKey: inboxKeys.counts,
  queryFn: ({ signal }) => ask<ChatCounts>('/chats/counts', { signal }),
});

export function chatQuery(sessionId: string, chatId: string) {
  return queryOptions({
    queryKey: inboxKeys.chat(sessionId, chatId),
    queryFn: ({ signal }) => ask<Chat>(chatPath(sessionId, chatId), { signal }),
  });
}

export const changeChat = (sessionId: string, chatId: string, body: ChangeChat) =>
  ask<Chat>(chatPath(sessionId, chatId), { method: 'PATCH', body });

export const changeTeamState = (sessionId: string, chatId: string, body: ChangeTeamState) =>
  ask<Chat>(`${chatPath(sessionId, chatId)}/team`, { method: 'PATCH', body });

export const startChat = (sessionId: string, phone: string) =>
  ask<Chat>(`/sessions/${encodeURIComponent(sessionId)}/chats`, {
    method: 'POST',
    body: { phone },
  });

export function aboutQuery(sessionId: string, chatId: string) {
  const path = `/sessions/${encodeURIComponent(sessionId)}/contacts/${encodeURIComponent(chatId)}`;
  return queryOptions({
    queryKey: ['about', sessionId, chatId],
    queryFn: ({ signal }) => ask<About>(`${path}/about`, { signal }),
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
      return ask<SearchPage>(path, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.after,
    retry: false,
  });
}

/** What was shared in a chat, newest first. */
export function sharedQuery(sessionId: string, chatId: string, kind: SharedKind) {
  return infiniteQueryOptions({
    queryKey: [...inboxKeys.shared(sessionId, chatId), kind],
    queryFn: ({ pageParam, signal }) => {
      const params = new URLSearchParams({ kind, limit: kind === 'media' ? '30' : '15' });
      if (pageParam) params.set('after', pageParam);
      return ask<SharedPage>(`${chatPath(sessionId, chatId)}/shared?${params}`, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.after,
  });
}

/** Everybody who works here; a chat can be assigned to them. */
export const colleaguesQuery = queryOptions({
  ...usersQuery,
  select: ({ users }: UserPage) => users,
  staleTime: 60_000,
});

/** Private notes of a chat, newest first. */
export function notesQuery(sessionId: string, chatId: string) {
  return infiniteQueryOptions({
    queryKey: inboxKeys.notes(sessionId, chatId),
    queryFn: ({ pageParam, signal }) => {
      const after = pageParam ? `&after=${encodeURIComponent(pageParam)}` : '';
      return ask<NotePage>(`${chatPath(sessionId, chatId)}/notes?limit=20${after}`, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.after,
  });
}

export const writeNote = (sessionId: string, chatId: string, text: string) =>
  ask<Note>(`${chatPath(sessionId, chatId)}/notes`, { method: 'POST', body: { text } });

export const changeNote = (sessionId: string, chatId: string, noteId: string, text: string) =>
  ask<Note>(`${chatPath(sessionId, chatId)}/notes/${encodeURIComponent(noteId)}`, {
    method: 'PATCH',
    body: { text },
  });

export const deleteNote = (sessionId: string, chatId: string, noteId: string) =>
  ask<Done>(`${chatPath(sessionId, chatId)}/notes/${encodeURIComponent(noteId)}`, {
    method: 'DELETE',
  });
