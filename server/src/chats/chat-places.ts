import { sql } from 'kysely';
import type { Database } from '../db/database.js';
import { dialects } from '../db/dialect.js';
import type { ChatFilter } from './chat-filter.js';
import { conditionsOf } from './chat-filter.js';

/** Where a chat stands in a list. */
export interface Place {
  session: string;
  id: string;
  at: number;
}

/** A piece of the list: either what is pinned, or the rest, or both mixed. */
export interface Part {
  pinned?: boolean;
  after?: Place | undefined;
}

/** Sessions that one statement looks into; databases limit how many parts a union may have. */
const SESSIONS_AT_ONCE = 100;

/**
 * The first chats of a part of the list. Each session gives its own first ones, which an index has in
 * order; the newest of those are the answer.
 */
export async function firstPlaces(
  database: Database,
  sessionIds: string[],
  filter: ChatFilter,
  part: Part,
  limit: number,
): Promise<Place[]> {
  const found: Place[] = [];
  for (let start = 0; start < sessionIds.length; start += SESSIONS_AT_ONCE) {
    const [first, ...others] = sessionIds
      .slice(start, start + SESSIONS_AT_ONCE)
      .map((session) => firstOfSession(database, session, filter, part, limit));
    if (!first) break;
    const rows = await others.reduce((all, one) => all.unionAll(one), first).execute();
    for (const { session, id, at } of rows) found.push({ session, id, at: at ?? 0 });
  }
  return found.sort(inOrder).slice(0, limit);
}

/** The query for the first chats that one session gives. */
export function firstOfSession(
  database: Database,
  session: string,
  filter: ChatFilter,
  { pinned, after }: Part,
  limit: number,
) {
  const { kysely, dialect } = database;
  const id = dialects[dialect].bytewise('c.id');
  let query = kysely
    .selectFrom('chats as c')
    .select(['c.session_id as session', 'c.id as id', 'c.last_message_at as at'])
    .where('c.session_id', '=', session)
    .where('c.last_message_at', 'is not', null)
    .where(conditionsOf(filter, session, dialect))
    .orderBy('c.last_message_at', 'desc')
    .orderBy(id, 'desc')
    .limit(limit);
  if (pinned !== undefined) query = query.where('c.pinned_at', pinned ? 'is not' : 'is', null);
  if (after && session === after.session) {
    query = query.where(sql<boolean>`(c.last_message_at, ${id}) < (${after.at}, ${after.id})`);
  } else if (after) {
    const compare = inBytes(session, after.session) < 0 ? '<=' : '<';
    query = query.where('c.last_message_at', compare, after.at);
  }
  return kysely.selectFrom(query.as('first')).selectAll();
}

/** As the databases compare: by bytes. */
function inBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

function inOrder(one: Place, other: Place): number {
  return other.at - one.at || inBytes(other.session, one.session) || inBytes(other.id, one.id);
}
