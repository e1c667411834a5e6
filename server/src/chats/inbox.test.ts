import type { Chat, ChatCounts, ChatPage } from '@patchbay/contract';
import { CompiledQuery, sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../db/database.js';
import { databases } from '../testing/databases.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { TestServer } from '../testing/test-server.js';
import type { ChatFilter } from './chat-filter.js';
import { firstOfSession } from './chat-places.js';

const SESSIONS = ['alpha', 'Beta', 'gamma'];
/** Chats of each session. */
const CHATS = 400;
const BEGIN = Date.UTC(2026, 0, 1);

/** What the chat with this number of a session is like. Several share a time, also across sessions. */
function chatRow(session: string, number: number) {
  const group = number % 10 === 3;
  const status = number % 7 === 0 ? 'resolved' : number % 11 === 0 ? 'pending' : 'open';
  return {
    session_id: session,
    id: group ? `1203630${number}@g.us` : `5511${900_000 + number}@s.whatsapp.net`,
    is_group: group ? 1 : 0,
    name: number % 2 ? `Person ${number}` : null,
    unread_count: number % 5 === 0 ? 2 : 0,
    last_message_id: `message-${number}`,
    last_message_at: BEGIN + Math.floor(number / 4) * 1000,
    archived: number % 13 === 0 ? 1 : 0,
    marked_unread: number % 17 === 0 ? 1 : 0,
    pinned_at: number % 200 === 1 ? BEGIN : null,
    muted_until: null,
    picture: null,
    team_status: status,
    assignee_id: number % 9 === 0 ? 'owner' : number % 9 === 1 ? 'rosa' : null,
  } as const;
}

async function fill(database: Database): Promise<void> {
  const { kysely } = database;
  for (const session of SESSIONS) {
    const rows = Array.from({ length: CHATS }, (_, number) => chatRow(session, number));
    for (let start = 0; start < rows.length; start += 100) {
      const some = rows.slice(start, start + 100);
      const aliases = some.map(({ id }) => ({ session_id: session, jid: id, chat_id: id }));
      await database.write([
        { query: kysely.insertInto('chats').values(some) },
        { query: kysely.insertInto('chat_aliases').values(aliases) },
      ]);
    }
  }
  const place = { session_id: 'gamma', chat_id: chatRow('gamma', 8).id };
  await database.write([
    { query: kysely.insertInto('chat_team_labels').values({ ...place, label_id: 'vip' }) },
    {
      query: kysely
        .insertInto('contacts')
        .values({ session_id: 'gamma', jid: place.chat_id, name: null, push_name: 'Ådne 50%' }),
    },
  ]);
  if (database.dialect === 'postgres') await sql`analyze chats`.execute(kysely);
}

describe.each(databases)('the list of all chats on %s', (name) => {
  let sandbox: TestSandbox;
  let server: TestServer;

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    server = await TestServer.start(sandbox, { database: name });
    for (const id of SESSIONS) await server.call('PUT', `/api/sessions/${id}`);
    await fill(server.house.database);
  });
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
  });

  const page = async (query: string) =>
    (await server.call<ChatPage>('GET', `/api/chats?${query}`)).body;
  const all = async (query = '', limit = 37) => {
    const chats: Chat[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const next = await page(`limit=${limit}&${query}${after && `&after=${after}`}`);
      chats.push(...next.chats);
      after = next.after;
    }
    return chats;
  };
  /** Those that fit, by their rows. */
  const rows = SESSIONS.flatMap((session) =>
    Array.from({ length: CHATS }, (_, number) => ({ number, ...chatRow(session, number) })),
  );
  const keys = (chats: { sessionId: string; id: string }[]) =>
    chats.map(({ sessionId, id }) => `${sessionId} ${id}`).sort();
  const keysOf = (fits: (row: (typeof rows)[number]) => boolean) =>
    keys(rows.filter(fits).map((row) => ({ sessionId: row.session_id, id: row.id })));

  it('has every chat once, pinned ones first and then by time, whatever the size of its pages', async () => {
    for (const limit of [1, 37, 200]) {
      const chats = await all(limit === 1 ? 'q=90039' : 'archived=all', limit);
      if (limit > 1) expect(keys(chats)).toEqual(keysOf(() => true));
      expect(new Set(keys(chats)).size).toBe(chats.length);
      const order = chats.map((chat) => {
        const row = rows.find((one) => one.session_id === chat.sessionId && one.id === chat.id);
        return [chat.pinned ? 1 : 0, row?.last_message_at ?? 0] as const;
      });
      const sorted = order.toSorted(([p, at], [q, other]) => q - p || other - at);
      expect(order).toEqual(sorted);
    }
  });

  it.each([
    ['', (row) => !row.archived],
    ['archived=true', (row) => row.archived === 1],
    ['unread=true', (row) => !row.archived && (row.unread_count > 0 || row.marked_unread === 1)],
    ['mine=true&archived=all', (row) => row.assignee_id === 'owner'],
    ['unassigned=true&archived=all', (row) => row.assignee_id === null],
    ['assignee=rosa&archived=all', (row) => row.assignee_id === 'rosa'],
    ['mine=true&unassigned=true', () => false],
    ['groups=true&archived=all', (row) => row.is_group === 1],
    ['status=open,pending&archived=all', (row) => row.team_status !== 'resolved'],
    ['account=Beta,gamma&archived=all', (row) => row.session_id !== 'alpha'],
    ['label=vip,other', (row) => row.session_id === 'gamma' && row.number === 8],
    [
      `q=${encodeURIComponent('ådne 50%')}`,
      (row) => row.session_id === 'gamma' && row.number === 8,
    ],
    ['q=adne', (row) => row.session_id === 'gamma' && row.number === 8 && !row.archived],
    ['q=P%C3%89RSON%2069&archived=all', (row) => /^Person 69/.test(row.name ?? '')],
    ['q=5511900012&archived=all', (row) => row.number === 12],
    ['q=PERSON%2069&archived=all', (row) => /^Person 69/.test(row.name ?? '')],
  ] as [string, (row: (typeof rows)[number]) => boolean][])(
    'filters by "%s"',
    async (query, fits) => {
      expect(keys(await all(query, 200))).toEqual(keysOf(fits));
    },
  );

  it.each<ChatFilter>([
    { archived: false },
    { unread: true, assigneeId: 'owner', groups: false, statuses: ['open'], archived: false },
    { assigneeId: null },
  ])('reads a page from the index alone: %o', async (filter) => {
    const { database } = server.house;
    for (const pinned of [true, false]) {
      const after = { session: 'Beta', id: 'x', at: BEGIN };
      const query = firstOfSession(database, 'alpha', filter, { pinned, after }, 51).compile();
      const plan = await planOf(server, query);
      expect(plan).toMatch(
        pinned ? /chats_(pinned|recent)/ : /(COVERING INDEX|Index Only .*) chats_recent/,
      );
      expect(plan).not.toMatch(/sort|temp b-tree/i);
    }
  });

  it('refuses a session that is not the caller’s, and a cursor of somewhere else', async () => {
    const { status } = await server.call('GET', '/api/chats?account=nobody');
    expect(status).toBe(404);
    const bad = await server.call('GET', '/api/chats?after=WzFd');
    expect(bad.status).toBe(400);
  });

  it('counts them over all, by account and by agent', async () => {
    const { body } = await server.call<ChatCounts>('GET', '/api/chats/counts');
    const shown = rows.filter(({ archived }) => !archived);
    const todo = shown.filter(({ team_status }) => team_status !== 'resolved');
    const open = shown.filter(({ team_status }) => team_status === 'open').length;
    expect(body).toMatchObject({
      open,
      pending: todo.length - open,
      unread: shown.filter((row) => row.unread_count > 0 || row.marked_unread).length,
      mine: todo.filter(({ assignee_id }) => assignee_id === 'owner').length,
      unassigned: todo.filter(({ assignee_id }) => assignee_id === null).length,
    });
    expect(body.accounts.map(({ sessionId }) => sessionId).sort()).toEqual([...SESSIONS].sort());
    expect(body.accounts.every((account) => account.open === open / SESSIONS.length)).toBe(true);
    expect(body.agents.map(({ userId }) => userId).sort()).toEqual(['owner', 'rosa']);
  });
});

async function planOf(server: TestServer, { sql: text, parameters }: CompiledQuery) {
  const { database } = server.house;
  if (!server.databaseUrl) {
    const ask = CompiledQuery.raw(`explain query plan ${text}`, [...parameters]);
    const { rows } = await database.kysely.executeQuery<{ detail: string }>(ask);
    return rows.map(({ detail }) => detail).join('\n');
  }
  const client = new pg.Client({ connectionString: server.databaseUrl });
  await client.connect();
  try {
    // So few rows would be read and sorted; it is about what is possible with many.
    await client.query('set enable_seqscan = off; set enable_bitmapscan = off');
    const { rows } = await client.query(`explain ${text}`, [...parameters]);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  } finally {
    await client.end();
  }
}
