import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import { StartError } from '../start-error.js';
import type { DialectName } from './dialect.js';
import type { Schema } from './schema.js';

/** The setting of an embedded database whose rows were moved to PostgreSQL, or are being moved. */
export const MOVED_TO = 'moved_to';

/** On PostgreSQL: how far the move has come; there is such a table only until it is finished. */
export const MOVE_TABLE = 'unfinished_move';

/** What the setting says, as JSON. */
export interface MovedTo {
  /** Of this move; the table on the other side has it too. */
  id: string;
  /** Host, port and name of the database. */
  place: string;
  /** Milliseconds since the epoch. */
  begunAt: number;
  finishedAt: number | null;
}

export async function readMovedTo(kysely: Kysely<Schema>): Promise<MovedTo | undefined> {
  const { rows } = await sql`select name from sqlite_master where name = 'settings'`.execute(
    kysely,
  );
  if (rows.length === 0) return undefined;
  const row = await kysely
    .selectFrom('settings')
    .select('value')
    .where('key', '=', MOVED_TO)
    .executeTakeFirst();
  return row && (JSON.parse(row.value) as MovedTo);
}

/**
 * Two servers with the keys of one number ruin it for both: nothing starts on a database that was
 * moved away, nor on one that has only a part of what is being moved there.
 */
export async function refuseMoved(kysely: Kysely<Schema>, dialect: DialectName): Promise<void> {
  if (dialect === 'postgres') {
    const { rows } = await sql<{ there: boolean }>`
      select to_regclass(${MOVE_TABLE}) is not null as there`.execute(kysely);
    if (!rows[0]?.there) return;
    throw new StartError(
      'The database of DATABASE_URL has only a part of what is being moved to it. Let migrate-to ' +
        'finish first: npx patchbay migrate-to <the same address>.',
    );
  }
  const moved = await readMovedTo(kysely);
  if (!moved) return;
  throw new StartError(
    moved.finishedAt
      ? `The data of this storage folder was moved to ${moved.place}: start with DATABASE_URL set ` +
          'to that database. To go back to what was here before (what happened there since is ' +
          'not here): npx patchbay migrate-to --take-back.'
      : `The data of this storage folder is being moved to ${moved.place}. Run the same migrate-to ` +
          'again, which goes on where it was, or give it up: npx patchbay migrate-to --take-back.',
  );
}
