import Libsql from 'libsql';
import pg from 'pg';

export interface StoredMessage {
  session_id: string;
  id: string;
  type: string;
  text: string;
  status: string;
}

export interface StoredEvent {
  position: number;
  session_id: string;
  sequence: number;
  name: string;
  data: string;
}

/** What the database itself holds, read past the server. */
export interface Stored {
  messages: StoredMessage[];
  /** By position. */
  events: StoredEvent[];
  /** Rows of the outbox that are still to be sent. */
  waiting: { session_id: string; message_id: string; state: string }[];
}

const QUERIES = {
  messages: 'select session_id, id, type, text, status from messages order by session_id, arrival',
  events: 'select position, session_id, sequence, name, data from events order by position',
  waiting: 'select session_id, message_id, state from outbox',
};

/** Where the log ends, and how many messages wait: what changes as long as anything happens. */
const PULSE = `select (select coalesce(max(position), 0) from events) as position,
  (select count(*) from outbox) as waiting`;

type Where = { file: string } | { url: string };
type Rows = (query: string) => Promise<Record<string, unknown>[]>;

/** @param where the file of an SQLite database, or the address of a PostgreSQL one */
export async function readStored(where: Where): Promise<Stored> {
  return await reading(where, async (rows) => ({
    messages: (await rows(QUERIES.messages)) as unknown as StoredMessage[],
    events: (await rows(QUERIES.events)) as unknown as StoredEvent[],
    waiting: (await rows(QUERIES.waiting)) as unknown as Stored['waiting'],
  }));
}

/** The same as long as nothing happens; costs next to nothing. */
export async function readPulse(where: Where): Promise<string> {
  return await reading(where, async (rows) => JSON.stringify(await rows(PULSE)));
}

async function reading<T>(where: Where, read: (rows: Rows) => Promise<T>): Promise<T> {
  const { rows, close } = 'file' in where ? openFile(where.file) : await connect(where.url);
  try {
    return await read(rows);
  } finally {
    await close();
  }
}

function openFile(file: string): { rows: Rows; close(): Promise<void> } {
  const database = new Libsql(file, { readonly: true, timeout: 10_000 });
  return {
    rows: async (query) => database.prepare(query).all([]) as Record<string, unknown>[],
    close: async () => {
      database.close();
    },
  };
}

async function connect(url: string): Promise<{ rows: Rows; close(): Promise<void> }> {
  const client = new pg.Client({ connectionString: url });
  client.setTypeParser(pg.types.builtins.INT8, Number);
  await client.connect();
  return {
    rows: async (query) => (await client.query(query)).rows,
    close: () => client.end(),
  };
}
