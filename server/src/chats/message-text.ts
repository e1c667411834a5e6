import type { MessageContent } from '@patchbay/contract';

/** A message in one line of text, for lists and for clients that show only text. */
export function textOf(content: MessageContent): string {
  switch (content.type) {
    case 'text':
    case 'edit':
    case 'system':
      return content.text;
    case 'image':
    case 'video':
    case 'audio':
    case 'document':
    case 'sticker':
      return content.caption ?? content.filename ?? '';
    case 'location':
      return content.name ?? `${content.latitude}, ${content.longitude}`;
    case 'contact':
      return content.displayName;
    case 'poll':
      return content.name;
    case 'reaction':
      return content.emoji;
    case 'revoke':
    case 'undecryptable':
    case 'other':
      return '';
  }
}

/** Kinds that act on another message and are no bubble of their own. */
export function actsOnAnother(content: MessageContent): boolean {
  return content.type === 'reaction' || content.type === 'edit' || content.type === 'revoke';
}
