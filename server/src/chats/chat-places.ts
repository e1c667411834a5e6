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

/** Sessions that the first statement looks into, and most; building a union costs more than running it. */
const FIRST_SESSIONS = 10;
const MOST_SESSIONS = 100;

/**
 * The first chats of a part of the list. Each session gives its own first ones, which an index has in
 * order; the newest of those are the answer. Sessions are asked in the order of their newest chat, until
 * none that is left can have one that belongs to the answer.
 */
export async function firstPlaces(
  database: Database,
  sessionIds: string[],
  filter: ChatFilter,
  part: Part,
  limit: number,
): Promise<Place[]> {
  if (sessionIds.length === 0) return [];
  const left = await newestFirst(database, sessionIds, part);
  let found: Place[] = [];
  for (let count = FIRST_SESSIONS; left.length > 0; count = Math.min(count * 2, MOST_SESSIONS)) {
    const [first, ...others] = left
      .splice(0, count)
      .map(({ session }) => firstOfSession(database, session, filter, part, limit));
    if (!first) break;
    const rows = await others.reduce((all, one) => all.unionAll(one), first).execute();
    for (const { session, id, at } of rows) found.push({ session, id, at: at ?? 0 });
    found = found.sort(inOrder).slice(0, limit);
    const last = found[limit - 1];
    if (last && last.at > (left[0]?.newest ?? 0)) break;
  }
  return found;
}

/** Sessions with when the newest chat of theirs is that may stand in this part, newest first. */
async function newestFirst(
  { kysely }: Database,
  sessionIds: string[],
  { pinned, after }: Part,
): Promise<{ session: string; newest: number }[]> {
  if (sessionIds.length <= FIRST_SESSIONS && !pinned) {
    return sessionIds.map((session) => ({ session, newest: 0 }));
  }
  const newest = pinned
    ? kysely
        .selectFrom('chats as c')
        .select((e) => ['c.session_id as session', e.fn.max('c.last_message_at').as('newest')])
        .where('c.session_id', 'in', sessionIds)
        .where('c.pinned_at', 'is not', null)
        .groupBy('c.session_id')
    : kysely
        .selectFrom('sessions as s')
        .select((e) => [
          's.id as session',
          e
            .selectFrom('chats as c')
            .select('c.last_message_at')
            .whereRef('c.session_id', '=', 's.id')
            .where('c.last_message_at', 'is not', null)
            .$if(after !== undefined, (all) => all.where('c.last_message_at', '<=', after?.at ?? 0))
            .orderBy('c.last_message_at', 'desc')
            .limit(1)
            .as('newest'),
        ])
        .where('s.id', 'in', sessionIds);
  const rows = await newest.execute();
  return rows
    .flatMap(({ session, newest }) => (newest === null ? [] : [{ session, newest }]))
    .sort((one, other) => other.newest - one.newest);
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
