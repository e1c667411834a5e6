/** Of most scripts a character is about a token; of Latin letters about four are. */
const LATIN_PER_TOKEN = 4;
/** What a message costs beside its text. */
const FRAME = 4;

/**
 * About how many tokens a text has. Every model counts otherwise and endpoints of any model can be
 * used, so this is an estimate on the safe side; what was really used comes with the answer.
 */
export function estimatedTokens(text: string): number {
  let latin = 0;
  let other = 0;
  for (const character of text) {
    if ((character.codePointAt(0) ?? 0) < 0x250) latin += 1;
    else other += 1;
  }
  return FRAME + Math.ceil(latin / LATIN_PER_TOKEN) + other;
}

/** As many of the last entries as fit, oldest first. */
export function lastThatFit<Entry extends { content: string }>(
  entries: readonly Entry[],
  tokens: number,
): Entry[] {
  let left = tokens;
  let from = entries.length;
  while (from > 0) {
    left -= estimatedTokens(entries[from - 1]?.content ?? '');
    if (left < 0) break;
    from -= 1;
  }
  return entries.slice(from);
}
