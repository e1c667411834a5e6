import type { MessageContent } from './message-content.js';

/** A content that carries a file. */
export type MediaContent = Extract<
  MessageContent,
  { type: 'image' | 'video' | 'audio' | 'document' | 'sticker' }
>;

const TYPES: ReadonlySet<string> = new Set(['image', 'video', 'audio', 'document', 'sticker']);

/** Whether a content carries a file. */
export function isMedia(content: MessageContent): content is MediaContent {
  return TYPES.has(content.type);
}
