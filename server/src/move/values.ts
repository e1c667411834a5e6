import { vectorOfWords } from '../chats/search/search-index.js';
import { vectorOf } from '../consumers/knowledge/search/query-text.js';
import type { MovedTable } from './tables.js';

/** A value as it is stored. */
export type Value = string | number | Uint8Array | null;

export type Row = Record<string, Value>;

/** What the search has of a row differs between the databases; the rest is the same on both. */
const INDEXED: Record<string, (row: Row) => Row> = {
  messages: (row) => ({
    place: null,
    words: row.words === null ? null : vectorOfWords(String(row.session_id), String(row.words)),
  }),
  knowledge_documents: (row) => ({
    words: vectorOf(wordsIn(row.scope), wordsIn(row.words)),
  }),
};

/** A row of the embedded database as PostgreSQL has it, in the order of the table's columns. */
export function valuesOf(table: MovedTable, row: Row): Value[] {
  const indexed = INDEXED[table.name]?.(row);
  return table.columns.map(({ name, type }) => {
    const value = (indexed && name in indexed ? indexed[name] : row[name]) ?? null;
    if (type === 'bigint') return value === null ? null : Math.floor(Number(value));
    if (type === 'bytea') return value;
    // PostgreSQL has no NUL in a text.
    return value === null ? null : String(value).replaceAll('\0', '');
  });
}

function wordsIn(text: Value | undefined): string[] {
  return String(text ?? '')
    .split(' ')
    .filter(Boolean);
}
