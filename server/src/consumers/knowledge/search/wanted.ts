import { phrasesOf } from '../../../chats/search/words.js';
import { tagsOf } from '../tags.js';
import { fold } from './fold.js';

/** What somebody looks for, as the search compares it. */
export interface Wanted {
  /** Words, or words that must follow each other. */
  phrases: WantedPhrase[];
  /** Tags that the message must have, without their mark. */
  tags: string[];
}

export interface WantedPhrase {
  words: string[];
  /** Whether the last word may go on. */
  beginning: boolean;
}

const TAG = /(^|\s)#\S+/gu;

/** Reads a query: words, phrases in quotation marks, tags. */
export function wantedOf(query: string): Wanted {
  const tags = query.match(TAG)?.flatMap((part) => tagsOf(part)) ?? [];
  const rest = query.replace(TAG, (part) => (tagsOf(part).length > 0 ? ' ' : part));
  const phrases = phrasesOf(rest)
    .map(({ words, beginning }) => ({ words: words.map(fold).filter(Boolean), beginning }))
    .filter(({ words }) => words.length > 0);
  return { phrases, tags: tags.map(tagKey) };
}

/** A tag in the one spelling under which it is found. */
export function tagKey(tag: string): string {
  const plain = tag
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC');
  return fold(plain.toLowerCase());
}
