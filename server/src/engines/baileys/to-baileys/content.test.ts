import type { MessageContent } from '@patchbay/contract';
import { describe, expect, it } from 'vitest';
import { generateWAMessageFromContent, proto, type WAMessage } from '../baileys.js';
import { contentFromBaileys } from '../from-baileys/content.js';
import { secretContent } from '../from-baileys/secret-content.js';
import { contentToBaileys } from './content.js';

const chat = '5@lid';
const group = '1@g.us';
const me = { jid: '9@s.whatsapp.net', lid: '90@lid' };

/** As it is sent, over the wire, and read again by the other side. */
function roundTrip(content: MessageContent, quoted?: WAMessage, target?: WAMessage) {
  const { message: built } = contentToBaileys(content, { chatJid: chat, me, target });
  const { message } = generateWAMessageFromContent(chat, built, {
    userJid: '90@lid',
    messageId: 'M1',
    ...(quoted && { quoted }),
  });
  const bytes = proto.Message.encode(message ?? {}).finish();
  return contentFromBaileys(proto.Message.decode(bytes));
}

const secret = new Uint8Array(32).fill(7);
const poll: WAMessage = {
  key: { id: 'P1', remoteJid: chat, fromMe: false },
  message: {
    messageContextInfo: { messageSecret: secret },
    pollCreationMessage: {
      name: 'Which?',
      options: [{ optionName: 'red' }, { optionName: 'blue' }, { optionName: 'grün' }],
    },
  },
};
const event: WAMessage = {
  key: { id: 'P1', remoteJid: chat, fromMe: false },
  message: { messageContextInfo: { messageSecret: secret }, eventMessage: { name: 'Party' } },
};
const vcard = 'BEGIN:VCARD\nTEL;type=CELL;waid=5511:+55 11\nEND:VCARD';

