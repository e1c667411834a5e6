import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type pg from 'pg';
import type { Schema } from '../db/schema.js';
import { StartError } from '../start-error.js';

/** A table of the embedded database with the columns that it has on both sides. */
export interface MovedTable {
  name: string;
  columns: { name: string; type: ColumnType }[];
  /** Columns of the primary key, in its order. */
  key: string[];
  /** The column that counts by itself. */
  counter: string | undefined;
}

type ColumnType = 'text' | 'bigint' | 'bytea' | 'tsvector';

/** Whose rows stay behind, and why nothing is missed. */
const STAY_BEHIND = [
  // The other database has been brought up to date by itself.
  /^kysely_migration(_lock)?$/,
  // The counters of the other database are set to it.
  /^sqlite_sequence$/,
  // Full-text tables with their parts; PostgreSQL indexes the column `words` itself (move/values.ts).
  /^message_search(_\w+)?$/,
  /^knowledge_search(_\w+)?$/,
];

interface TargetColumn {
  name: string;
  type: string;
  counts: boolean;
}

/**
 * Every table of the source but those that stay behind, found from the databases themselves, so that
 * none can be forgotten. Throws where the other side has no place for what is here.
 */
export async function tablesToMove(
  source: Kysely<Schema>,
  target: pg.ClientBase,
): Promise<MovedTable[]> {
  const { rows } = await sql<{ name: string }>`
    select name from sqlite_master where type = 'table' order by name`.execute(source);
  const names = rows.map(({ name }) => name).filter((name) => !staysBehind(name));
  const moved: MovedTable[] = [];
  for (const name of names) moved.push(await tableToMove(name, source, target));
  return moved;
}

export function staysBehind(table: string): boolean {
  return STAY_BEHIND.some((pattern) => pattern.test(table));
}

async function tableToMove(
  name: string,
  source: Kysely<Schema>,
  target: pg.ClientBase,
): Promise<MovedTable> {
  const { rows: columns } = await sql<{ name: string; pk: number }>`
    select name, pk from pragma_table_info(${name}) order by cid`.execute(source);
  const there = new Map((await columnsOf(target, name)).map((column) => [column.name, column]));
  const key = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
  if (key.length === 0) throw new StartError(`The table ${name} has no primary key to move it by.`);
  return {
    name,
    columns: columns.map((column) => ({
      name: column.name,
      type: typeOf(name, column.name, there.get(column.name)),
    })),
    key: key.map((column) => column.name),
    counter: columns.find((column) => there.get(column.name)?.counts)?.name,
  };
}

function typeOf(table: string, column: string, there: TargetColumn | undefined): ColumnType {
  const known: readonly string[] = ['text', 'bigint', 'bytea', 'tsvector'];
  if (there && known.includes(there.type)) return there.type as ColumnType;
  const found = there ? `is of the unknown type ${there.type}` : 'is missing';
  throw new StartError(`The column ${table}.${column} ${found} in the PostgreSQL database.`);
}

async function columnsOf(target: pg.ClientBase, table: string): Promise<TargetColumn[]> {
  const { rows } = await target.query<TargetColumn>(
    `select attname as name, format_type(atttypid, atttypmod) as type, attidentity <> '' as counts
     from pg_attribute where attrelid = to_regclass($1) and attnum > 0 and not attisdropped`,
    [`"${table}"`],
  );
  return rows;
}
