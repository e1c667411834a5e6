import type { MessageContent } from '@patchbay/contract';
import { normalizeJid } from '../../../whatsapp/jid.js';
import { proto } from '../baileys.js';

type Message = proto.IMessage;

/** Envelopes around the message that is meant (disappearing, view once, captions, edits ...). */
const ENVELOPES = [
  'ephemeralMessage',
  'viewOnceMessage',
  'viewOnceMessageV2',
  'viewOnceMessageV2Extension',
  'documentWithCaptionMessage',
  'editedMessage',
  'associatedChildMessage',
  'groupStatusMessage',
  'groupStatusMessageV2',
  'groupMentionedMessage',
  'botInvokeMessage',
  'botForwardedMessage',
  'lottieStickerMessage',
  'pollCreationMessageV4',
  'statusMentionMessage',
  'groupStatusMentionMessage',
  'questionMessage',
  'questionReplyMessage',
  'statusAddYours',
  'deviceSentMessage',
] as const satisfies (keyof Message)[];

/** The message within its envelopes; nested ones occur, endless nesting is an attack. */
export function unwrap(message: Message): Message {
  let current = message;
  for (let depth = 0; depth < 8; depth++) {
    const envelope = ENVELOPES.find((name) => current[name]?.message);
    const inner = envelope && current[envelope]?.message;
    if (!inner) return current;
    current = inner;
  }
  return current;
}

/** Fields of a message that are not what it says. */
const NOT_CONTENT = new Set(['senderKeyDistributionMessage', 'messageContextInfo']);

const ProtocolType = proto.Message.ProtocolMessage.Type;

/**
 * What a message says, or undefined where it says nothing to people: keys, history notifications
 * and other traffic between devices.
 */
export function contentFromBaileys(message: Message): MessageContent | undefined {
  const inner = unwrap(message);
  const content =
    textFrom(inner) ??
    mediaFrom(inner) ??
    thingFrom(inner) ??
    actionFrom(inner) ??
    otherFrom(inner);
  if (!content || !('quotedMessageId' in content)) return content;
  if (content.quotedMessageId === undefined) delete content.quotedMessageId;
  return content;
}

function quoted(context: proto.IContextInfo | null | undefined) {
  // A status or disappearing setting has a context too; only a quote names a message.
  return { quotedMessageId: (context?.quotedMessage && context.stanzaId) || undefined };
}

function textFrom(message: Message): MessageContent | undefined {
  if (message.conversation) return { type: 'text', text: message.conversation };
  const extended = message.extendedTextMessage;
  if (extended) {
    const mentions = extended.contextInfo?.mentionedJid?.map(normalizeJid);
    return {
      type: 'text',
      text: extended.text ?? '',
      ...(mentions?.length && { mentions }),
      ...quoted(extended.contextInfo),
    };
  }
  const text = buttonText(message);
  return text ? { type: 'text', ...text } : undefined;
}

/** Buttons, lists and templates of business accounts, and the answers to them, read as text. */
function buttonText(message: Message): { text: string; quotedMessageId?: string } | undefined {
  const template = message.templateMessage;
  const hydrated = template?.hydratedTemplate ?? template?.hydratedFourRowTemplate;
  const candidates: [string | null | undefined, proto.IContextInfo | null | undefined][] = [
    [message.buttonsMessage?.contentText, message.buttonsMessage?.contextInfo],
    [
      message.buttonsResponseMessage?.selectedDisplayText,
      message.buttonsResponseMessage?.contextInfo,
    ],
    [hydrated?.hydratedContentText, template?.contextInfo],
    [
      message.templateButtonReplyMessage?.selectedDisplayText,
      message.templateButtonReplyMessage?.contextInfo,
    ],
    [
      message.listMessage?.description ?? message.listMessage?.title,
      message.listMessage?.contextInfo,
    ],
    [message.listResponseMessage?.title, message.listResponseMessage?.contextInfo],
    [message.interactiveMessage?.body?.text, message.interactiveMessage?.contextInfo],
    [
      message.interactiveResponseMessage?.body?.text,
      message.interactiveResponseMessage?.contextInfo,
    ],
    [message.highlyStructuredMessage?.elementName, undefined],
  ];
  const found = candidates.find(([text]) => text);
  return found?.[0] ? { text: found[0], ...quoted(found[1]) } : undefined;
}

