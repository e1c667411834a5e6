import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { Database } from '../db/database.js';
import { MOVED_TO, type MovedTo, readMovedTo } from '../db/moved.js';
import { StartError } from '../start-error.js';
import { type Comparison, compareTable, isSame } from './compare.js';
import { moveRows } from './move.js';
import { tablesToMove } from './tables.js';
import { MoveTarget } from './target.js';

/** Rows of one table between two lines of progress. */
const LINE_EVERY = 20_000;

interface MoveOptions {
  storageRoot: string;
  url: string;
  logger: Logger;
  print(line: string): void;
}

/**
 * Moves all that the embedded database has into an empty PostgreSQL database, and compares both.
 * Killed at any moment, it goes on where it was when it is called again. From its beginning on no
 * server starts on either of them until it is finished, and then only on the new one.
 */
export async function migrateTo({ storageRoot, url, logger, print }: MoveOptions): Promise<void> {
  const source = await openSource(storageRoot, logger);
  try {
    const target = await MoveTarget.open(url);
    try {
      await move(source, target, print);
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

/** Lets servers start on the folder again; resolves with where its data was moved to, if it was. */
export async function takeBack(storageRoot: string, logger: Logger): Promise<MovedTo | undefined> {
  const source = await openSource(storageRoot, logger);
  try {
    const moved = await readMovedTo(source.kysely);
    const forget = source.kysely.deleteFrom('settings').where('key', '=', MOVED_TO);
    await source.write([{ query: forget }]);
    return moved;
  } finally {
    await source.close();
  }
}

async function openSource(storageRoot: string, logger: Logger): Promise<Database> {
  const file = join(storageRoot, 'patchbay.db');
  if (!existsSync(file)) {
    throw new StartError(
      `There is no database to move: ${file} does not exist. Name its folder with --data.`,
    );
  }
  return await Database.open({ storageRoot, logger, evenIfMoved: true });
}

async function move(source: Database, target: MoveTarget, print: (line: string) => void) {
  const before = await readMovedTo(source.kysely);
  if (before?.finishedAt) {
    throw new StartError(`The data of this folder was moved to ${before.place} already.`);
  }
  if (before && before.place !== target.place) {
    throw new StartError(
      `The data of this folder is being moved to ${before.place}: name that address again, or give ` +
        'it up first: npx patchbay migrate-to --take-back.',
    );
  }
  const moving: MovedTo = before ?? {
    ...{ id: randomUUID(), place: target.place, begunAt: Date.now(), finishedAt: null },
  };
  const progress = await target.take(moving.id, () => remember(source, moving));
  const { client } = target;
  const tables = await tablesToMove(source.kysely, client);
  print(`Moving ${tables.length} tables to ${target.place}`);
  const report = (table: string, rows: number) => {
    if (rows % LINE_EVERY === 0) print(`  ${table}: ${number(rows)} rows so far`);
  };
  await moveRows(source.kysely, client, { tables, progress, report });
  await client.query('analyze');

  print('Comparing both row by row');
  const comparisons: Comparison[] = [];
  for (const table of tables) {
    const comparison = await compareTable(source.kysely, client, table);
    comparisons.push(comparison);
    print(lineOf(comparison));
  }
  refuseDifferences(comparisons, target.place);
  await remember(source, { ...moving, finishedAt: Date.now() });
  await progress.end();
  const rows = comparisons.reduce((sum, { source: { rows } }) => sum + rows, 0);
  print(`All ${number(rows)} rows of ${tables.length} tables are the same on both sides.`);
}

async function remember(source: Database, moved: MovedTo): Promise<void> {
  const value = JSON.stringify(moved);
  const query = source.kysely
    .insertInto('settings')
    .values({ key: MOVED_TO, value })
    .onConflict((c) => c.column('key').doUpdateSet({ value }));
  await source.write([{ query }]);
}

function lineOf(comparison: Comparison): string {
  const { table, source, target } = comparison;
  const side = ({ rows, digest }: Comparison['source']) => `${number(rows)} ${digest.slice(0, 16)}`;
  const verdict = isSame(comparison) ? 'same' : 'DIFFERENT';
  return `  ${table.padEnd(24)} ${side(source).padEnd(28)} ${side(target).padEnd(28)} ${verdict}`;
}

function refuseDifferences(comparisons: Comparison[], place: string): void {
  const different = comparisons.filter((comparison) => !isSame(comparison));
  if (different.length === 0) return;
  const named = different.map(
    ({ table, different: keys }) => `${table}${keys.length > 0 ? ` at ${keys.join(' ')}` : ''}`,
  );
  throw new StartError(
    `What is in ${place} differs from what is here: ${named.join(', ')}. Has something else written ` +
      'there? Give this move up (npx patchbay migrate-to --take-back), empty that database and begin anew.',
  );
}

const number = (count: number) => count.toLocaleString('en');
