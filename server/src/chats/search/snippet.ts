import type { Phrase, Word } from './words.js';
import { wordsOf } from './words.js';

/** A part of a text around what was found, and where that stands in it (UTF-16 units, end excluded). */
export interface Snippet {
  text: string;
  highlights: { start: number; end: number }[];
}

const LENGTH = 160;
/** How much of it stands before what was found. */
const BEFORE = 40;

/** Cuts a text around the first thing that was found in it. */
export function snippetOf(text: string, phrases: Phrase[]): Snippet {
  return snippetAround(
    text,
    phrases.flatMap((phrase) => placesOf(wordsOf(text), phrase)),
  );
}

/** The same, where it is known what was found where. */
export function snippetAround(text: string, places: { start: number; end: number }[]): Snippet {
  const found = joined(places);
  const first = found[0]?.start ?? 0;
  const from = text.length <= LENGTH ? 0 : wholeLetter(text, Math.max(0, first - BEFORE));
  const to = wholeLetter(text, Math.min(text.length, from + LENGTH));
  const [head, tail] = [from > 0 ? '…' : '', to < text.length ? '…' : ''];
  return {
    text: head + text.slice(from, to) + tail,
    highlights: found
      .filter(({ start, end }) => start >= from && end <= to)
      .map(({ start, end }) => ({
        start: start - from + head.length,
        end: end - from + head.length,
      })),
  };
}

function placesOf(words: Word[], { words: wanted, beginning }: Phrase) {
  const fits = (at: number) =>
    wanted.every((want, index) => {
      const word = words[at + index]?.word;
      const isLast = index === wanted.length - 1;
      return word === want || (beginning && isLast && word?.startsWith(want));
    });
  return words.flatMap(({ start }, at) => {
    if (!fits(at)) return [];
    return [{ start, end: words[at + wanted.length - 1]?.end ?? start }];
  });
}

/** In order, and those that touch as one. */
function joined(places: { start: number; end: number }[]) {
  const result: { start: number; end: number }[] = [];
  for (const place of places.sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last && place.start <= last.end) last.end = Math.max(last.end, place.end);
    else result.push({ ...place });
  }
  return result;
}

/** Not between the two halves of a letter outside the basic plane. */
function wholeLetter(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}
