import { proto } from 'baileys/WAProto/index.js';
import type { Directory } from '../directory.js';
import { isViewOnce, unwrap } from '../envelopes.js';
import { type MediaFacts, mediaFacts } from '../media-facts.js';
import type { MessageKind, ShownFields, ShownPlace } from './shown.js';

/** What a phone shows of a message. */
export interface Shown extends ShownFields {
  kind: MessageKind;
  text: string;
  media?: MediaFacts;
  reaction?: { messageId: string; emoji: string };
}

type Message = proto.IMessage;
const ProtocolType = proto.Message.ProtocolMessage.Type;

/** undefined when there is nothing to show (sender keys, traffic between devices). */
export function show(message: Message, directory: Directory): Shown | undefined {
  const inner = unwrap(message);
  const shown = action(inner) ?? text(inner) ?? file(inner) ?? thing(inner) ?? unknown(inner);
  if (!shown) return undefined;
  return {
    ...shown,
    ...besideOf(contextOf(inner), directory),
    ...(isViewOnce(message) && { viewOnce: true }),
  };
}

function text({ conversation, extendedTextMessage: extended }: Message): Shown | undefined {
  if (conversation) return { kind: 'text', text: conversation };
  if (!extended) return undefined;
  const { matchedText: url, title, description, jpegThumbnail, backgroundArgb, font } = extended;
  const preview = url && {
    url,
    ...(title && { title }),
    ...(description && { description }),
    ...(jpegThumbnail?.length && { thumbnail: Buffer.from(jpegThumbnail).toString('base64') }),
  };
  const color = (backgroundArgb ?? 0) & 0xffffff;
  return {
    kind: 'text',
    text: extended.text ?? '',
    ...(preview && { preview }),
    ...(backgroundArgb && { background: `#${color.toString(16).padStart(6, '0')}` }),
    ...(backgroundArgb && font && { font }),
  };
}

function file(message: Message): Shown | undefined {
  const media = mediaFacts(message);
  if (!media) return undefined;
  const { imageMessage, videoMessage, documentMessage } = message;
  const caption = imageMessage?.caption ?? videoMessage?.caption ?? documentMessage?.caption;
  return { kind: media.kind, text: caption ?? '', media };
}

function thing(message: Message): Shown | undefined {
  const { locationMessage, liveLocationMessage, contactMessage, contactsArrayMessage } = message;
  const { eventMessage, groupInviteMessage: invite } = message;
  if (locationMessage) return place(locationMessage);
  if (liveLocationMessage) return livePlace(liveLocationMessage);
  if (contactMessage || contactsArrayMessage) {
    const cards = contactMessage ? [contactMessage] : (contactsArrayMessage?.contacts ?? []);
    const contacts = cards.map(({ displayName, vcard }) => {
      return { name: displayName ?? '', vcard: vcard ?? '' };
    });
    return { kind: 'contact', text: contacts.map(({ name }) => name).join(', '), contacts };
  }
  const poll =
    message.pollCreationMessage ??
    message.pollCreationMessageV2 ??
    message.pollCreationMessageV3 ??
    message.pollCreationMessageV5;
  if (poll) {
    const options = (poll.options ?? []).map(({ optionName }) => optionName ?? '');
    const selectableCount = poll.selectableOptionsCount ?? 0;
    return { kind: 'poll', text: poll.name ?? '', poll: { options, selectableCount } };
  }
  if (eventMessage) return event(eventMessage);
  if (!invite) return undefined;
  return {
    kind: 'group_invite',
    text: invite.caption ?? '',
    invite: {
      group: invite.groupJid ?? '',
      subject: invite.groupName ?? '',
      code: invite.inviteCode ?? '',
      ...(Number(invite.inviteExpiration) && { expiresAt: iso(invite.inviteExpiration) }),
    },
  };
}

function place(location: proto.Message.ILocationMessage): Shown {
  const { name, address, url } = location;
  const shown: ShownPlace = {
    latitude: location.degreesLatitude ?? 0,
    longitude: location.degreesLongitude ?? 0,
    ...(name && { name }),
    ...(address && { address }),
    ...(url && { url }),
    ...(location.accuracyInMeters && { accuracy: location.accuracyInMeters }),
  };
  return { kind: 'location', text: name ?? '', place: shown };
}

