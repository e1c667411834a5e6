import type { FoldedWord } from './fold.js';
import { distance, typosIn } from './likeness.js';
import type { WantedPhrase } from './wanted.js';

/** How well a message answers a query, and which parts of its text do. */
export interface Match {
  score: number;
  places: { start: number; end: number }[];
}

const EXACT = 1;
const BEGINNING = 0.85;
const ONE_TYPO = 0.6;
const TWO_TYPOS = 0.4;
/** For words that stand in the text as they do in the query. */
const NEIGHBOURS = 0.25;

/** Compares messages with the words of one query; what was compared once is remembered. */
export class Matcher {
  private readonly known = new Map<string, number>();

  constructor(private readonly phrases: readonly WantedPhrase[]) {}

  match(words: readonly FoldedWord[]): Match {
    const places: Match['places'] = [];
    let score = 0;
    let lastAt = -2;
    for (const phrase of this.phrases) {
      const best = this.best(words, phrase, places);
      if (!best) continue;
      score += best.score;
      if (best.at === lastAt + 1) score += NEIGHBOURS;
      lastAt = best.at + phrase.words.length - 1;
    }
    return { score, places };
  }

  /** The best place of a phrase; all its places are noted. */
  private best(words: readonly FoldedWord[], phrase: WantedPhrase, places: Match['places']) {
    let best: { at: number; score: number } | undefined;
    const size = phrase.words.length;
    for (let at = 0; at + size <= words.length; at += 1) {
      const score = this.scoreAt(words, phrase, at);
      if (score === 0) continue;
      places.push({ start: words[at]?.start ?? 0, end: words[at + size - 1]?.end ?? 0 });
      if (!best || score > best.score) best = { at, score };
    }
    return best;
  }

  private scoreAt(
    words: readonly FoldedWord[],
    { words: wanted, beginning }: WantedPhrase,
    at: number,
  ) {
    let score = 0;
    for (const [index, want] of wanted.entries()) {
      const isLast = index === wanted.length - 1;
      const alike = this.alike(
        want,
        words[at + index]?.word ?? '',
        isLast && beginning,
        wanted.length > 1,
      );
      if (alike === 0) return 0;
      score += alike;
    }
    return score;
  }

  /** Words of a phrase in quotation marks are meant as they are written. */
  private alike(want: string, word: string, beginning: boolean, literal: boolean): number {
    if (want === word) return EXACT;
    if (beginning && word.startsWith(want)) return BEGINNING;
    if (literal) return 0;
    const key = `${want}\n${word}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const found = distance(want, word, typosIn(want));
    const score = found > typosIn(want) ? 0 : found === 1 ? ONE_TYPO : TWO_TYPOS;
    this.known.set(key, score);
    return score;
  }
}
