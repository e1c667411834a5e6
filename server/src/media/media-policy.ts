import type { MediaContent } from '@patchbay/contract';

/** What is downloaded by itself when it arrives; everything else when somebody wants it. */
export interface DownloadPolicy {
  kinds: readonly MediaContent['type'][];
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
