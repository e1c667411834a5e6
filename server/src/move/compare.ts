import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type pg from 'pg';
import type { Schema } from '../db/schema.js';
import { asArrays } from './move.js';
import { batchesAfter } from './source.js';
import type { MovedTable } from './tables.js';
import type { Value } from './values.js';
import { valuesOf } from './values.js';

/** A table on one side: how many rows, and a digest over all of them in whatever order. */
export interface Side {
  rows: number;
  digest: string;
}

export interface Comparison {
  table: string;
  source: Side;
  target: Side;
  /** Keys of the first rows that differ. */
  different: string[];
}

/** Keys that a comparison names. */
const NAMED = 5;

/**
 * Compares a table row by row, a batch at a time: each row of the source with the one that has its
 * key on the other side, and the numbers of rows, so that none there is without one here.
 */
export async function compareTable(
  source: Kysely<Schema>,
  target: pg.ClientBase,
  table: MovedTable,
): Promise<Comparison> {
  const [here, there] = [new Digest(), new Digest()];
  const different: string[] = [];
  for await (const rows of batchesAfter(source, table, undefined)) {
    const expected = await asStored(
      target,
      table,
      rows.map((row) => valuesOf(table, row)),
    );
    const found = await rowsOfKeys(target, table, expected);
    for (const values of expected) {
      const key = keyOf(table, values);
      const [text, other] = [textOf(values), found.get(key)];
      here.add(text);
      if (other !== undefined) there.add(other);
      if (text !== other && different.length < NAMED) different.push(key);
    }
  }
  const { rows } = await target.query(`select count(*) as count from "${table.name}"`);
  return {
    table: table.name,
    source: here.side(),
    target: { ...there.side(), rows: rows[0].count },
    different,
  };
}

export function isSame({ source, target, different }: Comparison): boolean {
  return different.length === 0 && source.rows === target.rows && source.digest === target.digest;
}

/** PostgreSQL writes a tsvector in its own order: it is asked how it would write these. */
async function asStored(
  target: pg.ClientBase,
  { columns }: MovedTable,
  rows: Value[][],
): Promise<Value[][]> {
  const index = columns.findIndex(({ type }) => type === 'tsvector');
  if (index === -1) return rows;
  const { rows: written } = await target.query<{ text: string | null }>(
    `select given::tsvector::text as text
     from unnest($1::text[]) with ordinality as all_given (given, place) order by place`,
    [rows.map((row) => row[index])],
  );
  return rows.map((row, place) => row.with(index, written[place]?.text ?? null));
}

/** The rows of the other side that have these rows' keys, as texts by key. */
async function rowsOfKeys(
  target: pg.ClientBase,
  table: MovedTable,
  rows: Value[][],
): Promise<Map<string, string>> {
  const names = table.columns.map(({ name, type }) =>
    type === 'tsvector' ? `there."${name}"::text` : `there."${name}"`,
  );
  const keys = table.columns.filter(({ name }) => table.key.includes(name));
  const places = keys.map((column) => table.columns.indexOf(column));
  const { arrays, given } = asArrays(
    keys,
    rows.map((row) => places.map((place) => row[place] as Value)),
  );
  const keyNames = keys.map(({ name }) => `"${name}"`);
  const { rows: found } = await target.query<Value[]>({
    text: `select ${names} from "${table.name}" as there
      join unnest(${arrays}) as given (${keyNames}) using (${keyNames})`,
    values: given,
    rowMode: 'array',
  });
  return new Map(found.map((values) => [keyOf(table, values), textOf(values)]));
}

function keyOf({ columns, key }: MovedTable, values: Value[]): string {
  return JSON.stringify(key.map((name) => values[columns.findIndex((one) => one.name === name)]));
}

function textOf(values: Value[]): string {
  return JSON.stringify(
    values.map((value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
    ),
  );
}

/** The sum of the rows' hashes: the same in whatever order they come. */
class Digest {
  private rows = 0;
  private sum = 0n;

  add(text: string): void {
    this.rows += 1;
    const hash = createHash('sha256').update(text).digest();
    this.sum = BigInt.asUintN(
      128,
      this.sum + hash.readBigUInt64BE(0) + (hash.readBigUInt64BE(8) << 64n),
    );
  }

  side(): Side {
    return { rows: this.rows, digest: this.sum.toString(16).padStart(32, '0') };
  }
}