describe('content to rc14', () => {
  it.each<MessageContent>([
    { type: 'text', text: 'hello https://example.org' },
    { type: 'text', text: 'hello @7', mentions: ['7@lid'], expiresIn: 86_400 },
    { type: 'text', text: 'status', backgroundColor: '#1f7a6b', font: 2 },
    {
      type: 'text',
      text: 'see https://example.org',
      linkPreview: { url: 'https://example.org', title: 'T', description: 'D', thumbnail: 'AQID' },
    },
    { type: 'text', text: 'passed on', forwarded: true, forwardingScore: 5 },
    { type: 'location', latitude: 1.5, longitude: 2, name: 'Shop', address: 'Street 1' },
    {
      type: 'location',
      latitude: 1.5,
      longitude: 2,
      live: true,
      caption: 'on my way',
      accuracy: 12,
      speed: 1.5,
      heading: 90,
      sequence: 3,
      expiresIn: 86_400,
    },
    { type: 'contact', contacts: [{ name: 'Ana', vcard, phones: ['+5511'] }] },
    {
      type: 'contact',
      contacts: [
        { name: 'Ana', vcard, phones: ['+5511'] },
        { name: 'Ben', vcard: 'BEGIN:VCARD', phones: [] },
      ],
    },
    { type: 'poll', name: 'When?', options: ['now', 'later'], selectableCount: 1 },
    { type: 'poll', name: 'Which?', options: ['a', 'b', 'c'], selectableCount: 0 },
    {
      type: 'event',
      name: 'Party',
      startsAt: '2026-12-01T18:00:00.000Z',
      endsAt: '2026-12-01T20:00:00.000Z',
      description: 'Bring cake',
      location: { name: 'Roof', address: 'Street 2' },
      joinLink: 'https://call.example.org/x',
      extraGuestsAllowed: true,
    },
    {
      type: 'group_invite',
      groupJid: group,
      groupName: 'Trio',
      code: 'abc',
      caption: 'Join us',
      expiresAt: '2026-12-01T18:00:00.000Z',
    },
    { type: 'reaction', targetId: 'T1', emoji: '👍' },
    { type: 'edit', targetId: 'T1', text: 'better @7', mentions: ['7@lid'] },
    { type: 'revoke', targetId: 'T1' },
    { type: 'pin', targetId: 'T1', pinned: true, duration: 86_400 },
    { type: 'pin', targetId: 'T1', pinned: false },
    {
      type: 'system',
      text: 'Messages disappear after 7 days',
      action: 'disappearing_timer',
      seconds: 604_800,
    },
  ])('$type', (content) => {
    expect(roundTrip(content)).toEqual(content);
  });

  it.each<[MessageContent, WAMessage]>([
    [{ type: 'poll_vote', targetId: 'P1', options: ['blue', 'grün'] }, poll],
    [{ type: 'poll_vote', targetId: 'P1', options: [] }, poll],
    [{ type: 'event_response', targetId: 'P1', response: 'going', extraGuests: 2 }, event],
    [{ type: 'event_response', targetId: 'P1', response: 'not_going' }, event],
  ])('seals %j', async (content, target) => {
    const { message } = contentToBaileys(content, { chatJid: chat, me, target });
    const sent = { key: { id: 'V1', remoteJid: chat, fromMe: true }, message };
    const names: Record<string, string[]> = {
      P1: ['5@s.whatsapp.net', '5@lid'],
      V1: ['9@s.whatsapp.net', '90@lid'],
    };
    const namesOf = async ({ key }: WAMessage) => names[key.id ?? ''] ?? [];
    expect(await secretContent(sent, async () => target, namesOf)).toEqual(content);
    const stranger = async ({ key }: WAMessage) => (key.id === 'V1' ? ['8@lid'] : ['5@lid']);
    expect(await secretContent(sent, async () => target, stranger)).toBeUndefined();
    expect(contentFromBaileys(message)).toMatchObject({ targetId: 'P1', unreadable: true });
  });

  it('quotes', () => {
    const quoted = {
      key: { id: 'Q1', remoteJid: chat, fromMe: false },
      message: { conversation: 'a' },
    };
    const contents: MessageContent[] = [
      { type: 'text', text: 'b' },
      { type: 'poll', name: 'b', options: ['c', 'd'], selectableCount: 1 },
      { type: 'location', latitude: 1, longitude: 2 },
    ];
    for (const content of contents) {
      expect(roundTrip(content, quoted)).toEqual({ ...content, quotedMessageId: 'Q1' });
    }
  });

  it('edits the caption of media, and forwards as it was', () => {
    const target: WAMessage = {
      key: { id: 'T1', remoteJid: chat, fromMe: true },
      message: {
        messageContextInfo: { messageSecret: secret },
        imageMessage: {
          mimetype: 'image/jpeg',
          caption: 'old',
          directPath: '/v/1',
          contextInfo: { stanzaId: 'Q', quotedMessage: { conversation: 'q' } },
        },
      },
    };
    const edit = { type: 'edit', targetId: 'T1', text: 'new' } as const;
    const built = contentToBaileys(edit, { chatJid: chat, me, target });
    expect(built.message.protocolMessage?.editedMessage?.imageMessage).toMatchObject({
      caption: 'new',
      directPath: '/v/1',
    });
    const forward = {
      type: 'image',
      mimetype: 'image/jpeg',
      caption: 'new',
      forwarded: true,
      forwardingScore: 2,
      forwardOf: 'T1',
    } as const;
    const { forwardOf: _, ...seen } = forward;
    expect(roundTrip(forward, undefined, target)).toMatchObject(seen);
    const { message } = contentToBaileys(forward, { chatJid: chat, me, target });
    expect(message.imageMessage).toMatchObject({ directPath: '/v/1', caption: 'new' });
    expect(message.messageContextInfo).toBeUndefined();
    expect(() => contentToBaileys(forward, { chatJid: chat, me })).toThrowError(
      expect.objectContaining({ code: 'unsupported', certainlyNotSent: true }),
    );
  });

  it('names the target as it was stored', () => {
    const target = { key: { id: 'T1', remoteJid: group, fromMe: false, participant: '5@lid' } };
    const inGroup = { chatJid: group, me };
    const reaction = { type: 'reaction', targetId: 'T1', emoji: '👍' } as const;
    const { message } = contentToBaileys(reaction, { ...inGroup, target });
    expect(message.reactionMessage).toMatchObject({ text: '👍', key: target.key });
    const revoke = { type: 'revoke', targetId: 'T1' } as const;
    expect(contentToBaileys(revoke, { ...inGroup, target }).attributes).toEqual({ edit: '8' });
    expect(contentToBaileys(revoke, inGroup).attributes).toEqual({ edit: '7' });
    const edit = { type: 'edit', targetId: 'T1', text: 'x' } as const;
    expect(contentToBaileys(edit, { chatJid: chat, me })).toMatchObject({
      attributes: { edit: '1' },
      message: { protocolMessage: { key: { id: 'T1', remoteJid: chat, fromMe: true } } },
    });
    const content: MessageContent = {
      type: 'poll',
      name: 'a',
      options: ['b', 'c'],
      selectableCount: 1,
    };
    expect(contentToBaileys(content, inGroup).nodes).toEqual([
      { tag: 'meta', attrs: { polltype: 'creation' } },
    ]);
  });

  it('refuses what cannot be sent', () => {
    const contents: MessageContent[] = [
      { type: 'system', text: 'x' },
      { type: 'other', kind: 'unknown' },
      { type: 'poll_vote', targetId: 'P1', options: ['a'] },
    ];
    for (const content of contents) {
      expect(() => contentToBaileys(content, { chatJid: chat, me })).toThrowError(
        expect.objectContaining({ code: 'unsupported', certainlyNotSent: true }),
      );
    }
  });
});
