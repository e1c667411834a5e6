import type { ContentOf } from '@patchbay/contract';
import { proto } from '../baileys.js';
import { contextToBaileys } from './beside.js';

const inSeconds = (iso: string) => Math.floor(Date.parse(iso) / 1000);

export function textToBaileys(content: ContentOf<'text'>): proto.IMessage {
  const { text, linkPreview: preview, backgroundColor, font } = content;
  return {
    extendedTextMessage: {
      text,
      ...(preview && {
        matchedText: preview.url,
        title: preview.title,
        description: preview.description,
        ...(preview.thumbnail && { jpegThumbnail: Buffer.from(preview.thumbnail, 'base64') }),
        previewType: proto.Message.ExtendedTextMessage.PreviewType.NONE,
      }),
      ...(backgroundColor && {
        backgroundArgb: Number.parseInt(`ff${backgroundColor.slice(1)}`, 16),
        font: font ?? 0,
      }),
      contextInfo: contextToBaileys(content),
    },
  };
}

export function placeToBaileys(content: ContentOf<'location'>): proto.IMessage {
  const position = {
    degreesLatitude: content.latitude,
    degreesLongitude: content.longitude,
    accuracyInMeters: content.accuracy,
    speedInMps: content.speed,
    degreesClockwiseFromMagneticNorth: content.heading,
    contextInfo: contextToBaileys(content),
  };
  const { caption, sequence, name, address, url } = content;
  return content.live
    ? { liveLocationMessage: { ...position, caption, sequenceNumber: sequence } }
    : { locationMessage: { ...position, name, address, url, comment: caption } };
}

export function contactsToBaileys(content: ContentOf<'contact'>): proto.IMessage {
  const cards = content.contacts.map(({ name, vcard }) => ({ displayName: name, vcard }));
  const contextInfo = contextToBaileys(content);
  const [first] = cards;
  if (first && cards.length === 1) return { contactMessage: { ...first, contextInfo } };
  const displayName = `${cards.length} contacts`;
  return { contactsArrayMessage: { displayName, contacts: cards, contextInfo } };
}

/** Single choice has a version of its own (`lib/Utils/messages.js`, generateWAMessageContent). */
export function pollToBaileys(content: ContentOf<'poll'>): proto.IMessage {
  const { name, options, selectableCount } = content;
  const poll = {
    name,
    selectableOptionsCount: selectableCount,
    options: options.map((optionName) => ({ optionName })),
    contextInfo: contextToBaileys(content),
  };
  return selectableCount === 1 ? { pollCreationMessageV3: poll } : { pollCreationMessage: poll };
}

export function eventToBaileys(content: ContentOf<'event'>): proto.IMessage {
  const { name, description, startsAt, endsAt, location, joinLink } = content;
  return {
    eventMessage: {
      name,
      description,
      startTime: inSeconds(startsAt),
      ...(endsAt && { endTime: inSeconds(endsAt) }),
      ...(location && {
        location: {
          name: location.name,
          address: location.address,
          degreesLatitude: location.latitude,
          degreesLongitude: location.longitude,
        },
      }),
      joinLink,
      isCanceled: content.canceled ?? false,
      extraGuestsAllowed: content.extraGuestsAllowed ?? false,
      contextInfo: contextToBaileys(content),
    },
  };
}

export function groupInviteToBaileys(content: ContentOf<'group_invite'>): proto.IMessage {
  const { groupJid, groupName, code, expiresAt, caption } = content;
  return {
    groupInviteMessage: {
      groupJid,
      groupName,
      inviteCode: code,
      ...(expiresAt && { inviteExpiration: inSeconds(expiresAt) }),
      caption,
      contextInfo: contextToBaileys(content),
    },
  };
}
