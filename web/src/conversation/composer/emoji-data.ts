import keywords from 'emojilib/dist/emoji-en-US.json';
import groups from 'unicode-emoji-json/data-by-group.json';

export interface Emoji {
  emoji: string;
  /** `grinning_face` */
  slug: string;
  name: string;
}

export interface EmojiGroup {
  slug: string;
  name: string;
  emojis: Emoji[];
}

export const emojiGroups: EmojiGroup[] = groups;

/** In lower case, by emoji: its slug and what else people look for. */
const words = keywords as Record<string, string[]>;
const all = emojiGroups.flatMap(({ emojis }) => emojis);

/** Those whose name or keywords begin with what was typed, the closest first. */
export function searchEmoji(typed: string, most: number): Emoji[] {
  const word = typed.toLowerCase().replace(/[\s-]+/g, '_');
  if (word === '') return [];
  const found: { emoji: Emoji; rank: number }[] = [];
  for (const emoji of all) {
    const rank = rankOf(emoji, word);
    if (rank < 4) found.push({ emoji, rank });
  }
  found.sort((a, b) => a.rank - b.rank);
  return found.slice(0, most).map(({ emoji }) => emoji);
}

function rankOf({ emoji, slug }: Emoji, word: string): number {
  const others = words[emoji] ?? [];
  if (slug === word) return 0;
  if (slug.startsWith(word) || others.includes(word)) return 1;
  if (slug.includes(`_${word}`)) return 2;
  return others.some((other) => other.startsWith(word)) ? 3 : 4;
}
