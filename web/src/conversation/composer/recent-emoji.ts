import type { Emoji } from './emoji-data.js';

const KEY = 'patchbay-emoji';
const MOST = 16;

/** Those chosen last in this browser, the newest first. */
export function recentEmoji(): Emoji[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    const all = Array.isArray(kept) ? kept.filter((each) => typeof each === 'string') : [];
    return all.map((emoji) => ({ emoji, slug: emoji, name: emoji }));
  } catch {
    return [];
  }
}

export function rememberEmoji(emoji: string): void {
  const others = recentEmoji().map((each) => each.emoji);
  const all = [emoji, ...others.filter((other) => other !== emoji)].slice(0, MOST);
  try {
    localStorage.setItem(KEY, JSON.stringify(all));
  } catch {
    // Storage may be forbidden; then there are no recent ones.
  }
}
