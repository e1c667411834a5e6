import { createHash } from 'node:crypto';
import type { RawBuilder } from 'kysely';
import { sql } from 'kysely';
import type { DialectName } from '../../db/dialect.js';
import type { Phrase } from './words.js';
import { wordsOf } from './words.js';

/** Messages of one second that get a place of their own. */
const PLACES_PER_SECOND = 2 ** 21;
const LAST_SECOND = 2 ** 32 - 1;

/**
 * What a message's row says to the index (docs/decisions/0013): its words, null when there are none.
 * On SQLite triggers carry them into the full-text table, on PostgreSQL the column itself is indexed.
 */
export function indexedWords(dialect: DialectName, sessionId: string, text: string): string | null {
  const words = wordsOf(text).map(({ word }) => word);
  if (words.length === 0) return null;
  return dialect === 'sqlite' ? words.join(' ') : vectorOf(sessionId, words);
}

/** PostgreSQL: what the words that SQLite has of a message are there. */
export function vectorOfWords(sessionId: string, words: string): string {
  return vectorOf(sessionId, words.split(' '));
}

/** The column's value for these words. */
export function wordsColumn(dialect: DialectName, words: string | null): RawBuilder<string | null> {
  return dialect === 'sqlite' ? sql`${words}` : sql`cast(${words} as tsvector)`;
}

/**
 * SQLite: the number under which the full-text table has a message. It grows with the message's time,
 * so that the newest of many are found without sorting them all.
 * @param first `firstPlaceOf` the message's time
 */
export function placeAfter(dialect: DialectName, first: number): RawBuilder<number | null> {
  if (dialect !== 'sqlite') return sql`null`;
  return sql`coalesce((select max(place) + 1 from messages
    where place >= ${first} and place < ${first} + ${PLACES_PER_SECOND}), ${first})`;
}

/** The first place of the second of a time in milliseconds. */
export function firstPlaceOf(at: number): number {
  const second = Math.min(Math.max(0, Math.floor(at / 1000) || 0), LAST_SECOND);
  return second * PLACES_PER_SECOND;
}

/** SQLite: the query of the full-text table. `chatIds`: all names of the chat to look in. */
export function fullTextQuery(
  sessionId: string,
  phrases: Phrase[],
  chatIds: string[],
  type: string | undefined,
): string {
  const scopes =
    chatIds.length > 0
      ? chatIds.map((id) => `c${hex(`${sessionId}/${id}`)}`)
      : [`s${hex(sessionId)}`];
  const scope = `(${scopes.map((token) => `scope : ${token}`).join(' OR ')})`;
  const words = phrases.map(
    (phrase) => `(words : "${phrase.words.join(' ')}"${phrase.beginning ? ' *' : ''})`,
  );
  const kind = type === undefined ? [] : [`(scope : t${hex(type)})`];
  return [scope, ...kind, ...words].join(' AND ');
}

/** PostgreSQL: the same as a tsquery. */
export function vectorQuery(sessionId: string, phrases: Phrase[]): string {
  const parts = phrases.map(({ words, beginning }) => {
    const quoted = words.map((word) => `'${word}'`);
    return `(${quoted.join(' <-> ')}${beginning ? ':*' : ''})`;
  });
  return [`'${sessionToken(sessionId)}'`, ...parts].join(' & ');
}

/** Positions beyond this are all the same to PostgreSQL, and more than so many of a word are dropped. */
const LAST_POSITION = 16_383;
const POSITIONS_PER_WORD = 255;

function vectorOf(sessionId: string, words: string[]): string {
  const positions = new Map<string, number[]>();
  for (const [index, word] of words.entries()) {
    const known = positions.get(word) ?? [];
    if (known.length < POSITIONS_PER_WORD) known.push(Math.min(index + 1, LAST_POSITION));
    positions.set(word, known);
  }
  const entries = [...positions].map(([word, at]) => `'${word}':${at.join(',')}`);
  return [`'${sessionToken(sessionId)}'`, ...entries].join(' ');
}

/** No word of a text looks like it: those have no colon. */
function sessionToken(sessionId: string): string {
  return `s:${createHash('sha256').update(sessionId).digest('hex').slice(0, 16)}`;
}

function hex(text: string): string {
  return Buffer.from(text).toString('hex').toUpperCase();
}