function mediaFrom(message: Message): MessageContent | undefined {
  const { imageMessage, audioMessage, documentMessage, stickerMessage } = message;
  const videoMessage = message.videoMessage ?? message.ptvMessage;
  if (imageMessage) return { type: 'image', ...mediaFields(imageMessage) };
  if (videoMessage) return { type: 'video', ...mediaFields(videoMessage) };
  if (audioMessage) {
    return {
      type: 'audio',
      ...mediaFields(audioMessage),
      ...(audioMessage.ptt && { voice: true }),
    };
  }
  if (documentMessage) {
    const filename = documentMessage.fileName ?? documentMessage.title;
    return { type: 'document', ...mediaFields(documentMessage), ...(filename && { filename }) };
  }
  if (stickerMessage) return { type: 'sticker', ...mediaFields(stickerMessage) };
  return undefined;
}

function mediaFields(media: {
  mimetype?: string | null;
  caption?: string | null;
  contextInfo?: proto.IContextInfo | null;
}) {
  return {
    ...(media.mimetype && { mimetype: media.mimetype }),
    ...(media.caption && { caption: media.caption }),
    ...quoted(media.contextInfo),
  };
}

function thingFrom(message: Message): MessageContent | undefined {
  const place = message.locationMessage ?? message.liveLocationMessage;
  if (place) {
    const name = message.locationMessage?.name ?? message.liveLocationMessage?.caption;
    return {
      type: 'location',
      latitude: place.degreesLatitude ?? 0,
      longitude: place.degreesLongitude ?? 0,
      ...(name && { name }),
      ...quoted(place.contextInfo),
    };
  }
  const { contactMessage, contactsArrayMessage } = message;
  if (contactMessage) return contactFrom([contactMessage], contactMessage.contextInfo);
  if (contactsArrayMessage) {
    return contactFrom(contactsArrayMessage.contacts ?? [], contactsArrayMessage.contextInfo);
  }
  const poll =
    message.pollCreationMessage ??
    message.pollCreationMessageV2 ??
    message.pollCreationMessageV3 ??
    message.pollCreationMessageV5;
  if (!poll) return undefined;
  const options = (poll.options ?? []).map((option) => option.optionName ?? '');
  return { type: 'poll', name: poll.name ?? '', options, ...quoted(poll.contextInfo) };
}

function contactFrom(
  contacts: proto.Message.IContactMessage[],
  context: proto.IContextInfo | null | undefined,
): MessageContent {
  return {
    type: 'contact',
    displayName: contacts.map((contact) => contact.displayName ?? '').join(', '),
    vcard: contacts.map((contact) => contact.vcard ?? '').join('\n'),
    ...quoted(context),
  };
}

/** Messages about another message. */
function actionFrom(message: Message): MessageContent | undefined {
  const { reactionMessage, protocolMessage } = message;
  if (reactionMessage?.key?.id) {
    return {
      type: 'reaction',
      targetId: reactionMessage.key.id,
      emoji: reactionMessage.text ?? '',
    };
  }
  const targetId = protocolMessage?.key?.id;
  if (!protocolMessage || !targetId) return undefined;
  if (protocolMessage.type === ProtocolType.REVOKE) return { type: 'revoke', targetId };
  if (protocolMessage.type === ProtocolType.MESSAGE_EDIT && protocolMessage.editedMessage) {
    return { type: 'edit', targetId, text: shownText(protocolMessage.editedMessage) };
  }
  return undefined;
}

/** The text of an edited message: the text itself, or the caption of media. */
function shownText(message: Message): string {
  const content = contentFromBaileys(message);
  if (content?.type === 'text') return content.text;
  return (content && 'caption' in content && content.caption) || '';
}

function otherFrom(message: Message): MessageContent | undefined {
  if (message.protocolMessage) return settingFrom(message.protocolMessage);
  const name = Object.entries(message).find(
    ([field, value]) => value !== null && value !== undefined && !NOT_CONTENT.has(field),
  )?.[0];
  if (!name || name === 'conversation') return undefined;
  return { type: 'other', kind: name.replace(/Messs?age(V\d)?$/, '') };
}

/** Of the messages between devices, only a chat's settings are shown to people. */
function settingFrom(setting: proto.Message.IProtocolMessage): MessageContent | undefined {
  if (setting.type !== ProtocolType.EPHEMERAL_SETTING) return undefined;
  const seconds = setting.ephemeralExpiration ?? 0;
  const text = seconds
    ? `Messages disappear after ${Math.round(seconds / 3600)} hours`
    : 'Messages no longer disappear';
  return { type: 'system', text };
}
