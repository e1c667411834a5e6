import type { MessageContent } from '@patchbay/contract';

export type MediaContent = Extract<
  MessageContent,
  { type: 'image' | 'video' | 'audio' | 'document' | 'sticker' }
>;
export type MediaKind = MediaContent['type'];

const KINDS: ReadonlySet<string> = new Set(['image', 'video', 'audio', 'document', 'sticker']);

/** Whether a message carries a file. */
export function isMedia(content: MessageContent): content is MediaContent {
  return KINDS.has(content.type);
}

/** What is downloaded by itself when it arrives; everything else when somebody wants it. */
export interface DownloadPolicy {
  kinds: readonly MediaKind[];
  /** Bytes, as the message says. */
  maxSize: number;
}

/** The largest file that WhatsApp takes: a document of 2 GB. */
export const MAX_MEDIA_SIZE = 2 * 1024 ** 3;

export function downloadsByItself(
  { kinds, maxSize }: DownloadPolicy,
  { type, size }: MediaContent,
): boolean {
  return kinds.includes(type) && size !== undefined && size <= maxSize;
}
