import type { Chat, LogEvent, Me } from '@patchbay/contract';
import type { QueryClient } from '@tanstack/react-query';
import { chatQuery, type InboxPages, inboxKeys } from '../api/inbox.js';
import { keys } from '../api/queries.js';
import { belongs, isSameChat, type ListFilter, withChat, withoutChat } from './inbox-lists.js';
import { actsOnAnother } from './reduce.js';

/** What only the server can say is asked for at most this often (ms). */
const ASK_EVERY = 1_000;

/** Brings the lists of the inbox, and the chats that are open, up to date with an event. */
export function applyToInbox(cache: QueryClient, event: LogEvent): void {
  const { sessionId } = event;
  const changed = changeBy(event);
  if (changed) change(cache, sessionId, ...changed);
  switch (event.name) {
    case 'session.message': {
      const { message } = event.data;
      const isShared = message.mediaUrl !== undefined || message.content.includes('://');
      const queryKey = inboxKeys.shared(sessionId, message.chatId);
      if (isShared) void cache.invalidateQueries({ queryKey });
      break;
    }
    case 'message.deleted': {
      const queryKey = inboxKeys.shared(sessionId, event.data.chatId);
      void cache.invalidateQueries({ queryKey });
      break;
    }
    case 'chat.note': {
      const queryKey = inboxKeys.notes(sessionId, event.data.chatId);
      void cache.invalidateQueries({ queryKey });
      break;
    }
    case 'chat.deleted':
      forget(cache, { id: event.data.chatId, sessionId });
      break;
    case 'chat.merged':
    case 'session.deleted':
    case 'group.updated':
      askLists(cache);
      break;
    case 'session.history':
      if (event.data.done) askLists(cache);
      break;
  }
}

/** Which chat an event changes, and how; null when none. */
function changeBy(event: LogEvent): [chatId: string, to: (chat: Chat) => Chat] | null {
  switch (event.name) {
    case 'session.message': {
      const { message, source } = event.data;
      if (source === 'history' || actsOnAnother(message)) return null;
      return [message.chatId, (chat) => withMessage(chat, message)];
    }
    case 'message.status': {
      const { chatId, messageId, status } = event.data;
      return [chatId, (chat) => withLast(chat, messageId, { status })];
    }
    case 'message.edited': {
      const { chatId, messageId, content } = event.data;
      return [chatId, (chat) => withLast(chat, messageId, { content })];
    }
    case 'message.deleted': {
      const { chatId, messageId } = event.data;
      return [chatId, (chat) => withLast(chat, messageId, { content: '', type: 'revoked' })];
    }
    case 'chat.updated': {
      const { chatId, ...now } = event.data;
      return [chatId, (chat) => ({ ...chat, ...now })];
    }
    case 'chat.team': {
      const { chatId, status, assigneeId, teamLabels } = event.data;
      return [chatId, (chat) => ({ ...chat, status, assigneeId, teamLabels })];
    }
    case 'chat.note': {
      const { chatId, note, action } = event.data;
      return [chatId, (chat) => ({ ...chat, lastNote: action === 'deleted' ? null : note })];
    }
    default:
      return null;
  }
}

/** A chat that an answer told is put into every list that it belongs to. */
export function putChat(cache: QueryClient, chat: Chat): void {
  const me = cache.getQueryData<Me>(keys.me)?.userId;
  cache.setQueryData(inboxKeys.chat(chat.sessionId, chat.id), chat);
  for (const [queryKey, pages] of lists(cache)) {
    const filter = (queryKey[1] ?? {}) as ListFilter;
    const fits = belongs(chat, filter, me);
    const held = pages.pages.some(({ chats }) => chats.some((each) => isSameChat(each, chat)));
    // What was read stays among the unread ones until they are looked at anew: somebody is in it.
    const stays = held && (fits === null || filter.unread === 'true');
    const next = fits || stays ? withChat(pages, chat) : withoutChat(pages, chat);
    if (next !== pages) cache.setQueryData(queryKey, next);
  }
  askCounts(cache);
}

