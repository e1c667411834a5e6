import type { MessageContent } from '@patchbay/contract';
import { describe, expect, it } from 'vitest';
import { proto, type WAMessage } from '../baileys.js';
import { contentFromBaileys } from './content.js';
import { contentFromStub } from './stub.js';

const quote = {
  stanzaId: 'Q1',
  participant: '1@s.whatsapp.net',
  quotedMessage: { conversation: 'before' },
};
const Protocol = proto.Message.ProtocolMessage.Type;

const cases: [string, proto.IMessage, MessageContent | undefined][] = [
  ['plain text', { conversation: 'hi' }, { type: 'text', text: 'hi' }],
  [
    'text with a quote and a mention',
    {
      extendedTextMessage: { text: 'yes @2', contextInfo: { ...quote, mentionedJid: ['2:1@lid'] } },
    },
    { type: 'text', text: 'yes @2', mentions: ['2@lid'], quotedMessageId: 'Q1' },
  ],
  [
    'text in a disappearing chat',
    { ephemeralMessage: { message: { extendedTextMessage: { text: 'gone soon' } } } },
    { type: 'text', text: 'gone soon' },
  ],
  [
    'image, view once, in a disappearing chat',
    {
      ephemeralMessage: {
        message: {
          viewOnceMessageV2: {
            message: { imageMessage: { mimetype: 'image/jpeg', caption: 'look' } },
          },
        },
      },
    },
    { type: 'image', mimetype: 'image/jpeg', caption: 'look', viewOnce: true },
  ],
  [
    'video note',
    { ptvMessage: { mimetype: 'video/mp4' } },
    { type: 'video', mimetype: 'video/mp4' },
  ],
  [
    'voice note with a quote',
    { audioMessage: { mimetype: 'audio/ogg', ptt: true, contextInfo: quote } },
    { type: 'audio', mimetype: 'audio/ogg', voice: true, quotedMessageId: 'Q1' },
  ],
  [
    'document with a caption',
    {
      documentWithCaptionMessage: {
        message: {
          documentMessage: { mimetype: 'application/pdf', fileName: 'a.pdf', caption: 'read' },
        },
      },
    },
    { type: 'document', mimetype: 'application/pdf', filename: 'a.pdf', caption: 'read' },
  ],
  [
    'animated sticker',
    { lottieStickerMessage: { message: { stickerMessage: { mimetype: 'image/webp' } } } },
    { type: 'sticker', mimetype: 'image/webp' },
  ],
  [
    'place',
    { locationMessage: { degreesLatitude: 1.5, degreesLongitude: -2, name: 'Shop' } },
    { type: 'location', latitude: 1.5, longitude: -2, name: 'Shop' },
  ],
  [
    'live location',
    { liveLocationMessage: { degreesLatitude: 1, degreesLongitude: 2 } },
    { type: 'location', latitude: 1, longitude: 2, live: true },
  ],
  [
    'contacts',
    {
      contactsArrayMessage: {
        contacts: [
          { displayName: 'A', vcard: 'BEGIN:A' },
          { displayName: 'B', vcard: 'BEGIN:B' },
        ],
      },
    },
    {
      type: 'contact',
      contacts: [
        { name: 'A', vcard: 'BEGIN:A', phones: [] },
        { name: 'B', vcard: 'BEGIN:B', phones: [] },
      ],
    },
  ],
  [
    'poll',
    { pollCreationMessageV3: { name: 'When?', options: [{ optionName: 'now' }] } },
    { type: 'poll', name: 'When?', options: ['now'], selectableCount: 0 },
  ],
  [
    'reaction',
    { reactionMessage: { key: { id: 'R1' }, text: '👍' } },
    { type: 'reaction', targetId: 'R1', emoji: '👍' },
  ],
  [
    'reaction taken back',
    { reactionMessage: { key: { id: 'R1' } } },
    { type: 'reaction', targetId: 'R1', emoji: '' },
  ],
  [
    'edit',
    {
      editedMessage: {
        message: {
          protocolMessage: {
            type: Protocol.MESSAGE_EDIT,
            key: { id: 'E1' },
            editedMessage: { extendedTextMessage: { text: 'better' } },
          },
        },
      },
    },
    { type: 'edit', targetId: 'E1', text: 'better' },
  ],
  [
    'edit of a caption',
    {
      protocolMessage: {
        type: Protocol.MESSAGE_EDIT,
        key: { id: 'E1' },
        editedMessage: { imageMessage: { caption: 'better' } },
      },
    },
    { type: 'edit', targetId: 'E1', text: 'better' },
  ],
  [
    'revoke',
    { protocolMessage: { type: Protocol.REVOKE, key: { id: 'D1' } } },
    { type: 'revoke', targetId: 'D1' },
  ],
  [
    'sent from another device',
    { deviceSentMessage: { destinationJid: '1@lid', message: { conversation: 'mine' } } },
    { type: 'text', text: 'mine' },
  ],
  [
    'answer to buttons',
    { buttonsResponseMessage: { selectedDisplayText: 'Yes', contextInfo: quote } },
    { type: 'text', text: 'Yes', quotedMessageId: 'Q1' },
  ],
  [
    'template',
    { templateMessage: { hydratedTemplate: { hydratedContentText: 'Your code' } } },
    { type: 'text', text: 'Your code' },
  ],
  [
    'setting of the chat',
    { protocolMessage: { type: Protocol.EPHEMERAL_SETTING, ephemeralExpiration: 86_400 } },
    {
      type: 'system',
      text: 'Messages disappear after 24 hours',
      action: 'disappearing_timer',
      seconds: 86_400,
    },
  ],
  [
    'anything else',
    { messageContextInfo: {}, requestPhoneNumberMessage: {} },
    { type: 'other', kind: 'requestPhoneNumber' },
  ],
  ['keys only', { senderKeyDistributionMessage: { groupId: '1@g.us' } }, undefined],
  ['history notice', { protocolMessage: { type: Protocol.HISTORY_SYNC_NOTIFICATION } }, undefined],
  ['nothing', {}, undefined],
];

