import type {
  ChatPage,
  EventPage,
  Group,
  Me,
  MessagePage,
  OutboxPage,
  ParticipantPage,
  Qr,
  SandboxPhoneList,
  Session,
  SessionList,
  SessionSettings,
} from '@patchbay/contract';
import {
  type InfiniteData,
  infiniteQueryOptions,
  type QueryKey,
  queryOptions,
} from '@tanstack/react-query';
import { ApiError, ask } from './request.js';

const MESSAGES_PER_PAGE = 50;
const EVENTS_PER_PAGE = 100;
/** As many as the server gives at once: the pickers search among them. */
const CHATS = 200;

/** Names of what the page keeps. A live event changes exactly these. */
export const keys = {
  me: ['me'] as const,
  sessions: ['sessions'] as const,
  session: (id: string) => ['session', id] as const,
  qr: (id: string) => ['qr', id] as const,
  chats: (id: string) => ['chats', id] as const,
  messages: (id: string) => ['messages', id] as const,
  chatMessages: (id: string, chatId: string | null) => ['messages', id, chatId] as const,
  events: (id: string) => ['events', id] as const,
  outbox: (id: string) => ['outbox', id] as const,
  settings: (id: string) => ['settings', id] as const,
  groups: (id: string) => ['groups', id] as const,
  historyAnswer: (id: string) => ['history-answer', id] as const,
  sandboxPhones: ['sandbox-phones'] as const,
};

export const meQuery = queryOptions({
  queryKey: keys.me,
  queryFn: ({ signal }) => ask<Me>('/me', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

export const sessionsQuery = queryOptions({
  queryKey: keys.sessions,
  queryFn: ({ signal }) => ask<SessionList>('/sessions', { signal }),
});

/** What came last of the older messages that a phone was asked for; live events write it. */
export interface HistoryAnswer {
  requestId: string;
  messages: number;
  done: boolean;
}

export function historyAnswerQuery(id: string) {
  return queryOptions({
    queryKey: keys.historyAnswer(id),
    queryFn: (): HistoryAnswer | null => null,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function sessionQuery(id: string) {
  return queryOptions({
    queryKey: keys.session(id),
    queryFn: ({ signal }) => ask<Session>(`/sessions/${encodeURIComponent(id)}`, { signal }),
  });
}

/** The QR at the moment, null while there is none. */
export function qrQuery(id: string) {
  return queryOptions({
    queryKey: keys.qr(id),
    queryFn: ({ signal }) => qrOrNull(id, signal),
    gcTime: 0,
  });
}

async function qrOrNull(id: string, signal: AbortSignal): Promise<Qr | null> {
  try {
    return await ask<Qr>(`/sessions/${encodeURIComponent(id)}/qr`, { signal });
  } catch (error) {
    if (error instanceof ApiError && error.code === 'qr_not_available') return null;
    throw error;
  }
}

export function chatsQuery(id: string) {
  return queryOptions({
    queryKey: keys.chats(id),
    queryFn: ({ signal }) =>
      ask<ChatPage>(`/sessions/${encodeURIComponent(id)}/chats?limit=${CHATS}`, { signal }),
  });
}

/** Where a page of messages begins; nothing of it: at the newest. */
export interface MessagePlace {
  before?: string;
  after?: string;
  around?: string;
  limit?: string;
}
export type MessageWindow = InfiniteData<MessagePage, MessagePlace>;

/**
 * Messages of one chat, or of all chats of a session (`chatId` null), newest page first. With `around`
 * they begin at that message and go on in both directions.
 * @param unread so many of the newest should be among the first that are asked for
 */
export function messagesQuery(
  id: string,
  chatId: string | null,
  { around, unread = 0 }: { around?: string | undefined; unread?: number } = {},
) {
  const session = `/sessions/${encodeURIComponent(id)}`;
  const path = chatId
    ? `${session}/chats/${encodeURIComponent(chatId)}/messages`
    : `${session}/messages`;
  const key = keys.chatMessages(id, chatId);
  return infiniteQueryOptions<MessagePage, Error, MessageWindow, QueryKey, MessagePlace>({
    queryKey: around ? [...key, around] : key,
    queryFn: ({ pageParam, signal }) => {
      const params = new URLSearchParams({ limit: String(MESSAGES_PER_PAGE), ...pageParam });
      return ask<MessagePage>(`${path}?${params}`, { signal });
    },
    initialPageParam: around ? { around } : { limit: String(firstPage(unread)) },
    getNextPageParam: (page) => (page.before ? { before: page.before } : null),
    getPreviousPageParam: (page) => (page.after ? { after: page.after } : null),
  });
}

/** A little more than what is unread, as far as the server gives it at once. */
function firstPage(unread: number): number {
  return Math.min(200, Math.max(MESSAGES_PER_PAGE, unread + 20));
}

/** What waits to be sent, and the pace; it changes with every message, so it is asked for in steps. */
export function outboxQuery(id: string) {
  return queryOptions({
    queryKey: keys.outbox(id),
    queryFn: ({ signal }) =>
      ask<OutboxPage>(`/sessions/${encodeURIComponent(id)}/outbox`, { signal }),
    refetchInterval: 5000,
  });
}

/** The session's events. First page = newest; within a page the newest is last. */
export function eventsQuery(id: string) {
  return infiniteQueryOptions<
    EventPage,
    Error,
    InfiniteData<EventPage, string | null>,
    QueryKey,
    string | null
  >({
    queryKey: keys.events(id),
    queryFn: ({ pageParam, signal }) =>
      ask<EventPage>(
        `/sessions/${encodeURIComponent(id)}/events?${pageOf(EVENTS_PER_PAGE, pageParam)}`,
        { signal },
      ),
    initialPageParam: null,
    getNextPageParam: (page) =>
      page.events.length < EVENTS_PER_PAGE ? null : String(page.events[0]?.position ?? ''),
  });
}

function pageOf(limit: number, before: string | null): URLSearchParams {
  const params = new URLSearchParams({ limit: String(limit) });
  if (before) params.set('before', before);
  return params;
}

export const sandboxPhonesQuery = queryOptions({
  queryKey: keys.sandboxPhones,
  queryFn: ({ signal }) => ask<SandboxPhoneList>('/sandbox/phones', { signal }),
  staleTime: 30_000,
});

export function settingsQuery(id: string) {
  return queryOptions({
    queryKey: keys.settings(id),
    queryFn: ({ signal }) =>
      ask<SessionSettings>(`/sessions/${encodeURIComponent(id)}/settings`, { signal }),
  });
}

const groupPath = (id: string, groupId: string) =>
  `/sessions/${encodeURIComponent(id)}/groups/${encodeURIComponent(groupId)}`;

export function groupQuery(id: string, groupId: string) {
  return queryOptions({
    queryKey: [...keys.groups(id), groupId],
    queryFn: ({ signal }) => ask<Group>(groupPath(id, groupId), { signal }),
  });
}

export function participantsQuery(id: string, groupId: string) {
  return infiniteQueryOptions({
    queryKey: [...keys.groups(id), groupId, 'participants'],
    queryFn: ({ pageParam, signal }) => {
      const after = pageParam ? `&after=${encodeURIComponent(pageParam)}` : '';
      const path = `${groupPath(id, groupId)}/participants?limit=100${after}`;
      return ask<ParticipantPage>(path, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.after,
  });
}
