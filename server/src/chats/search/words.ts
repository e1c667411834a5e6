/** Scripts that are written without spaces between words. */
const UNSPACED =
  '\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmr}\\p{sc=Mymr}ー';
const RUNS = new RegExp(
  `([${UNSPACED}][${UNSPACED}\\p{M}]*)|(?:(?![${UNSPACED}])[\\p{L}\\p{N}\\p{M}])+|\\p{Extended_Pictographic}`,
  'gu',
);
const LETTERS = /\p{L}\p{M}*/gu;
const ACCENTS = /[\u0300-\u036f]/g;

/** Longer texts are found by their beginning. */
const MOST_WORDS = 2_000;
const LONGEST_WORD = 64;
/** From this length on the last word of a query also finds longer words. */
const SHORTEST_BEGINNING = 3;

/** A word of a text as the index has it, and where it stands (UTF-16 units). */
export interface Word {
  word: string;
  start: number;
  end: number;
}

/** Words that must follow each other. */
export interface Phrase {
  words: string[];
  /** Whether the last word may go on. */
  beginning: boolean;
}

/**
 * The words of a text: lower case, without accents. Where a script has no spaces, every two letters
 * that follow each other are a word, and the last letter by itself, so that any part is found.
 */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (const run of text.matchAll(RUNS)) {
    if (words.length >= MOST_WORDS) break;
    if (run[1] === undefined) {
      const end = run.index + run[0].length;
      words.push({ word: folded(run[0]), start: run.index, end });
    } else {
      words.push(...pairsOf(run[0], run.index));
    }
  }
  return words.slice(0, MOST_WORDS);
}

/** What a query asks for: all of its words, those in quotation marks as they follow each other. */
export function phrasesOf(query: string): Phrase[] {
  const phrases: Phrase[] = [];
  for (const [index, part] of query.split('"').entries()) {
    const isQuoted = index % 2 === 1;
    const runs = isQuoted ? [part] : part.match(RUNS);
    for (const run of runs ?? []) {
      const words = wordsOf(run);
      if (words.length > 0) phrases.push(phraseOf(words));
    }
  }
  const last = phrases.at(-1);
  const isOpen = !query.trimEnd().endsWith('"');
  if (last && isOpen && (last.words.at(-1)?.length ?? 0) >= SHORTEST_BEGINNING) {
    last.beginning = true;
  }
  return phrases;
}

function phraseOf(found: Word[]): Phrase {
  const words = found.map(({ word }) => word);
  const last = found.at(-1);
  const isUnspaced = last !== undefined && new RegExp(`^[${UNSPACED}]`, 'u').test(last.word);
  // The last letter of an unspaced part stands first in some pair of the text.
  if (isUnspaced && words.length > 1) words.pop();
  return { words, beginning: isUnspaced && words.length === 1 && found.length === 1 };
}

function pairsOf(run: string, offset: number): Word[] {
  const letters = [...run.matchAll(LETTERS)];
  return letters.map((letter, index) => {
    const next = letters[index + 1];
    const end = next ? next.index + next[0].length : letter.index + letter[0].length;
    const word = folded(run.slice(letter.index, end));
    return { word, start: offset + letter.index, end: offset + end };
  });
}

function folded(run: string): string {
  const plain = run.normalize('NFKD').replace(ACCENTS, '').normalize('NFC').toLowerCase();
  return plain.slice(0, LONGEST_WORD);
}