function livePlace(live: proto.Message.ILiveLocationMessage): Shown {
  const { caption, accuracyInMeters, speedInMps, degreesClockwiseFromMagneticNorth } = live;
  const sequence = Number(live.sequenceNumber ?? 0);
  const shown: ShownPlace = {
    latitude: live.degreesLatitude ?? 0,
    longitude: live.degreesLongitude ?? 0,
    live: true,
    ...(caption && { caption }),
    ...(accuracyInMeters && { accuracy: accuracyInMeters }),
    ...(speedInMps && { speed: speedInMps }),
    ...(degreesClockwiseFromMagneticNorth && { heading: degreesClockwiseFromMagneticNorth }),
    ...(sequence && { sequence }),
  };
  return { kind: 'location', text: caption ?? '', place: shown };
}

function event(said: proto.Message.IEventMessage): Shown {
  const { name, description, location, joinLink } = said;
  return {
    kind: 'event',
    text: name ?? '',
    event: {
      name: name ?? '',
      startsAt: iso(said.startTime),
      ...(description && { description }),
      ...(Number(said.endTime) && { endsAt: iso(said.endTime) }),
      ...(location && {
        place: {
          ...(location.name && { name: location.name }),
          ...(location.address && { address: location.address }),
        },
      }),
      ...(joinLink && { joinLink }),
      ...(said.isCanceled && { canceled: true }),
      ...(said.extraGuestsAllowed && { extraGuestsAllowed: true }),
    },
  };
}

/** Votes and responses are sealed; their content is added by who knows the secret (answers.ts). */
function action(message: Message): Shown | undefined {
  const { reactionMessage, pinInChatMessage: pin, protocolMessage: change } = message;
  if (reactionMessage) {
    const { key, text: emoji } = reactionMessage;
    const reaction = { messageId: key?.id ?? '', emoji: emoji ?? '' };
    return { kind: 'reaction', text: '', reaction };
  }
  const poll = message.pollUpdateMessage?.pollCreationMessageKey?.id;
  if (poll) return { kind: 'poll_vote', text: '', target: poll };
  const meeting = message.encEventResponseMessage?.eventCreationMessageKey?.id;
  if (meeting) return { kind: 'event_response', text: '', target: meeting };
  if (pin?.key?.id) {
    const pinned = pin.type === proto.Message.PinInChatMessage.Type.PIN_FOR_ALL;
    const seconds = message.messageContextInfo?.messageAddOnDurationInSecs;
    return { kind: 'pin', text: '', target: pin.key.id, pinned, ...(seconds && { seconds }) };
  }
  if (change?.type === ProtocolType.EPHEMERAL_SETTING) {
    return { kind: 'timer', text: '', seconds: change.ephemeralExpiration ?? 0 };
  }
  const target = change?.key?.id;
  if (!target) return undefined;
  if (change.type === ProtocolType.REVOKE) return { kind: 'revoke', text: '', target };
  if (change.type !== ProtocolType.MESSAGE_EDIT || !change.editedMessage) return undefined;
  const edited = unwrap(change.editedMessage);
  const caption = (text(edited) ?? file(edited))?.text ?? '';
  return { kind: 'edit', text: caption, target };
}

const SILENT = new Set(['senderKeyDistributionMessage', 'messageContextInfo', 'protocolMessage']);

function unknown(message: Message): Shown | undefined {
  const carriesContent = Object.entries(message).some(
    ([field, value]) => value !== null && value !== undefined && !SILENT.has(field),
  );
  return carriesContent ? { kind: 'other', text: '' } : undefined;
}

/** Where a message has its context depends on its kind. */
function contextOf(message: Message): proto.IContextInfo | undefined {
  for (const value of Object.values(message) as (object | string | null | undefined)[]) {
    if (value && typeof value === 'object' && 'contextInfo' in value && value.contextInfo) {
      return value.contextInfo as proto.IContextInfo;
    }
  }
  const edited = message.protocolMessage?.editedMessage;
  return edited ? contextOf(unwrap(edited)) : undefined;
}

function besideOf(context: proto.IContextInfo | undefined, directory: Directory): ShownFields {
  if (!context) return {};
  const phoneOf = (jid: string) => directory.byJid(jid)?.phone ?? jid;
  const { stanzaId, quotedMessage, mentionedJid, expiration } = context;
  const forwarded = context.forwardingScore || (context.isForwarded ? 1 : 0);
  return {
    ...(stanzaId &&
      quotedMessage && {
        quoted: {
          id: stanzaId,
          from: phoneOf(context.participant ?? ''),
          text: show(quotedMessage, directory)?.text ?? '',
        },
      }),
    ...(mentionedJid?.length && { mentions: mentionedJid.map(phoneOf) }),
    ...(forwarded && { forwarded }),
    ...(expiration && { expiresIn: expiration }),
  };
}

function iso(seconds: proto.Message.IEventMessage['startTime']): string {
  return new Date(Number(seconds ?? 0) * 1000).toISOString();
}
