import type { ContactCard, MessageContent } from '@patchbay/contract';
import { phonesOf } from '../../../../whatsapp/vcard.js';
import type { PageMessageData } from '../page-window.js';
import { jidOf } from '../wids.js';

/** Kinds of the page that are a file. */
const FILES: Record<string, 'image' | 'video' | 'audio' | 'document' | 'sticker'> = {
  image: 'image',
  video: 'video',
  ptv: 'video',
  audio: 'audio',
  ptt: 'audio',
  document: 'document',
  sticker: 'sticker',
};

/** Traffic that people do not see as messages. */
const SILENT = new Set(['protocol', 'e2e_notification', 'reaction', 'poll_update', 'revoked']);

/** What a message of the page says, or undefined where it says nothing to people. */
export function contentFromPage(data: PageMessageData): MessageContent | undefined {
  if (SILENT.has(data.type)) return undefined;
  const said = saidIn(data);
  if (said.type === 'undecryptable') return said;
  return { ...said, ...besideIn(data) } as MessageContent;
}

function saidIn(data: PageMessageData): MessageContent {
  const file = FILES[data.type];
  if (file) return mediaIn(data, file);
  switch (data.type) {
    case 'chat':
      return { type: 'text', text: data.body ?? '' };
    case 'location':
      return placeIn(data);
    case 'vcard': {
      const card = cardOf(data.body ?? '', data.vcardFormattedName);
      return { type: 'contact', contacts: [card] };
    }
    case 'multi_vcard': {
      const cards = data.vcardList ?? [];
      const contacts = cards.map(({ vcard, displayName }) => cardOf(vcard, displayName));
      return { type: 'contact', contacts };
    }
    case 'poll_creation':
      return {
        type: 'poll',
        name: data.pollName ?? '',
        options: (data.pollOptions ?? []).map(({ name }) => name),
        selectableCount: data.pollSelectableOptionsCount ?? 0,
      };
    case 'groups_v4_invite':
      return inviteIn(data);
    case 'ciphertext':
      return { type: 'undecryptable', reason: 'WhatsApp Web could not decrypt it' };
    default:
      return { type: 'other', kind: data.type };
  }
}

function mediaIn(
  data: PageMessageData,
  type: 'image' | 'video' | 'audio' | 'document' | 'sticker',
): MessageContent {
  const seconds = Number(data.duration);
  const sha256 = data.filehash && Buffer.from(data.filehash, 'base64').toString('hex');
  return {
    type,
    ...(data.mimetype && { mimetype: data.mimetype }),
    ...(data.caption && { caption: data.caption }),
    ...(data.filename && { filename: data.filename }),
    ...(sha256 && { sha256 }),
    ...(data.size !== undefined && { size: data.size }),
    ...(data.width && { width: data.width }),
    ...(data.height && { height: data.height }),
    ...(seconds > 0 && { seconds }),
    ...(data.type === 'ptt' && { voice: true }),
    ...(data.isGif && { gif: true }),
    ...(thumbnailIn(data) && { thumbnail: true }),
  };
}

/** The page has a small JPEG of pictures and films where texts have their words. */
export function thumbnailIn({ type, body }: PageMessageData): Uint8Array | undefined {
  if (!['image', 'video', 'document'].includes(type) || !body?.startsWith('/9j/')) return undefined;
  return Buffer.from(body, 'base64');
}

function placeIn(data: PageMessageData): MessageContent {
  const [name, ...address] = (data.loc ?? '').split('\n');
  return {
    type: 'location',
    latitude: data.lat ?? 0,
    longitude: data.lng ?? 0,
    ...(name && { name }),
    ...(address.length > 0 && { address: address.join('\n') }),
    ...(data.clientUrl && { url: data.clientUrl }),
  };
}

function cardOf(vcard: string, name: string | undefined): ContactCard {
  const named = /^FN[^:]*:(.*)$/m.exec(vcard)?.[1]?.trim();
  return { name: name ?? named ?? '', vcard, phones: phonesOf(vcard) };
}

function inviteIn(data: PageMessageData): MessageContent {
  const { inviteCodeExp, inviteGrp, inviteGrpName, inviteCode, caption } = data;
  return {
    type: 'group_invite',
    groupJid: inviteGrp ? jidOf(inviteGrp) : '',
    groupName: inviteGrpName ?? '',
    code: inviteCode ?? '',
    ...(inviteCodeExp && { expiresAt: new Date(inviteCodeExp * 1000).toISOString() }),
    ...(caption && { caption }),
  };
}

function besideIn(data: PageMessageData) {
  const { quotedStanzaID, forwardingScore, ephemeralDuration } = data;
  const mentions = data.mentionedJidList?.map(jidOf);
  return {
    ...(data.quotedMsg && quotedStanzaID && { quotedMessageId: quotedStanzaID }),
    ...(mentions?.length && { mentions }),
    ...(data.isForwarded && { forwarded: true, ...(forwardingScore && { forwardingScore }) }),
    ...(data.isViewOnce && { viewOnce: true }),
    ...(ephemeralDuration && { expiresIn: ephemeralDuration }),
  };
}
