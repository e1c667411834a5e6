/** A mark before a word, at the beginning of a text or after what is neither letter nor digit. */
const TAG = /(?<![\p{L}\p{M}\p{N}_#&/])#([\p{L}\p{N}_][\p{L}\p{M}\p{N}_-]*)/gu;
const HAS_LETTER = /\p{L}/u;
const LONGEST = 64;
const MOST = 30;

/** The tags of a text in lower case, without the mark, each once. A mark before a mere number is none. */
export function tagsOf(text: string): string[] {
  const tags = new Set<string>();
  for (const [, word = ''] of text.matchAll(TAG)) {
    const tag = word.normalize('NFC').toLowerCase().replace(/-+$/, '');
    if (HAS_LETTER.test(tag) && tag.length <= LONGEST) tags.add(tag);
    if (tags.size === MOST) break;
  }
  return [...tags];
}
