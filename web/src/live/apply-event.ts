import type {
  ChatPage,
  EventData,
  EventPage,
  LogEvent,
  MessagePage,
  Session,
  SessionList,
} from '@patchbay/contract';
import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import { type HistoryAnswer, keys } from '../api/queries.js';
import { withAction } from './message-actions.js';
import {
  actsOnAnother,
  sessionAfter,
  withEvent,
  withMessage,
  withMessageStatus,
  withNote,
} from './reduce.js';
import { refreshChatbots } from './refresh-chatbots.js';
import { refreshKnowledge } from './refresh-knowledge.js';
import { stopTyping } from './typing.js';

type Pages<Page> = InfiniteData<Page, string | null>;

const OF_A_SESSION = new Set<LogEvent['name']>([
  'session.created',
  'session.qr',
  'session.status',
  'session.closed',
  'session.removed',
]);

/** Brings what the page keeps up to date with one event of the live stream. */
export function applyEvent(cache: QueryClient, event: LogEvent): void {
  const id = event.sessionId;
  cache.setQueryData<SessionList>(keys.sessions, (list) =>
    list
      ? { sessions: list.sessions.map((s) => (s.id === id ? sessionAfter(s, event) : s)) }
      : list,
  );
  cache.setQueryData<Session>(keys.session(id), (session) =>
    session ? sessionAfter(session, event) : session,
  );
  changePages<EventPage>(cache, keys.events(id), (pages) => withEvent(pages, event));
  if (OF_A_SESSION.has(event.name)) askAgain(cache, id);
  refreshKnowledge(cache, event);
  refreshChatbots(cache, event);
  switch (event.name) {
    case 'session.created':
      void cache.invalidateQueries({ queryKey: keys.sessions });
      break;
    case 'session.qr':
      void cache.invalidateQueries({ queryKey: keys.qr(id) });
      break;
    case 'session.status':
      if (event.data.state.status !== 'qr') cache.setQueryData(keys.qr(id), null);
      // The number's jid and picture are in the session, not in the event.
      if (event.data.state.status === 'connected') refreshSession(cache, id);
      break;
    case 'session.closed':
    case 'session.removed':
      refreshSession(cache, id);
      break;
    case 'session.deleted':
      forgetSession(cache, id);
      break;
    case 'session.message':
      applyMessage(cache, id, event.data.message);
      break;
    case 'session.history':
      applyHistory(cache, id, event.data);
      break;
    case 'chat.updated':
    case 'chat.deleted':
      void cache.invalidateQueries({ queryKey: keys.chats(id) });
      break;
    case 'group.updated':
      void cache.invalidateQueries({ queryKey: keys.chats(id) });
      void cache.invalidateQueries({ queryKey: keys.groups(id) });
      break;
    case 'group.participants':
      void cache.invalidateQueries({ queryKey: keys.groups(id) });
      break;
    case 'chat.merged':
      void cache.invalidateQueries({ queryKey: keys.chats(id) });
      void cache.invalidateQueries({ queryKey: keys.messages(id) });
      break;
    case 'message.reaction':
    case 'message.edited':
    case 'message.deleted':
    case 'message.pinned':
    case 'poll.vote':
    case 'event.response':
      changePages<MessagePage>(cache, keys.messages(id), (pages) => withAction(pages, event));
      break;
    case 'chat.note': {
      const { chatId, note, action } = event.data;
      changePages<MessagePage>(cache, keys.chatMessages(id, chatId), (pages) =>
        withNote(pages, note, action),
      );
      break;
    }
    case 'message.status': {
      const change = event.data;
      changePages<MessagePage>(cache, keys.messages(id), (pages) =>
        withMessageStatus(pages, change),
      );
      break;
    }
  }
}

function applyMessage(cache: QueryClient, id: string, message: MessagePage['messages'][number]) {
  if (actsOnAnother(message)) {
    void cache.invalidateQueries({ queryKey: keys.messages(id) });
    return;
  }
  if (!message.fromMe) stopTyping(id, message.chatId);
  for (const chatId of [null, message.chatId]) {
    changePages<MessagePage>(cache, keys.chatMessages(id, chatId), (pages) =>
      withMessage(pages, message),
    );
  }
  const chats = cache.getQueryData<ChatPage>(keys.chats(id));
  if (chats && !chats.chats.some((chat) => chat.id === message.chatId)) {
    void cache.invalidateQueries({ queryKey: keys.chats(id) });
  }
}

/** Changes every query under a key that holds pages. */
function changePages<Page>(
  cache: QueryClient,
  queryKey: readonly unknown[],
  change: (pages: Page[]) => Page[],
): void {
  cache.setQueriesData<Pages<Page>>({ queryKey }, (data) => {
    if (!data) return data;
    const pages = change(data.pages);
    return pages === data.pages ? data : { ...data, pages };
  });
}

/** An answer that is under way may tell how things were before the event, and would undo it. */
function askAgain(cache: QueryClient, id: string): void {
  for (const queryKey of [keys.sessions, keys.session(id), keys.qr(id)]) {
    const query = { queryKey, exact: true };
    if (cache.isFetching(query) > 0) void cache.invalidateQueries(query);
  }
}

function refreshSession(cache: QueryClient, id: string): void {
  void cache.invalidateQueries({ queryKey: keys.sessions });
  void cache.invalidateQueries({ queryKey: keys.session(id) });
}

function forgetSession(cache: QueryClient, id: string): void {
  cache.setQueryData<SessionList>(keys.sessions, (list) =>
    list ? { sessions: list.sessions.filter((session) => session.id !== id) } : list,
  );
  for (const queryKey of [keys.qr(id), keys.chats(id), keys.messages(id), keys.events(id)]) {
    cache.removeQueries({ queryKey, type: 'inactive' });
  }
  void cache.invalidateQueries({ queryKey: keys.session(id) });
}

/** An answer to a request may come in several portions. */
function applyHistory(
  cache: QueryClient,
  id: string,
  { requestId, messages, done }: EventData<'session.history'>,
): void {
  if (done) {
    void cache.invalidateQueries({ queryKey: keys.chats(id) });
    void cache.invalidateQueries({ queryKey: keys.messages(id) });
  }
  if (!requestId) return;
  cache.setQueryData<HistoryAnswer | null>(keys.historyAnswer(id), (before) => {
    const earlier = before?.requestId === requestId ? before.messages : 0;
    return { requestId, messages: earlier + messages, done };
  });
}