/** Some fields of a chat as they are known now, wherever it is shown; its others stay. */
export function putIntoChat(
  cache: QueryClient,
  { sessionId, id }: Pick<Chat, 'sessionId' | 'id'>,
  fields: Partial<Chat>,
): void {
  change(cache, sessionId, id, (chat) => ({ ...chat, ...fields }));
}

function change(
  cache: QueryClient,
  sessionId: string,
  chatId: string,
  to: (chat: Chat) => Chat,
): void {
  const known = findChat(cache, sessionId, chatId);
  if (known) {
    const next = to(known);
    if (next !== known) putChat(cache, next);
    return;
  }
  if (lists(cache).length === 0) return;
  const asked = chatQuery(sessionId, chatId);
  // What is under way may tell how the chat was before this change.
  if (cache.isFetching({ queryKey: asked.queryKey }) > 0) {
    askLists(cache);
    return;
  }
  cache
    .fetchQuery(asked)
    .then((chat) => putChat(cache, chat))
    .catch(() => askLists(cache));
}

export function findChat(cache: QueryClient, sessionId: string, chatId: string): Chat | undefined {
  const wanted = { sessionId, id: chatId };
  for (const [, { pages }] of lists(cache)) {
    for (const { chats } of pages) {
      const found = chats.find((chat) => isSameChat(chat, wanted));
      if (found) return found;
    }
  }
  return cache.getQueryData<Chat>(inboxKeys.chat(sessionId, chatId));
}

function lists(cache: QueryClient) {
  return cache
    .getQueriesData<InboxPages>({ queryKey: inboxKeys.lists })
    .flatMap(([queryKey, pages]) => (pages ? [[queryKey, pages] as const] : []));
}

function forget(cache: QueryClient, chat: Pick<Chat, 'id' | 'sessionId'>): void {
  for (const [queryKey, pages] of lists(cache)) {
    cache.setQueryData(queryKey, withoutChat(pages, chat));
  }
  void cache.invalidateQueries({ queryKey: inboxKeys.chat(chat.sessionId, chat.id) });
  askCounts(cache);
}

type Incoming = Extract<LogEvent, { name: 'session.message' }>['data']['message'];

function withMessage(chat: Chat, message: Incoming): Chat {
  const { id, content, timestamp, fromMe, senderName, type, status, mentionNames } = message;
  const last = chat.lastMessage;
  if (last?.id === id || (last && Date.parse(last.timestamp) > Date.parse(timestamp))) return chat;
  const counts = !fromMe && type !== 'system';
  return {
    ...chat,
    lastMessage: {
      id,
      content,
      timestamp,
      fromMe,
      senderName,
      type,
      status,
      ...(mentionNames && { mentionNames }),
    },
    lastNote: null,
    unreadCount: chat.unreadCount + (counts ? 1 : 0),
    ...(counts && chat.status !== 'open' && { status: 'open' as const }),
  };
}

function withLast(chat: Chat, messageId: string, now: Partial<Incoming>): Chat {
  const { lastMessage } = chat;
  if (lastMessage?.id !== messageId) return chat;
  const { content = lastMessage.content, status = lastMessage.status } = now;
  const type = now.type ?? lastMessage.type;
  return { ...chat, lastMessage: { ...lastMessage, content, status, type } };
}

const askLists = atMostEvery(ASK_EVERY, (cache: QueryClient) => {
  void cache.invalidateQueries({ queryKey: inboxKeys.lists });
  void cache.invalidateQueries({ queryKey: inboxKeys.counts });
});

const askCounts = atMostEvery(ASK_EVERY, (cache: QueryClient) => {
  void cache.invalidateQueries({ queryKey: inboxKeys.counts });
});

/** Does it a little later, and once for all who asked meanwhile. */
function atMostEvery(ms: number, run: (cache: QueryClient) => void) {
  let waiting = false;
  return (cache: QueryClient) => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      run(cache);
    }, ms);
  };
}
