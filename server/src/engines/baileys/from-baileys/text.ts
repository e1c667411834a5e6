import type { ContentOf, LinkPreview } from '@patchbay/contract';
import type { proto } from '../baileys.js';
import { besideFrom } from './beside.js';

type Text = ContentOf<'text'>;

export function textFrom(message: proto.IMessage): Text | undefined {
  if (message.conversation) return { type: 'text', text: message.conversation };
  const extended = message.extendedTextMessage;
  if (extended) {
    const linkPreview = previewFrom(extended);
    const { backgroundArgb, font } = extended;
    return {
      type: 'text',
      text: extended.text ?? '',
      ...(linkPreview && { linkPreview }),
      ...(backgroundArgb && { backgroundColor: colorFrom(backgroundArgb) }),
      ...(backgroundArgb && font && { font }),
      ...besideFrom(extended.contextInfo),
    };
  }
  return buttonText(message);
}

/** Clients put the found link beside the text also where they have no preview of it. */
function previewFrom(extended: proto.Message.IExtendedTextMessage): LinkPreview | undefined {
  const { matchedText, title, description, jpegThumbnail } = extended;
  if (!matchedText || !(title || description || jpegThumbnail?.length)) return undefined;
  return {
    url: matchedText,
    ...(title && { title }),
    ...(description && { description }),
    ...(jpegThumbnail?.length && { thumbnail: Buffer.from(jpegThumbnail).toString('base64') }),
  };
}

/** `0xAARRGGBB` as `#RRGGBB`. */
function colorFrom(argb: number): string {
  return `#${(argb & 0xffffff).toString(16).padStart(6, '0')}`;
}

/** Buttons, lists and templates of business accounts, and the answers to them, read as text. */
function buttonText(message: proto.IMessage): Text | undefined {
  const template = message.templateMessage;
  const hydrated = template?.hydratedTemplate ?? template?.hydratedFourRowTemplate;
  const { listMessage: list, interactiveMessage: interactive } = message;
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
    [list?.description ?? list?.title, list?.contextInfo],
    [message.listResponseMessage?.title, message.listResponseMessage?.contextInfo],
    [interactive?.body?.text, interactive?.contextInfo],
    [
      message.interactiveResponseMessage?.body?.text,
      message.interactiveResponseMessage?.contextInfo,
    ],
    [message.highlyStructuredMessage?.elementName, undefined],
  ];
  const found = candidates.find(([text]) => text);
  return found?.[0] ? { type: 'text', text: found[0], ...besideFrom(found[1]) } : undefined;
}
