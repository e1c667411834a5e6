import type pg from 'pg';
import { MOVE_TABLE } from '../db/moved.js';
import type { Place } from './source.js';

/** How far a table has come. */
export interface TableProgress {
  after: Place;
  rows: number;
  done: boolean;
}

/** How far a move has come, in a table beside what was moved: both change in one transaction. */
export class MoveProgress {
  private constructor(
    private readonly client: pg.ClientBase,
    private readonly tables: Map<string, TableProgress>,
  ) {}

  /** Begins to write down a new move. */
  static async begin(client: pg.ClientBase, move: string): Promise<MoveProgress> {
    await client.query('begin');
    await client.query(
      `create table ${MOVE_TABLE}
       (move text, name text primary key, after text, rows bigint, done boolean)`,
    );
    await client.query(`insert into ${MOVE_TABLE} (move, name) values ($1, '')`, [move]);
    await client.query('commit');
    return new MoveProgress(client, new Map());
  }

  /** What is written down of a move; undefined: none was begun. */
  static async read(
    client: pg.ClientBase,
  ): Promise<{ move: string; progress: MoveProgress } | undefined> {
    const there = await client.query('select to_regclass($1) is not null as there', [MOVE_TABLE]);
    if (!there.rows[0].there) return undefined;
    const { rows } = await client.query(`select * from ${MOVE_TABLE}`);
    const tables = new Map<string, TableProgress>();
    for (const { name, after, rows: count, done } of rows) {
      if (name) tables.set(name, { after: JSON.parse(after), rows: count, done });
    }
    return { move: rows[0].move, progress: new MoveProgress(client, tables) };
  }

  of(table: string): TableProgress | undefined {
    return this.tables.get(table);
  }

  /** To be called in the transaction that moves the rows. */
  async note(table: string, progress: TableProgress): Promise<void> {
    await this.client.query(
      `insert into ${MOVE_TABLE} (move, name, after, rows, done)
       values ((select move from ${MOVE_TABLE} where name = ''), $1, $2, $3, $4)
       on conflict (name) do update set after = $2, rows = $3, done = $4`,
      [table, JSON.stringify(progress.after), progress.rows, progress.done],
    );
    this.tables.set(table, progress);
  }

  async end(): Promise<void> {
    await this.client.query(`drop table ${MOVE_TABLE}`);
  }
}
