import type { Chat, Message, SendContent } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../testing/databases.js';
import { KindsWorld } from '../testing/kinds-world.js';

const VCARD = 'BEGIN:VCARD\nVERSION:3.0\nFN:Ana\nTEL;type=CELL;waid=51999:+51 999\nEND:VCARD';
const THUMBNAIL = Buffer.from([0xff, 0xd8, 0xff, 0xd9]).toString('base64');
const PLACE = { latitude: -12.04637, longitude: -77.04279, name: 'Plaza', address: 'Jirón 1' };
const LIVE = {
  latitude: 1.5,
  longitude: 2.25,
  live: true,
  caption: 'on my way',
  accuracy: 12,
  speed: 1.5,
  heading: 90,
  sequence: 7,
};
const TIMES = { startsAt: '2027-01-02T18:00:00.000Z', endsAt: '2027-01-02T20:00:00.000Z' };
const PARTY = {
  name: 'Party',
  description: 'Bring cake',
  ...TIMES,
  joinLink: 'https://call.example.org/x',
  extraGuestsAllowed: true,
};
const ROOF = { name: 'Roof', address: 'Street 2' };
const INVITE = { groupJid: '1203@g.us', groupName: 'Trio', code: 'abc123' };
const PREVIEW = {
  url: 'https://example.org/a',
  title: 'Title',
  description: 'What it is about',
  thumbnail: THUMBNAIL,
};

interface Kind {
  name: string;
  /** What a person says on a phone; `quoted` and `mentions` are added by the tests. */
  onPhone: object;
  /** The same as a program sends it. */
  send: SendContent;
  /** How the phone shows it. */
  shown: object;
  /** How the API shows it. */
  seen: Partial<Message>;
}

