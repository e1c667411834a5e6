import type { RawBuilder } from 'kysely';
import { sql } from 'kysely';
import type { DialectName } from '../../db/dialect.js';

/** Blocks of letters that have accents: Latin, Greek, Cyrillic. */
const ACCENTED = [
  [0xc0, 0x24f],
  [0x370, 0x52f],
  [0x1e00, 0x1fff],
] as const;
/** Letters that Unicode takes for letters of their own, and people for accented ones. */
const STROKED: Record<string, string> = { o: 'øØ', l: 'łŁ', d: 'đĐ', h: 'ħĦ', t: 'ŧŦ', i: 'ıİ' };

/** By the plain letter: all ways to write it, small and capital. */
const ways = new Map(Object.entries(STROKED).map(([letter, others]) => [letter, [...others]]));
for (const [first, last] of ACCENTED) {
  for (let code = first; code <= last; code++) {
    const letter = String.fromCharCode(code);
    const base = plain(letter);
    if (base !== letter && base.length === 1) ways.set(base, [...(ways.get(base) ?? []), letter]);
  }
}

/**
 * Whether a text contains another one, whatever the accents and the case. Neither database can say
 * that of letters beyond ASCII by itself (SQLite never, PostgreSQL not in every language), so the
 * pattern names for each letter the ways to write it.
 */
export function contains(
  dialect: DialectName,
  text: RawBuilder<unknown>,
  wanted: string,
): RawBuilder<boolean> {
  const letters = [...plain(wanted)];
  return dialect === 'sqlite'
    ? sql`${text} glob ${`*${letters.map(inGlob).join('')}*`}`
    : sql`${text} ~ ${letters.map(inRegex).join('')}`;
}

function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .normalize('NFC')
    .toLowerCase();
}

function inGlob(letter: string): string {
  const all = waysOf(letter);
  return all.length > 1 || '*?['.includes(letter) ? `[${all.join('')}]` : letter;
}

function inRegex(letter: string): string {
  const all = waysOf(letter);
  if (all.length > 1) return `[${all.join('')}]`;
  return letter.replace(/[\\^$.|?*+()[\]{}]/, '\\$&');
}

function waysOf(letter: string): string[] {
  const capital = letter.toUpperCase();
  const simple = capital.length === letter.length ? [letter, capital] : [letter];
  return [...new Set([...simple, ...(ways.get(letter) ?? [])])];
}
