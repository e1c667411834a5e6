import type { LogEvent } from '@patchbay/contract';
import { expect, test } from 'vitest';
import { timelineOf } from './event-words.js';

let position = 0;
const head = () => ({
  id: `evt_${++position}`,
  position,
  sessionId: 's1',
  sequence: position,
  at: '2026-03-04T10:30:00.000Z',
});

function received(fromMe: boolean): LogEvent {
  const message = {
    id: `m${position}`,
    chatId: 'ana',
    content: '',
    timestamp: '2026-03-04T10:30:00.000Z',
    fromMe,
    senderName: null,
    senderJid: null,
    type: 'text',
    status: 'received',
    error: null,
    reactions: [],
  } as const;
  return {
    ...head(),
    name: 'session.message',
    data: { source: 'live', message: { ...message, reactions: [] } },
  };
}

test('newest first; messages in a row are one line with counts', () => {
  const entries = timelineOf([
    { ...head(), name: 'session.created', data: { displayName: 'Front desk' } },
    received(false),
    received(false),
    {
      ...head(),
      name: 'message.status',
      data: { chatId: 'ana', messageId: 'x', status: 'read', error: null },
    },
    received(true),
    { ...head(), name: 'session.removed', data: {} },
  ]);
  expect(entries.map(({ title, detail }) => `${title}: ${detail}`)).toEqual([
    'Credentials deleted: ',
    'Messages: 2 received, 1 sent',
    'Account added: Front desk',
  ]);
});

test('ticks alone are no line', () => {
  const tick: LogEvent = {
    ...head(),
    name: 'message.status',
    data: { chatId: 'ana', messageId: 'x', status: 'read', error: null },
  };
  expect(timelineOf([tick])).toEqual([]);
});
