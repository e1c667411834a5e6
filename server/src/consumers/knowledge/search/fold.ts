import { wordsOf } from '../../../chats/search/words.js';

/** A word as it is compared, and where it stands in its text (UTF-16 units). */
export interface FoldedWord {
  word: string;
  start: number;
  end: number;
}

/** Vowel signs of Arabic, hamza above and below its carriers, and the line that only lengthens. */
const ARABIC_SIGNS = /[\u064b-\u065f\u0670\u0640]/g;
/** Dot below of Devanagari, which marks sounds of other languages and is often left out. */
const NUKTA = /\u093c/g;
/** A nasal before a consonant, written as half a letter where others write a dot above. */
const HALF_NASAL = /[\u0919\u091e\u0923\u0928\u092e]\u094d(?=\p{L})/gu;

const LETTERS: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ı: 'i',
  '\u0649': '\u064a',
  '\u0629': '\u0647',
  '\u0901': '\u0902',
};
const OTHER_LETTERS = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'g');

/**
 * A word of `wordsOf` in the one spelling under which it is kept: spellings that people of a language
 * take for the same are the same.
 */
export function fold(word: string): string {
  return word
    .normalize('NFD')
    .replace(ARABIC_SIGNS, '')
    .replace(NUKTA, '')
    .normalize('NFC')
    .replace(HALF_NASAL, '\u0902')
    .replace(OTHER_LETTERS, (letter) => LETTERS[letter] ?? letter);
}

/** The words of a text as the search compares them. */
export function foldedWords(text: string): FoldedWord[] {
  return wordsOf(text)
    .map(({ word, start, end }) => ({ word: fold(word), start, end }))
    .filter(({ word }) => word !== '');
}