const KINDS: Kind[] = [
  {
    name: 'text',
    onPhone: { kind: 'text', text: '¿Está *abierto*? 😀 https://example.org' },
    send: { type: 'text', text: '¿Está *abierto*? 😀 https://example.org' },
    shown: { kind: 'text', text: '¿Está *abierto*? 😀 https://example.org' },
    seen: { type: 'text', content: '¿Está *abierto*? 😀 https://example.org' },
  },
  {
    name: 'text with a link preview',
    onPhone: { kind: 'text', text: 'see https://example.org/a', preview: PREVIEW },
    send: { type: 'text', text: 'see https://example.org/a', linkPreview: PREVIEW },
    shown: { kind: 'text', text: 'see https://example.org/a', preview: PREVIEW },
    seen: { type: 'text', content: 'see https://example.org/a', linkPreview: PREVIEW },
  },
  {
    name: 'place',
    onPhone: { kind: 'location', place: { ...PLACE, url: 'https://example.org/p' } },
    send: { type: 'location', ...PLACE, url: 'https://example.org/p' },
    shown: { kind: 'location', text: 'Plaza', place: { ...PLACE, url: 'https://example.org/p' } },
    seen: {
      type: 'location',
      content: 'Plaza',
      location: { ...PLACE, url: 'https://example.org/p' },
    },
  },
  {
    name: 'live place',
    onPhone: { kind: 'location', place: LIVE },
    send: { type: 'location', ...LIVE },
    shown: { kind: 'location', text: 'on my way', place: LIVE },
    seen: { type: 'location', content: 'on my way', location: LIVE },
  },
  {
    name: 'contact',
    onPhone: { kind: 'contact', contacts: [{ name: 'Ana', vcard: VCARD }] },
    send: { type: 'contact', contacts: [{ name: 'Ana', vcard: VCARD }] },
    shown: { kind: 'contact', text: 'Ana', contacts: [{ name: 'Ana', vcard: VCARD }] },
    seen: {
      type: 'contact',
      content: 'Ana',
      contacts: [{ name: 'Ana', vcard: VCARD, phones: ['+51999'] }],
    },
  },
  {
    name: 'contacts',
    onPhone: {
      kind: 'contact',
      contacts: [
        { name: 'Ana', vcard: VCARD },
        { name: 'Ben', vcard: 'BEGIN:VCARD\nTEL:+1 2\nEND:VCARD' },
      ],
    },
    send: {
      type: 'contact',
      contacts: [
        { name: 'Ana', vcard: VCARD },
        { name: 'Ben', vcard: 'BEGIN:VCARD\nTEL:+1 2\nEND:VCARD' },
      ],
    },
    shown: {
      kind: 'contact',
      text: 'Ana, Ben',
      contacts: [
        { name: 'Ana', vcard: VCARD },
        { name: 'Ben', vcard: 'BEGIN:VCARD\nTEL:+1 2\nEND:VCARD' },
      ],
    },
    seen: {
      type: 'contact',
      content: 'Ana, Ben',
      contacts: [
        { name: 'Ana', vcard: VCARD, phones: ['+51999'] },
        { name: 'Ben', vcard: 'BEGIN:VCARD\nTEL:+1 2\nEND:VCARD', phones: ['+1 2'] },
      ],
    },
  },
  {
    name: 'poll, single choice',
    onPhone: { kind: 'poll', name: 'When?', options: ['now', 'später'] },
    send: { type: 'poll', name: 'When?', options: ['now', 'später'] },
    shown: {
      kind: 'poll',
      text: 'When?',
      poll: { options: ['now', 'später'], selectableCount: 1 },
    },
    seen: {
      type: 'poll',
      content: 'When?',
      poll: {
        name: 'When?',
        selectableCount: 1,
        options: [
          { name: 'now', voters: [] },
          { name: 'später', voters: [] },
        ],
        ownVote: [],
      },
    },
  },
  {
    name: 'poll, any number',
    onPhone: { kind: 'poll', name: 'Which?', options: ['a', 'b', 'c'], selectableCount: 0 },
    send: { type: 'poll', name: 'Which?', options: ['a', 'b', 'c'], selectableCount: 0 },
    shown: { kind: 'poll', text: 'Which?', poll: { options: ['a', 'b', 'c'], selectableCount: 0 } },
    seen: {
      type: 'poll',
      content: 'Which?',
      poll: {
        name: 'Which?',
        selectableCount: 0,
        options: ['a', 'b', 'c'].map((name) => ({ name, voters: [] })),
        ownVote: [],
      },
    },
  },
  {
    name: 'event',
    onPhone: { kind: 'event', event: { ...PARTY, place: ROOF } },
    send: { type: 'event', ...PARTY, location: ROOF },
    shown: { kind: 'event', text: 'Party', event: { ...PARTY, place: ROOF } },
    seen: { type: 'event', content: 'Party', event: { ...PARTY, location: ROOF, responses: [] } },
  },
];

/** Only phones send these. */
const ONLY_RECEIVED: Pick<Kind, 'name' | 'onPhone' | 'seen'>[] = [
  {
    name: 'group invitation',
    onPhone: {
      kind: 'group_invite',
      invite: { group: INVITE.groupJid, subject: INVITE.groupName, code: INVITE.code },
      text: 'Join us',
    },
    seen: {
      type: 'group_invite',
      content: 'Join us',
      groupInvite: { ...INVITE, caption: 'Join us' },
    },
  },
];

