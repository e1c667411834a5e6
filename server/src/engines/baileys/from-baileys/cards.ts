import type { ContactCard, ContentOf } from '@patchbay/contract';
import { normalizeJid } from '../../../whatsapp/jid.js';
import { phonesOf } from '../../../whatsapp/vcard.js';
import { type proto, toNumber } from '../baileys.js';
import { besideFrom } from './beside.js';

export function contactsFrom(message: proto.IMessage): ContentOf<'contact'> | undefined {
  const { contactMessage: one, contactsArrayMessage: several } = message;
  if (!one && !several) return undefined;
  const contacts = one ? [one] : (several?.contacts ?? []);
  return {
    type: 'contact',
    contacts: contacts.map(cardFrom),
    ...besideFrom((one ?? several)?.contextInfo),
  };
}

function cardFrom({ displayName, vcard }: proto.Message.IContactMessage): ContactCard {
  const card = vcard ?? '';
  return { name: displayName ?? '', vcard: card, phones: phonesOf(card) };
}

export function pollFrom(message: proto.IMessage): ContentOf<'poll'> | undefined {
  const poll =
    message.pollCreationMessage ??
    message.pollCreationMessageV2 ??
    message.pollCreationMessageV3 ??
    message.pollCreationMessageV5;
  if (!poll) return undefined;
  return {
    type: 'poll',
    name: poll.name ?? '',
    options: (poll.options ?? []).map((option) => option.optionName ?? ''),
    selectableCount: poll.selectableOptionsCount ?? 0,
    ...besideFrom(poll.contextInfo),
  };
}

export function eventFrom({ eventMessage: event }: proto.IMessage): ContentOf<'event'> | undefined {
  if (!event) return undefined;
  const { description, joinLink, location } = event;
  const startsAt = isoTime(event.startTime);
  const endsAt = isoTime(event.endTime);
  return {
    type: 'event',
    name: event.name ?? '',
    startsAt: startsAt ?? new Date(0).toISOString(),
    ...(description && { description }),
    ...(endsAt && { endsAt }),
    ...(location && { location: eventPlace(location) }),
    ...(joinLink && { joinLink }),
    ...(event.isCanceled && { canceled: true }),
    ...(event.extraGuestsAllowed && { extraGuestsAllowed: true }),
    ...besideFrom(event.contextInfo),
  };
}

function eventPlace(place: proto.Message.ILocationMessage) {
  const { degreesLatitude: latitude, degreesLongitude: longitude } = place;
  return {
    ...(latitude && { latitude }),
    ...(longitude && { longitude }),
    ...(place.name && { name: place.name }),
    ...(place.address && { address: place.address }),
  };
}

export function groupInviteFrom(message: proto.IMessage): ContentOf<'group_invite'> | undefined {
  const invite = message.groupInviteMessage;
  if (!invite) return undefined;
  const expiresAt = isoTime(invite.inviteExpiration);
  return {
    type: 'group_invite',
    groupJid: normalizeJid(invite.groupJid ?? ''),
    groupName: invite.groupName ?? '',
    code: invite.inviteCode ?? '',
    ...(expiresAt && { expiresAt }),
    ...(invite.caption && { caption: invite.caption }),
    ...besideFrom(invite.contextInfo),
  };
}

/** Seconds since the epoch; undefined when absent or beyond what a date can be. */
function isoTime(seconds: Parameters<typeof toNumber>[0]): string | undefined {
  const ms = toNumber(seconds) * 1000;
  return ms > 0 && ms < 8.64e15 ? new Date(ms).toISOString() : undefined;
}
