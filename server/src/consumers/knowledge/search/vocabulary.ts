import type { Database } from '../../../db/database.js';
import type { WriteStep } from '../../../db/write-unit.js';
import { commonGrams, distance, gramsOf, typosIn } from './likeness.js';

/** Rows of one insert: well below the parameters that a statement may have. */
const ROWS_AT_ONCE = 400;
/** Words that are looked at closely, and those that are then searched for. */
const CANDIDATES = 80;
const MOST_LIKE = 12;
/** Of a word that is one itself: it may still be meant for another one. */
const MOST_BESIDE = 3;

/**
 * All words that were ever indexed. A word with a typo is looked for here, among some ten thousand
 * words, and not in the messages: what is like it is then an ordinary search.
 */
export class Vocabulary {
  constructor(private readonly database: Database) {}

  /** Steps that note the words that are new. */
  async learn(words: readonly string[]): Promise<WriteStep[]> {
    const distinct = [...new Set(words)].filter((word) => typosIn(word) > 0);
    if (distinct.length === 0) return [];
    const { kysely } = this.database;
    const known = await kysely
      .selectFrom('knowledge_words')
      .select('word')
      .where('word', 'in', distinct)
      .execute();
    const seen = new Set(known.map(({ word }) => word));
    const fresh = distinct.filter((word) => !seen.has(word));
    const grams = fresh.flatMap((word) => gramsOf(word).map((gram) => ({ gram, word })));
    const steps: WriteStep[] = [];
    for (const rows of chunks(grams)) {
      const insert = kysely.insertInto('knowledge_grams').values(rows);
      steps.push({ query: insert.onConflict((c) => c.doNothing()) });
    }
    for (const rows of chunks(fresh.map((word) => ({ word })))) {
      const insert = kysely.insertInto('knowledge_words').values(rows);
      steps.push({ query: insert.onConflict((c) => c.doNothing()) });
    }
    return steps;
  }

  /** The words that may be meant by one with typos, the likest first; itself is not among them. */
  async like(word: string): Promise<string[]> {
    const typos = typosIn(word);
    const grams = gramsOf(word);
    if (typos === 0) return [];
    const rows = await this.database.kysely
      .selectFrom('knowledge_grams')
      .select('word')
      .select((e) => e.fn.countAll<number>().as('common'))
      .where('gram', 'in', grams)
      .groupBy('word')
      .having((e) => e.fn.countAll(), '>=', commonGrams(grams.length, typos))
      .orderBy('common', 'desc')
      .limit(CANDIDATES)
      .execute();
    const isOne = rows.some((row) => row.word === word);
    return rows
      .map((row) => ({ word: row.word, away: distance(word, row.word, typos) }))
      .filter(({ away }) => away > 0 && away <= (isOne ? 1 : typos))
      .sort((a, b) => a.away - b.away || (a.word < b.word ? -1 : 1))
      .slice(0, isOne ? MOST_BESIDE : MOST_LIKE)
      .map((found) => found.word);
  }
}

function chunks<Row>(rows: Row[]): Row[][] {
  const parts: Row[][] = [];
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE)
    parts.push(rows.slice(at, at + ROWS_AT_ONCE));
  return parts;
}