describe.each(databases)('every kind of message on %s', (database) => {
  let world: KindsWorld;

  beforeAll(async () => {
    world = await KindsWorld.start(database);
  });
  afterAll(() => world.stop());

  describe.each(['person', 'group'] as const)('with a %s', (where) => {
    /** The chat as the phone of the other side, and as the API, names it. */
    const chat = () => (where === 'group' ? world.group : world.other);
    const chatOnPhone = () => (where === 'group' ? world.group : world.own);

    it.each([...KINDS, ...ONLY_RECEIVED])('$name comes in', async ({ onPhone, seen }) => {
      const id = await world.say(world.other, chatOnPhone(), onPhone);
      const message = await world.server.message('main', id);
      expect(message).toMatchObject({ fromMe: false, status: 'received', ...seen });
      expect(message.senderName).toBe('Elena Rojas');
      const [event] = await world.eventsAbout(id);
      expect(event?.data).toMatchObject({ source: 'live', message: seen });
    });

    it.each(KINDS)('$name goes out', async ({ send, shown, seen }) => {
      const id = await world.send(chat(), send);
      const got = await world.onPhone(world.other, id);
      expect(got).toMatchObject({ from: world.own, chat: chatOnPhone(), ...shown });
      const left = ({ status }: Message) => status === 'sent' || status === 'delivered';
      const message = await world.server.message('main', id, left);
      expect(message).toMatchObject({ fromMe: true, ...seen });
      expect(await world.onPhone(world.own, id)).toMatchObject({ fromMe: true, ...shown });
    });

    it.each(KINDS)('$name from the own phone', async ({ onPhone, seen }) => {
      const id = await world.say(world.own, chat(), onPhone);
      const message = await world.server.message('main', id);
      expect(message).toMatchObject({ fromMe: true, ...seen });
      const [event] = await world.eventsAbout(id);
      expect(event?.data).toMatchObject({ source: 'phone' });
    });

    it('mentions, quotes and forwarding come in', async () => {
      const quoted = await world.say(world.other, chatOnPhone(), { kind: 'text', text: 'before' });
      const id = await world.say(world.other, chatOnPhone(), {
        kind: 'text',
        text: 'again @x',
        quoted,
        mentions: [world.own],
        forwarded: 5,
      });
      const message = await world.server.message('main', id);
      expect(message).toMatchObject({
        quotedMessage: { id: quoted, content: 'before' },
        forwarded: true,
        forwardingScore: 5,
      });
      expect(message.mentions).toEqual([await world.lidOf(world.own)]);
    });

    it('who is mentioned is named in the thread, the list and quotes', async () => {
      const lid = (await world.lidOf(world.own)).split('@')[0] ?? '';
      const id = await world.say(world.other, chatOnPhone(), {
        kind: 'text',
        text: `ask @${lid}`,
        mentions: [world.own],
      });
      const message = await world.server.message('main', id);
      const own = message.mentionNames?.[lid];
      expect(own).toMatch(/^\p{L}/u);
      const [event] = await world.eventsAbout(id);
      expect(event?.data).toMatchObject({ message: { mentionNames: { [lid]: own } } });
      const { body } = await world.server.call<{ chats: Chat[] }>('GET', '/api/chats');
      const last = body.chats.find(({ lastMessage }) => lastMessage?.id === id)?.lastMessage;
      expect(last?.mentionNames).toEqual({ [lid]: own, [world.own]: own });
      const answer = await world.send(chat(), {
        type: 'text',
        text: `@${world.other} will know`,
        mentions: [world.other],
        quotedMessageId: id,
      });
      const said = await world.server.message('main', answer);
      expect(said.quotedMessage?.mentionNames).toMatchObject({ [lid]: own });
      expect(said.mentionNames).toMatchObject({ [world.other]: 'Elena Rojas' });
    });

    it('mentions and quotes go out', async () => {
      const quotedMessageId = await world.say(world.other, chatOnPhone(), {
        kind: 'text',
        text: 'question',
      });
      await world.server.message('main', quotedMessageId);
      const kinds: SendContent[] = [
        { type: 'text', text: 'answer @x', mentions: [world.other], quotedMessageId },
        { type: 'location', ...PLACE, mentions: [world.other], quotedMessageId },
        { type: 'poll', name: 'p', options: ['1', '2'], mentions: [world.other], quotedMessageId },
      ];
      for (const content of kinds) {
        const id = await world.send(chat(), content);
        const got = await world.onPhone(world.other, id);
        expect(got.quoted).toEqual({ id: quotedMessageId, from: world.other, text: 'question' });
        expect(got.mentions).toEqual([world.other]);
        const message = await world.server.message('main', id);
        expect(message.quotedMessage).toMatchObject({
          id: quotedMessageId,
          content: 'question',
        });
      }
    });
  });
});
