import type { LogEvent, Message, MessagePage, Session } from '@patchbay/contract';
import { expect, test } from 'vitest';
import { sessionAfter, withEvent, withMessage, withMessageStatus } from './reduce.js';

const message = (id: string, minute: number, more: Partial<Message> = {}): Message => ({
  id,
  chatId: 'ana',
  content: id,
  timestamp: new Date(Date.UTC(2026, 2, 4, 10, minute)).toISOString(),
  fromMe: false,
  senderName: null,
  senderJid: null,
  type: 'text',
  status: 'received',
  error: null,
  reactions: [],
  ...more,
});

const session: Session = {
  id: 's1',
  userId: 'u',
  slot: 1,
  engine: 'baileys',
  phone: '51987654321',
  jid: null,
  label: null,
  displayName: 'Front desk',
  profilePicUrl: null,
  status: 'connected',
  state: {
    status: 'connected',
    reason: 'none',
    action: 'none',
    since: '2026-03-04T09:00:00.000Z',
    attempt: 0,
    nextAttemptAt: null,
  },
  lastSeen: null,
  createdAt: '2026-03-01T09:00:00.000Z',
  lastMessageAt: null,
  today: { received: 2, sent: 1 },
};

const head = (position: number) => ({
  id: `evt_${position}`,
  position,
  sessionId: 's1',
  sequence: position,
  at: '2026-03-04T10:30:00.000Z',
});

function messageEvent(source: 'live' | 'history', of: Message): LogEvent {
  return { ...head(1), name: 'session.message', data: { source, message: of } };
}

const ids = (pages: MessagePage[]) => pages.map((page) => page.messages.map(({ id }) => id));

test('a status event changes state, badge word, number and name', () => {
  const state = {
    ...session.state,
    status: 'qr',
    reason: 'device_removed',
    action: 'scan',
  } as const;
  const after = sessionAfter(session, {
    ...head(1),
    name: 'session.status',
    data: { connection: 'connecting', state, phone: null, displayName: 'Front desk' },
  });
  expect(after).toMatchObject({ status: 'qr_ready', state, phone: null });
});

test('messages of today are counted, whichever way they came', () => {
  const live = sessionAfter(session, messageEvent('live', message('m1', 5)));
  expect(live.today).toEqual({ received: 3, sent: 1 });
  expect(live.lastMessageAt).toBe(message('m1', 5).timestamp);
  const sent = sessionAfter(session, messageEvent('live', message('m1', 5, { fromMe: true })));
  expect(sent.today).toEqual({ received: 2, sent: 2 });
  const earlier = sessionAfter(live, messageEvent('history', message('m0', 1)));
  expect(earlier.today).toEqual({ received: 4, sent: 1 });
  expect(earlier.lastMessageAt).toBe(live.lastMessageAt);
  const yesterday = message('m2', 1, { timestamp: '2026-03-03T23:59:59.000Z' });
  expect(sessionAfter(live, messageEvent('history', yesterday)).today).toEqual(live.today);
  const reaction = message('m3', 6, { type: 'reaction' });
  expect(sessionAfter(live, messageEvent('live', reaction))).toBe(live);
});

test('a new message goes to its place by time, a known one is replaced', () => {
  const pages: MessagePage[] = [
    { messages: [message('c', 3), message('e', 5)], before: 'x' },
    { messages: [message('a', 1), message('b', 2)], before: 'y' },
  ];
  expect(ids(withMessage(pages, message('f', 6)))).toEqual([
    ['c', 'e', 'f'],
    ['a', 'b'],
  ]);
  expect(ids(withMessage(pages, message('d', 4)))).toEqual([
    ['c', 'd', 'e'],
    ['a', 'b'],
  ]);
  const replaced = withMessage(pages, message('b', 2, { content: 'edited' }));
  expect(ids(replaced)).toEqual(ids(pages));
  expect(replaced[1]?.messages[1]?.content).toBe('edited');
});

test('a message older than everything loaded waits for its page', () => {
  const pages: MessagePage[] = [{ messages: [message('c', 3)], before: 'x' }];
  expect(withMessage(pages, message('a', 1))).toBe(pages);
  const all: MessagePage[] = [{ messages: [message('c', 3)], before: null }];
  expect(ids(withMessage(all, message('a', 1)))).toEqual([['a', 'c']]);
  expect(ids(withMessage([{ messages: [], before: null }], message('a', 1)))).toEqual([['a']]);
});

test('the same id in another chat is another message', () => {
  const pages: MessagePage[] = [{ messages: [message('a', 1)], before: null }];
  const both = withMessage(pages, message('a', 2, { chatId: 'bruno' }));
  expect(both[0]?.messages).toHaveLength(2);
});

test('ticks go forward only; a failed message may be on its way again', () => {
  const tick = (pages: MessagePage[], status: Message['status']) =>
    withMessageStatus(pages, { chatId: 'ana', messageId: 'a', status, error: null });
  const sent = [{ messages: [message('a', 1, { fromMe: true, status: 'sent' })], before: null }];
  const read = tick(sent, 'read');
  expect(read[0]?.messages[0]?.status).toBe('read');
  expect(tick(read, 'delivered')[0]?.messages[0]?.status).toBe('read');
  const failed = [{ messages: [message('a', 1, { status: 'failed' })], before: null }];
  expect(tick(failed, 'queued')[0]?.messages[0]?.status).toBe('queued');
});

test('an event is added once', () => {
  const event = messageEvent('live', message('a', 1));
  const pages = withEvent([{ version: 1, events: [], after: 0 }], event);
  expect(pages[0]?.events).toHaveLength(1);
  expect(withEvent(pages, event)).toBe(pages);
});