describe('content of messages', () => {
  it.each(cases)('%s', (_name, message, content) => {
    // Over the wire and back, since that is where messages come from.
    const received = proto.Message.decode(proto.Message.encode(message).finish());
    expect(contentFromBaileys(received)).toEqual(content);
  });

  it('gives up on endless envelopes', () => {
    let message: proto.IMessage = { conversation: 'deep' };
    for (let n = 0; n < 50; n++) message = { ephemeralMessage: { message } };
    expect(contentFromBaileys(message)).toEqual({ type: 'other', kind: 'ephemeral' });
  });
});

describe('messages without content', () => {
  const Stub = proto.WebMessageInfo.StubType;
  const stub = (messageStubType: number, messageStubParameters: string[]): WAMessage => ({
    key: { id: 'S', remoteJid: '1@g.us' },
    messageStubType,
    messageStubParameters,
  });

  it.each([
    [
      Stub.CIPHERTEXT,
      ['No session record'],
      { type: 'undecryptable', reason: 'No session record' },
    ],
    [
      Stub.GROUP_CHANGE_SUBJECT,
      ['New'],
      { type: 'system', text: 'Subject changed to "New"', action: 'group_change_subject' },
    ],
    [
      Stub.GROUP_PARTICIPANT_ADD,
      [JSON.stringify({ id: '7@lid', phoneNumber: '49@s.whatsapp.net' }), '8:1@lid'],
      {
        type: 'system',
        text: 'Added: @49, @8',
        action: 'group_participant_add',
        people: ['49@s.whatsapp.net', '8@lid'],
      },
    ],
    [
      Stub.GROUP_MEMBERSHIP_JOIN_APPROVAL_REQUEST_NON_ADMIN_ADD,
      [JSON.stringify({ lid: '7@lid' }), 'revoked'],
      {
        type: 'system',
        text: 'No longer asks to be let in: @7',
        action: 'join_request_revoked',
        people: ['7@lid'],
      },
    ],
    [
      Stub.CHANGE_EPHEMERAL_SETTING,
      ['604800'],
      {
        type: 'system',
        text: 'Messages disappear after 7 days',
        action: 'disappearing_timer',
        seconds: 604_800,
      },
    ],
    [
      Stub.GROUP_V4_ADD_INVITE_SENT,
      [],
      {
        type: 'system',
        text: 'group v4 add invite sent',
        action: 'group_v4_add_invite_sent',
      },
    ],
  ] as const)('%s', (type, parameters, content) => {
    expect(contentFromStub(stub(type, [...parameters]))).toEqual(content);
  });
});
