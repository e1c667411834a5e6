import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type pg from 'pg';
import { crashPoint } from '../crash-point.js';
import type { Schema } from '../db/schema.js';
import type { MoveProgress } from './progress.js';
import { batchesAfter, placeOf } from './source.js';
import type { MovedTable } from './tables.js';
import type { Value } from './values.js';
import { valuesOf } from './values.js';

/** Told of each batch: the table and how many of its rows are moved by now. */
export type Report = (table: string, rows: number) => void;

/** Moves what is not moved yet. A batch and the note of how far it came are one transaction. */
export async function moveRows(
  source: Kysely<Schema>,
  target: pg.ClientBase,
  { tables, progress, report }: { tables: MovedTable[]; progress: MoveProgress; report: Report },
): Promise<void> {
  for (const table of tables) {
    const before = progress.of(table.name);
    if (before?.done) continue;
    let place = before?.after ?? [];
    let count = before?.rows ?? 0;
    for await (const rows of batchesAfter(source, table, before?.after)) {
      place = placeOf(table, rows.at(-1) ?? {});
      count += rows.length;
      await inTransaction(target, async () => {
        await insert(
          target,
          table,
          rows.map((row) => valuesOf(table, row)),
        );
        await progress.note(table.name, { after: place, rows: count, done: false });
        crashPoint('before-batch-moved');
      });
      crashPoint('after-batch-moved');
      report(table.name, count);
    }
    await inTransaction(target, async () => {
      if (table.counter) await setCounter(source, target, table.name, table.counter);
      await progress.note(table.name, { after: place, rows: count, done: true });
    });
  }
}

async function inTransaction(target: pg.ClientBase, work: () => Promise<void>): Promise<void> {
  await target.query('begin');
  await work();
  await target.query('commit');
}

/** Each column is one value, an array: a statement of the same length for any number of rows. */
async function insert(target: pg.ClientBase, table: MovedTable, rows: Value[][]): Promise<void> {
  const names = table.columns.map(({ name }) => `"${name}"`);
  const values = table.columns.map(({ name, type }) =>
    type === 'tsvector' ? `"${name}"::tsvector` : `"${name}"`,
  );
  const { arrays, given } = asArrays(table.columns, rows);
  await target.query(
    `insert into "${table.name}" (${names}) select ${values} from unnest(${arrays}) as given (${names})`,
    given,
  );
}

/** Rows as the arguments of `unnest`: one array for each column. */
export function asArrays(
  columns: MovedTable['columns'],
  rows: Value[][],
): { arrays: string; given: Value[][] } {
  const types = columns.map(({ type }) => (type === 'tsvector' ? 'text' : type));
  return {
    arrays: types.map((type, index) => `$${index + 1}::${type}[]`).join(', '),
    given: columns.map((_, index) => rows.map((row) => row[index] as Value)),
  };
}

/** The next number is the one that would have come here: none is ever given twice. */
async function setCounter(
  source: Kysely<Schema>,
  target: pg.ClientBase,
  table: string,
  column: string,
): Promise<void> {
  const last = await lastNumber(source, table);
  if (last === 0) return;
  const sequence = `pg_get_serial_sequence('"${table}"', '${column}')`;
  await target.query(`select setval(${sequence}, $1)`, [last]);
}

async function lastNumber(source: Kysely<Schema>, table: string): Promise<number> {
  const { rows } = await sql<{ seq: number }>`
    select seq from sqlite_sequence where name = ${table}`.execute(source);
  return rows[0]?.seq ?? 0;
}
