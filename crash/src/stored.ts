import Libsql from 'libsql';
import pg from 'pg';

export interface StoredMessage {
  session_id: string;
  id: string;
  chat_id: string;
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

/** A message of a group that is knowledge. */
export interface StoredKnowledge {
  group_jid: string;
  message_id: string;
  text: string;
  /** A JSON array. */
  tags: string;
  deleted: number;
  approved_at: number | null;
}

/** What the database itself holds, read past the server. */
export interface Stored {
  messages: StoredMessage[];
  /** By position. */
  events: StoredEvent[];
  /** Rows of the outbox that are still to be sent. */
  waiting: { session_id: string; message_id: string; state: string }[];
  knowledge: StoredKnowledge[];
  /** What the search has. */
  documents: { message_id: string }[];
  forwards: { message_id: string; target_jid: string; state: string }[];
  questions: { message_id: string; outcome: string }[];
  /** Work for knowledge and chatbots that is still to be done. */
  jobs: { id: number; name: string; attempts: number; due_at: number; last_error: string | null }[];
  /** Work of any kind that was given up. */
  givenUp: { id: string; name: string; reason: string }[];
}

const WORK = "('ingest', 'index', 'forward', 'chatbot-answer')";

const QUERIES: Record<keyof Stored, string> = {
  messages:
    'select session_id, id, chat_id, type, text, status from messages order by session_id, arrival',
  events: 'select position, session_id, sequence, name, data from events order by position',
  waiting: 'select session_id, message_id, state from outbox',
  knowledge: `select group_jid, message_id, text, tags, deleted, approved_at
    from knowledge_messages`,
  documents: 'select message_id from knowledge_documents',
  forwards: 'select message_id, target_jid, state from knowledge_forwards',
  questions: 'select message_id, outcome from chatbot_questions',
  jobs: `select id, name, attempts, due_at, last_error from jobs where name in ${WORK}`,
  givenUp: 'select job_id as id, name, reason from failed_jobs',
};

export function emptyStored(): Stored {
  const tables = Object.keys(QUERIES).map((name) => [name, []]);
  return Object.fromEntries(tables) as Stored;
}

/** Where the log ends, and how much waits: what changes as long as anything happens. */
const PULSE = `select (select coalesce(max(position), 0) from events) as position,
  (select count(*) from outbox) as waiting,
  (select count(*) + coalesce(sum(attempts), 0) from jobs where name in ${WORK}) as work`;

type Where = { file: string } | { url: string };
type Rows = (query: string) => Promise<Record<string, unknown>[]>;

/** @param where the file of an SQLite database, or the address of a PostgreSQL one */
export async function readStored(where: Where): Promise<Stored> {
  return await reading(where, async (rows) => {
    const read: Record<string, unknown> = {};
    for (const [name, query] of Object.entries(QUERIES)) read[name] = await rows(query);
    return read as unknown as Stored;
  });
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
