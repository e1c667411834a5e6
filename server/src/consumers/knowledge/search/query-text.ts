/** The words by which one part of a query is found. */
export interface WordChoice {
  /** As written; several must follow each other. */
  words: string[];
  /** Whether the last one may go on. */
  beginning: boolean;
  /** Other words that may be meant by a single one. */
  like: string[];
}

/**
 * SQLite: the query of the full-text table.
 * @param tokens of each inner list one must be there
 * @param any whether one of the choices is enough
 */
export function fullTextQuery(tokens: string[][], choices: WordChoice[], any: boolean): string {
  const scopes = tokens.map((some) => `(${some.map((one) => `scope : ${one}`).join(' OR ')})`);
  const words = choices.map(({ words: written, beginning, like }) => {
    const first = `words : "${written.join(' ')}"${beginning ? ' *' : ''}`;
    return `(${[first, ...like.map((word) => `words : "${word}"`)].join(' OR ')})`;
  });
  const said = any && words.length > 0 ? [`(${words.join(' OR ')})`] : words;
  return [...scopes, ...said].join(' AND ');
}

/** PostgreSQL: the same as a tsquery. */
export function vectorQuery(tokens: string[][], choices: WordChoice[], any: boolean): string {
  const scopes = tokens.map((some) => `(${some.map((one) => `':${one}'`).join(' | ')})`);
  const words = choices.map(({ words: written, beginning, like }) => {
    const first = `(${written.map((word) => `'${word}'`).join(' <-> ')}${beginning ? ':*' : ''})`;
    return `(${[first, ...like.map((word) => `'${word}'`)].join(' | ')})`;
  });
  const said = any && words.length > 0 ? [`(${words.join(' | ')})`] : words;
  return [...scopes, ...said].join(' & ');
}

/** Positions beyond this are all the same to PostgreSQL, and more than so many of a word are dropped. */
const LAST_POSITION = 16_383;
const POSITIONS_PER_WORD = 255;

/** PostgreSQL: what a message is found by. No word of a text looks like a token: those have no colon. */
export function vectorOf(tokens: string[], words: string[]): string {
  const positions = new Map<string, number[]>();
  for (const [index, word] of words.entries()) {
    const known = positions.get(word) ?? [];
    if (known.length < POSITIONS_PER_WORD) known.push(Math.min(index + 1, LAST_POSITION));
    positions.set(word, known);
  }
  const entries = [...positions].map(([word, at]) => `'${word}':${at.join(',')}`);
  return [...tokens.map((each) => `':${each}'`), ...entries].join(' ');
}
