/** Scripts of which single letters are words: a wrong letter there is another word. */
const NO_TYPOS = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmr}\p{sc=Mymr}]/u;

/** How many wrong letters a word of a query may have: none in short ones. */
export function typosIn(word: string): number {
  const { length } = [...word];
  if (length < 4 || NO_TYPOS.test(word) || /^\p{N}+$/u.test(word)) return 0;
  return length < 8 ? 1 : 2;
}

/**
 * How many letters are missing, added, wrong, or changed places with their neighbour; `limit` + 1
 * when there are more than that.
 */
export function distance(a: string, b: string, limit: number): number {
  const [from, to] = [[...a], [...b]];
  if (Math.abs(from.length - to.length) > limit) return limit + 1;
  let before: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const same = from[i - 1] === to[j - 1];
      let cost = Math.min(
        (row[j - 1] ?? 0) + 1,
        (last[j] ?? 0) + 1,
        (last[j - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (swapped) cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    if (Math.min(...row) > limit) return limit + 1;
    [before, last] = [last, row];
  }
  return last[to.length] ?? limit + 1;
}

/** The parts of three letters of a word, its beginning and end marked; none where typos count. */
export function gramsOf(word: string): string[] {
  if (typosIn(word) === 0) return [];
  const letters = ['_', '_', ...word, '_'];
  const grams = new Set<string>();
  for (let at = 0; at + 3 <= letters.length; at += 1) grams.add(letters.slice(at, at + 3).join(''));
  return [...grams];
}

/** So many parts a word has in common with a word that differs in as many letters as are allowed. */
export function commonGrams(grams: number, typos: number): number {
  // One letter is in three parts; two that changed places are in four.
  return Math.max(1, grams - 3 * typos - 1);
}
