import type { EventData, LogEvent } from '@patchbay/contract';
import { EventName } from '@patchbay/contract';
import { sql } from 'kysely';
import type { Database } from '../db/database.js';
import { prepared } from '../db/prepared.js';
import type { WriteStep } from '../db/write-unit.js';
import { ApiError } from '../http/api-error.js';
import type { Wakeup } from './wakeup.js';

/** A row of the log; `data` is JSON text, `at` in milliseconds. */
export interface StoredEvent {
  owner_id: string;
  position: number;
  session_id: string;
  sequence: number;
  at: number;
  name: string;
  data: string;
}

/** The setting that says how far the log was cut. */
const CUT = 'events_cut';

const ABOUT_SESSION = EventName.options.filter(
  (name) => name.startsWith('session.') && name !== 'session.message',
);

export interface EventSource {
  id: string;
  ownerId: string;
  /** Of the session's owner among the processes, when it is that which writes (sessions/fence.ts). */
  worker?: string | undefined;
}

/** Part of what a reader may see: all of an owner's, or one session of it; `{}`: everything. */
export type Scope = { ownerId?: undefined; sessionId?: undefined } | OwnedScope;

interface OwnedScope {
  ownerId: string;
  sessionId?: string | undefined;
}

export interface ScopedQuery {
  /** Events of any of these; none: none. */
  scope: readonly Scope[];
  /** With the scope of one session: the sequence that belongs to the position, if it is known. */
  afterSequence?: number | undefined;
  limit: number;
}

/** The append-only record of everything a session did or saw; readers keep a position as cursor. */
export class EventLog {
  private readonly insert = prepared<EventSource & { name: string; data: string; at: number }>(
    (value) =>
      this.database.kysely
        .insertInto('events')
        .columns(['owner_id', 'session_id', 'sequence', 'name', 'data', 'at'])
        .expression((build) =>
          build
            .selectFrom('sessions')
            .select((e) => [
              e.val(value('ownerId')).as('owner_id'),
              'sessions.id as session_id',
              'sessions.event_sequence as sequence',
              e.val(value('name')).as('name'),
              e.val(value('data')).as('data'),
              e.cast<number>(e.val(value('at')), 'bigint').as('at'),
            ])
            .where('sessions.id', '=', value('id')),
        ),
  );

  constructor(
    private readonly database: Database,
    readonly wakeup: Wakeup,
  ) {}

  /**
   * The step that appends an event. It takes its sequence from the session's row, so the unit must
   * have advanced that counter before (sessions/fence.ts).
   */
  append<Name extends EventName>(
    source: EventSource,
    name: Name,
    data: EventData<Name>,
    at: number,
  ): WriteStep {
    const { id, ownerId } = source;
    return { query: this.insert({ id, ownerId, name, data: JSON.stringify(data), at }) };
  }

  /** Events after a position, oldest first. */
  async after(position: number, query: ScopedQuery): Promise<LogEvent[]> {
    return (await this.storedAfter(position, query)).map(toEvent);
  }

  /** The same as they are stored. */
  async storedAfter(
    position: number,
    { scope, limit, afterSequence }: ScopedQuery,
  ): Promise<StoredEvent[]> {
    const [only, ...more] = scope;
    if (!only) return [];
    const query = this.database.kysely.selectFrom('events').selectAll().limit(limit);
    if (only.sessionId !== undefined && more.length === 0) {
      const { ownerId, sessionId } = only;
      // Within a session sequences grow as positions do, and it is sequences that have an index.
      return await query
        .where('owner_id', '=', ownerId)
        .where('session_id', '=', sessionId)
        .where('sequence', '>', afterSequence ?? sequenceAt(sessionId, position))
        .orderBy('sequence')
        .execute();
    }
    return await query
      .where('position', '>', position)
      .$if(!scope.some(({ ownerId }) => ownerId === undefined), (asked) =>
        asked.where((e) =>
          e.or(
            scope.map(({ ownerId, sessionId }) =>
              e.and([
                e('owner_id', '=', ownerId ?? ''),
                ...(sessionId === undefined ? [] : [e('session_id', '=', sessionId)]),
              ]),
            ),
          ),
        ),
      )
      .orderBy('position')
      .execute();
  }

  /** One event; undefined when it is no longer kept. */
  async stored(position: number): Promise<StoredEvent | undefined> {
    return await this.database.kysely
      .selectFrom('events')
      .selectAll()
      .where('position', '=', position)
      .executeTakeFirst();
  }

  /** The newest events about a session itself before a sequence number, oldest first. */
  async timeline(
    { ownerId, sessionId, limit }: { ownerId: string; sessionId: string; limit: number },
    beforeSequence: number,
  ): Promise<LogEvent[]> {
    const rows = await this.database.kysely
      .selectFrom('events')
      .selectAll()
      .where('session_id', '=', sessionId)
      .where('owner_id', '=', ownerId)
      .where('sequence', '<', beforeSequence)
      .where('name', 'in', ABOUT_SESSION)
      .orderBy('sequence', 'desc')
      .limit(limit)
      .execute();
    return rows.reverse().map(toEvent);
  }

