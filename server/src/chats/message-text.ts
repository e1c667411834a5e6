import type { ContentOf, MessageContent, MessageType } from '@patchbay/contract';

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
      return content.name ?? content.caption ?? `${content.latitude}, ${content.longitude}`;
    case 'contact':
      return content.contacts.map(({ name }) => name).join(', ');
    case 'poll':
    case 'event':
      return content.name;
    case 'group_invite':
      return content.caption ?? content.groupName;
    case 'reaction':
      return content.emoji;
    case 'poll_vote':
      return content.options.join(', ');
    case 'event_response':
      return content.response;
    case 'revoke':
    case 'pin':
    case 'undecryptable':
    case 'other':
      return '';
  }
}

/** Kinds that act on another message and are no bubble of their own. */
const ACTIONS = [
  'reaction',
  'edit',
  'revoke',
  'pin',
  'poll_vote',
  'event_response',
] as const satisfies MessageType[];
type ActionType = (typeof ACTIONS)[number];
export type ActionContent = ContentOf<ActionType>;

export function actsOnAnother(content: MessageContent): content is ActionContent {
  return (ACTIONS as readonly string[]).includes(content.type);
}

/** The content as it leaves a chat whose messages disappear after so many seconds. */
export function underTimer(content: MessageContent, seconds: number | null): MessageContent {
  const staying = actsOnAnother(content) || content.type === 'system';
  return seconds && !staying ? ({ ...content, expiresIn: seconds } as MessageContent) : content;
}
