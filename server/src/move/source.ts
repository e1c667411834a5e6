import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import { MOVED_TO } from '../db/moved.js';
import type { Schema } from '../db/schema.js';
import type { MovedTable } from './tables.js';
import type { Row, Value } from './values.js';

/** What a table is read by: the key of the last row that was read. */
export type Place = Value[];

/** Rows that are moved in one transaction. */
const BATCH = 1000;

/** The rows of a table behind a place, in the order of its key. */
async function rowsAfter(
  source: Kysely<Schema>,
  { name, columns, key }: MovedTable,
  after: Place | undefined,
): Promise<Row[]> {
  const keys = sql.join(key.map((column) => sql.ref(column)));
  const behind = after ? sql`(${keys}) > (${sql.join(after)})` : sql`1 = 1`;
  // The setting that tells of the move itself belongs to this side alone.
  const own = name === 'settings' ? sql`key <> ${MOVED_TO}` : sql`1 = 1`;
  const { rows } = await sql<Row>`
    select ${sql.join(columns.map((column) => sql.ref(column.name)))} from ${sql.table(name)}
    where ${behind} and ${own} order by ${keys} limit ${BATCH}`.execute(source);
  return rows;
}

/** All rows of a table in batches; the next one is read while the reader works. */
export async function* batchesAfter(
  source: Kysely<Schema>,
  table: MovedTable,
  after: Place | undefined,
): AsyncGenerator<Row[]> {
  let coming = rowsAfter(source, table, after);
  for (;;) {
    const rows = await coming;
    const last = rows.at(-1);
    if (!last) return;
    const isLast = rows.length < BATCH;
    if (!isLast) {
      coming = rowsAfter(source, table, placeOf(table, last));
      // Whoever stops reading early is not told of it by this one.
      coming.catch(() => undefined);
    }
    yield rows;
    if (isLast) return;
  }
}

export function placeOf(table: MovedTable, row: Row): Place {
  return table.key.map((column) => row[column] as Value);
}