  /** Number of the newest event of a session, 0 when there is none; a deleted session's count too. */
  async lastSequence(sessionId: string): Promise<number> {
    const row = await this.database.kysely
      .selectFrom('events')
      .select((e) => e.fn.max('sequence').as('last'))
      .where('session_id', '=', sessionId)
      .executeTakeFirst();
    return row?.last ?? 0;
  }

  /** The position of the newest event, also when it was deleted; 0 when there was none. */
  async head(): Promise<number> {
    const row = await this.database.kysely
      .selectFrom('events')
      .select((e) => e.fn.max('position').as('head'))
      .executeTakeFirst();
    return row?.head ?? (await this.cut());
  }

  /** Up to this position the events were deleted because of their age; 0: none. */
  async cut(): Promise<number> {
    const row = await this.database.kysely
      .selectFrom('settings')
      .select('value')
      .where('key', '=', CUT)
      .executeTakeFirst();
    return Number(row?.value ?? 0);
  }

  /** @throws {ApiError} cursor_expired when events after this position were deleted */
  async requireKept(position: number): Promise<void> {
    const cut = await this.cut();
    if (position >= cut) return;
    throw new ApiError(
      'cursor_expired',
      `Events up to ${cut} are no longer kept, so what came after ${position} cannot be told without a gap`,
    );
  }

  /**
   * Deletes the oldest events before a moment (ms), and remembers how far; what a durable reader has
   * not read yet stays.
   * @returns how many, at most `limit`; 0 when none is left
   */
  async deleteBefore(moment: number, limit: number): Promise<number> {
    const { kysely } = this.database;
    const slowest = await kysely
      .selectFrom('event_consumers')
      .select((e) => e.fn.min('position').as('position'))
      .executeTakeFirst();
    const oldest = await kysely
      .selectFrom('events')
      .select(['position', 'at'])
      .where('position', '<=', slowest?.position ?? Number.MAX_SAFE_INTEGER)
      .orderBy('position')
      .limit(limit)
      .execute();
    // From the old end only: the log has a beginning and no holes.
    const young = oldest.findIndex(({ at }) => at >= moment);
    const old = young === -1 ? oldest : oldest.slice(0, young);
    const last = old.at(-1)?.position;
    if (last === undefined) return 0;
    const value = String(last);
    const remember = kysely
      .insertInto('settings')
      .values({ key: CUT, value })
      .onConflict((c) => c.column('key').doUpdateSet({ value }));
    const remove = kysely.deleteFrom('events').where('position', '<=', last);
    await this.database.write([{ query: remember }, { query: remove }]);
    return old.length;
  }

  /**
   * A position before all events of a moment (ms since the epoch) and later; undefined when some of
   * them may have been deleted. Times grow along the log but for some seconds.
   */
  async before(moment: number): Promise<number | undefined> {
    const cut = await this.cut();
    let [low, high] = [cut, (await this.head()) + 1];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      const row = await this.database.kysely
        .selectFrom('events')
        .select(['position', 'at'])
        .where('position', '>=', middle)
        .orderBy('position')
        .limit(1)
        .executeTakeFirst();
      if (row && row.at < moment && row.position < high) low = Math.max(middle, row.position);
      else high = middle;
    }
    return low === cut && cut > 0 ? undefined : low;
  }
}

/**
 * The id of an event, made of what its row never changes: the position, and the time, so that a log
 * that was set back to a backup does not give an old id to a new event.
 */
export function eventId({ position, at }: StoredEvent): string {
  return `evt_${position.toString(36)}_${at.toString(36)}`;
}

/** The last sequence of a session up to a position. */
function sequenceAt(sessionId: string, position: number) {
  return sql<number>`coalesce((
    select sequence from events where session_id = ${sessionId} and position <= ${position}
    order by sequence desc limit 1
  ), 0)`;
}

function toEvent(row: StoredEvent): LogEvent {
  return { ...envelopeOf(row), data: JSON.parse(row.data) } as LogEvent;
}

/**
 * The event as JSON text; its data is taken as it is stored.
 * @param name another one that it is told under
 * @param raw goes into the data of a message beside the message itself
 */
export function eventJson(row: StoredEvent, name = row.name, raw?: string | null): string {
  const data =
    raw === undefined ? row.data : `${row.data.slice(0, -1)},"raw":${JSON.stringify(raw)}}`;
  return `${JSON.stringify({ ...envelopeOf(row), name }).slice(0, -1)},"data":${data}}`;
}

function envelopeOf(row: StoredEvent) {
  return {
    id: eventId(row),
    position: row.position,
    sessionId: row.session_id,
    sequence: row.sequence,
    at: new Date(row.at).toISOString(),
    name: row.name,
  };
}
