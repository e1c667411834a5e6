import type { Message, MessagePage } from '@patchbay/contract';
import { describe, expect, it } from 'vitest';
import { type ActionEvent, withAction } from './message-actions.js';

const message: Message = {
  id: 'M1',
  chatId: 'C1',
  content: 'before',
  timestamp: '2026-01-01T10:00:00.000Z',
  fromMe: false,
  senderName: null,
  senderJid: '1@lid',
  type: 'text',
  status: 'received',
  error: null,
  reactions: [],
};
const pages = (changes: Partial<Message> = {}): MessagePage[] => [
  { messages: [{ ...message, ...changes }], before: null },
];
const event = <Name extends ActionEvent['name']>(
  name: Name,
  data: Partial<Extract<ActionEvent, { name: Name }>['data']>,
) =>
  ({
    id: 'e',
    position: 1,
    sessionId: 's',
    sequence: 1,
    at: message.timestamp,
    name,
    data: {
      source: 'live',
      chatId: 'C1',
      messageId: 'M1',
      actionId: 'A1',
      senderJid: '1@lid',
      senderName: null,
      fromMe: false,
      timestamp: message.timestamp,
      ...data,
    },
  }) as unknown as ActionEvent;

const after = (changes: Partial<Message>, ...events: ActionEvent[]) =>
  events.reduce(withAction, pages(changes))[0]?.messages[0];

describe('what changes a message', () => {
  it('reactions: one of each person, and taken back', () => {
    const thumb = event('message.reaction', { emoji: '👍' });
    const heart = event('message.reaction', { emoji: '❤️' });
    const mine = event('message.reaction', { emoji: '👍', senderJid: '2@lid', fromMe: true });
    expect(after({}, thumb, mine, heart)?.reactions).toEqual([
      { emoji: '👍', fromMe: true, senderJid: '2@lid' },
      { emoji: '❤️', fromMe: false, senderJid: '1@lid' },
    ]);
    const back = event('message.reaction', { emoji: '' });
    expect(after({}, thumb, back)?.reactions).toEqual([]);
  });

  it('edits are counted, and a deleted message says nothing', () => {
    const edit = event('message.edited', { content: 'after' });
    expect(after({}, edit, edit)).toMatchObject({ content: 'after', edited: 2 });
    const gone = event('message.deleted', { byAdmin: false });
    expect(after({}, gone)).toMatchObject({ content: '', deleted: true, type: 'revoked' });
  });

  it('votes take the place of earlier ones', () => {
    const poll = {
      name: 'p',
      selectableCount: 0,
      ownVote: [],
      options: [
        { name: 'a', voters: ['1@lid'] },
        { name: 'b', voters: [] },
      ],
    };
    const vote = event('poll.vote', { options: ['b'] });
    const mine = event('poll.vote', { options: ['b'], senderJid: '2@lid', fromMe: true });
    expect(after({ poll }, vote, mine)?.poll).toMatchObject({
      ownVote: ['b'],
      options: [
        { name: 'a', voters: [] },
        { name: 'b', voters: ['1@lid', '2@lid'] },
      ],
    });
  });

  it('leaves other messages, and other pages, as they are', () => {
    const other = event('message.edited', { content: 'x', messageId: 'M2' });
    const same = pages();
    expect(withAction(same, other)).toBe(same);
  });
});
