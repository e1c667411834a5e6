import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Chat } from '@patchbay/contract';
import type { KyselyPlugin } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../db/database.js';
import { EventLog } from '../event-log/event-log.js';
import { Wakeup } from '../event-log/wakeup.js';
import { NO_LINK_CODE } from '../sessions/new-session.js';
import type { SessionRow } from '../sessions/session-store.js';
import { databases, emptyDatabase } from '../testing/databases.js';
import { ChatAddresses } from './chat-addresses.js';
import { ChatPages } from './chat-pages.js';
import { ChatStore } from './chat-store.js';
import { Notes } from './team/notes.js';

const SESSIONS = 60;
/** Chats of each session. */
const CHATS = 12;
const BEGIN = Date.UTC(2026, 0, 1);
/** Statements that a page may cost, however many sessions its chats are of. */
const STATEMENTS = 12;

const sessionId = (session: number) => `s${String(session).padStart(2, '0')}`;

/** Times are shared across sessions, and the sessions' newest chats are far apart. */
function chatRow(session: number, number: number) {
  return {
    session_id: sessionId(session),
    id: `5511${900_000 + number}@s.whatsapp.net`,
    is_group: 0,
    name: `Person ${number}`,
    unread_count: number % 5 === 0 ? 1 : 0,
    last_message_id: null,
    last_message_at: BEGIN + ((session * 7) % SESSIONS) * 1000 - number * 2000,
    archived: 0,
    marked_unread: 0,
    pinned_at: session % 20 === 3 && number === 4 ? BEGIN : null,
    muted_until: null,
    picture: null,
  } as const;
}

describe.each(databases)('the inbox of very many accounts on %s', (name) => {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-inbox-'));
  const sessions = Array.from({ length: SESSIONS }, (_, session) => sessionId(session));
  let empty: Awaited<ReturnType<typeof emptyDatabase>>;
  let database: Database;
  let pages: ChatPages;
  let statements = 0;

  beforeAll(async () => {
    empty = await emptyDatabase(name);
    const logger = pino({ level: 'silent' });
    database = await Database.open({ url: empty.url, storageRoot: folder, logger });
    const { kysely } = database;
    for (let session = 0; session < SESSIONS; session += 1) {
      const chats = Array.from({ length: CHATS }, (_, number) => chatRow(session, number));
      await database.write([
        { query: kysely.insertInto('sessions').values(sessionRow(session)) },
        { query: kysely.insertInto('chats').values(chats) },
      ]);
    }
    const counting: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        statements += 1;
        return result;
      },
    };
    const counted = { kysely: kysely.withPlugin(counting), dialect: database.dialect };
    const log = new EventLog(database, new Wakeup());
    const store = new ChatStore(database, new ChatAddresses(database, log));
    pages = new ChatPages(counted as Database, new Notes(database, store, log));
  });
  afterAll(async () => {
    await database.close();
    await empty.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  function sessionRow(session: number): SessionRow {
    const id = sessionId(session);
    return {
      ...NO_LINK_CODE,
      id,
      owner_id: 'owner',
      slot: session + 1,
      engine: 'baileys',
      epoch: 1,
      worker_id: null,
      wanted: 0,
      status: 'closed',
      reason: 'created',
      action: 'restart',
      attempt: 0,
      status_since: 1,
      next_attempt_at: null,
      linked: 0,
      jid: null,
      lid: null,
      label: null,
      display_name: id,
      event_sequence: 0,
      last_seen_at: null,
      created_at: session,
    };
  }

  const place = ({ sessionId: session, id }: Pick<Chat, 'sessionId' | 'id'>) => `${session} ${id}`;

  /** What the whole list is, by sorting all there is. */
  function expected(fits: (row: ReturnType<typeof chatRow>) => boolean): string[] {
    const rows = sessions.flatMap((_, session) =>
      Array.from({ length: CHATS }, (_one, number) => chatRow(session, number)),
    );
    const rank = (row: (typeof rows)[number]) => (row.pinned_at === null ? 0 : 1);
    return rows
      .filter(fits)
      .sort(
        (one, other) =>
          rank(other) - rank(one) ||
          other.last_message_at - one.last_message_at ||
          (other.session_id < one.session_id ? -1 : other.session_id > one.session_id ? 1 : 0) ||
          (other.id < one.id ? -1 : 1),
      )
      .map(({ session_id, id }) => place({ sessionId: session_id, id }));
  }

  it.each([
    ['all chats', {}, () => true],
    ['unread ones', { unread: true }, (row: { unread_count: number }) => row.unread_count > 0],
  ] as const)('%s come in order, each on one page', async (_what, filter, fits) => {
    const seen: string[] = [];
    let after: string | null | undefined;
    do {
      const page = await pages.merged(sessions, filter, { limit: 50, after: after ?? undefined });
      seen.push(...page.chats.map(place));
      after = page.after;
    } while (after !== null);
    expect(seen).toEqual(expected(fits));
  });

  it('a page costs few statements, of however many accounts its chats are', async () => {
    statements = 0;
    const { chats } = await pages.merged(sessions, {}, { limit: 50 });
    expect(new Set(chats.map((chat) => chat.sessionId)).size).toBeGreaterThan(10);
    expect(statements).toBeLessThanOrEqual(STATEMENTS);
  });
});
