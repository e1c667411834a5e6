import type { MessageContent } from '@patchbay/contract';
import { describe, expect, it } from 'vitest';
import { generateWAMessage, type WAMessage } from '../baileys.js';
import { contentFromBaileys } from '../from-baileys/content.js';
import { contentToBaileys } from './content.js';

const chat = '5@lid';
const group = '1@g.us';

/** As it is sent, and read again by the other side. */
async function roundTrip(content: MessageContent, quoted?: WAMessage) {
  const { content: built } = contentToBaileys(content, chat);
  const message = await generateWAMessage(chat, built, {
    userJid: '9@lid',
    messageId: 'M1',
    upload: expect.unreachable,
    ...(quoted && { quoted }),
  });
  return contentFromBaileys(message.message ?? {});
}

describe('content to rc14', () => {
  it.each<MessageContent>([
    { type: 'text', text: 'hello https://example.org' },
    { type: 'text', text: 'hello @7', mentions: ['7@lid'] },
    { type: 'location', latitude: 1.5, longitude: 2, name: 'Shop' },
    { type: 'contact', displayName: 'Ana', vcard: 'BEGIN:VCARD' },
    { type: 'poll', name: 'When?', options: ['now', 'later'] },
    { type: 'reaction', targetId: 'T1', emoji: '👍' },
    { type: 'edit', targetId: 'T1', text: 'better' },
    { type: 'revoke', targetId: 'T1' },
  ])('$type', async (content) => {
    expect(await roundTrip(content)).toEqual(content);
  });

  it('quotes', async () => {
    const quoted = {
      key: { id: 'Q1', remoteJid: chat, fromMe: false },
      message: { conversation: 'a' },
    };
    expect(await roundTrip({ type: 'text', text: 'b' }, quoted)).toEqual({
      type: 'text',
      text: 'b',
      quotedMessageId: 'Q1',
    });
  });

  it('names the target as it was stored', () => {
    const target = { key: { id: 'T1', remoteJid: group, fromMe: false, participant: '5@lid' } };
    const reaction = { type: 'reaction', targetId: 'T1', emoji: '👍' } as const;
    expect(contentToBaileys(reaction, group, target).content).toEqual({
      react: { text: '👍', key: target.key },
    });
    const revoke = { type: 'revoke', targetId: 'T1' } as const;
    expect(contentToBaileys(revoke, group, target).attributes).toEqual({ edit: '8' });
    expect(contentToBaileys(revoke, group).attributes).toEqual({ edit: '7' });
    expect(contentToBaileys({ type: 'edit', targetId: 'T1', text: 'x' }, chat)).toMatchObject({
      attributes: { edit: '1' },
      content: { edit: { id: 'T1', remoteJid: chat, fromMe: true } },
    });
    const poll = contentToBaileys({ type: 'poll', name: 'a', options: ['b'] }, chat);
    expect(poll.nodes).toEqual([{ tag: 'meta', attrs: { polltype: 'creation' } }]);
  });

  it('refuses what cannot be sent', () => {
    expect(() => contentToBaileys({ type: 'system', text: 'x' }, chat)).toThrowError(
      expect.objectContaining({ code: 'unsupported', certainlyNotSent: true }),
    );
  });
});
