import { kept } from '../../kept.js';
import type { Emoji } from './emoji-data.js';

const MOST = 16;
const LONGEST = 32;
const entry = kept('patchbay-emoji', areEmoji, []);

function areEmoji(value: unknown): value is string[] {
  const isEmoji = (each: unknown) => typeof each === 'string' && each.length <= LONGEST;
  return Array.isArray(value) && value.length <= MOST && value.every(isEmoji);
}

/** Those chosen last in this browser, the newest first. */
export function recentEmoji(): Emoji[] {
  return entry.get().map((emoji) => ({ emoji, slug: emoji, name: emoji }));
}

export function rememberEmoji(emoji: string): void {
  const others = entry.get().filter((other) => other !== emoji);
  entry.set([emoji, ...others].slice(0, MOST));
}
