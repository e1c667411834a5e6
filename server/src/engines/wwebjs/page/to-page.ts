import type { ContentOf, MediaContent, MessageContent } from '@patchbay/contract';
import { EngineError } from '../../engine-error.js';
import type { SendOptions } from './in-page-sending.js';
import { pageId } from './wids.js';

/** The text that the library's function in the page takes beside its options. */
export function textIn(content: MessageContent): string {
  if (content.type === 'text') return content.text;
  // A single card goes as the text that it is.
  if (content.type === 'contact' && content.contacts.length === 1) {
    return content.contacts[0]?.vcard ?? '';
  }
  return '';
}

/**
 * A message without a file as options of `WWebJS.sendMessage` (util/Injected/Utils.js).
 * @throws {EngineError} unsupported
 */
export function optionsOf(content: MessageContent): SendOptions {
  switch (content.type) {
    case 'text':
      return { mentionedJidList: (content.mentions ?? []).map(pageId), ...previewOf(content) };
    case 'image':
    case 'video':
    case 'audio':
    case 'document':
    case 'sticker':
      return {};
    case 'location':
      if (content.live) throw unsupported('places that move');
      return { location: placeOf(content) };
    case 'contact':
      return cardsOf(content);
    case 'poll':
      return pollOf(content);
    default:
      throw unsupported(`messages of the kind "${content.type}"`);
  }
}

/** A file with what belongs to it. @param data base64 */
export function fileOptions(content: MediaContent, data: string): SendOptions {
  const { type, mimetype = 'application/octet-stream', filename, caption, mentions } = content;
  return {
    media: { mimetype, data, filename: filename ?? 'file' },
    ...(caption && { caption, isCaptionByUser: true }),
    ...(type === 'document' && { sendMediaAsDocument: true }),
    ...(type === 'sticker' && { sendMediaAsSticker: true }),
    ...(type === 'audio' && content.voice && { sendAudioAsVoice: true }),
    ...(type === 'video' && content.gif && { sendVideoAsGif: true }),
    ...(content.viewOnce && { isViewOnce: true }),
    ...(mentions && { mentionedJidList: mentions.map(pageId) }),
  };
}

function previewOf({ linkPreview }: ContentOf<'text'>): SendOptions {
  if (!linkPreview) return {};
  const { url, title, description, thumbnail } = linkPreview;
  return {
    extraOptions: {
      preview: true,
      subtype: 'url',
      matchedText: url,
      ...(title && { title }),
      ...(description && { description }),
      ...(thumbnail && { thumbnail }),
    },
  };
}

function placeOf({ latitude, longitude, name, address, url }: ContentOf<'location'>) {
  const description = [name, address].filter(Boolean).join('\n');
  return { latitude, longitude, ...(description && { description }), ...(url && { url }) };
}

function cardsOf({ contacts }: ContentOf<'contact'>): SendOptions {
  if (contacts.length === 1) {
    const vcardFormattedName = contacts[0]?.name;
    return { extraOptions: { type: 'vcard', vcardFormattedName } };
  }
  const vcardList = contacts.map(({ name, vcard }) => ({ displayName: name, vcard }));
  return { extraOptions: { type: 'multi_vcard', vcardList, body: null } };
}

function pollOf({ name, options, selectableCount }: ContentOf<'poll'>): SendOptions {
  const pollOptions = options.map((option, localId) => ({ name: option, localId }));
  return {
    poll: { pollName: name, pollOptions, options: { allowMultipleAnswers: selectableCount !== 1 } },
  };
}

function unsupported(what: string): EngineError {
  return new EngineError('unsupported', `A session in a browser cannot send ${what}`, true);
}
