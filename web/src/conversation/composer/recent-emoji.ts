import { z } from 'zod';
import { kept } from '../../kept.js';
import type { Emoji } from './emoji-data.js';

const MOST = 16;
const entry = kept('patchbay-emoji', z.array(z.string().max(32)).max(MOST), []);

/** Those chosen last in this browser, the newest first. */
export function recentEmoji(): Emoji[] {
  return entry.get().map((emoji) => ({ emoji, slug: emoji, name: emoji }));
}

export function rememberEmoji(emoji: string): void {
  const others = entry.get().filter((other) => other !== emoji);
  entry.set([emoji, ...others].slice(0, MOST));
}
