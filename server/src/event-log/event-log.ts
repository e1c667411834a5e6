import type { EventData, EventName, LogEvent } from '@patchbay/contract';
import type { Database } from '../db/database.js';
import type { WriteStep } from '../db/write-unit.js';
import type { Wakeup } from './wakeup.js';

export interface EventSource {
  id: string;
  ownerId: string;
}

export interface EventQuery {
  ownerId: string;
  sessionId?: string | undefined;
  limit: number;
}

/** The append-only record of everything a session did or saw; readers keep a position as cursor. */
export class EventLog {
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
    const { kysely } = this.database;
    return {
      query: kysely
        .insertInto('events')
        .columns(['owner_id', 'session_id', 'sequence', 'name', 'data', 'at'])
        .expression((build) =>
          build
            .selectFrom('sessions')
            .select((e) => [
              e.val(source.ownerId).as('owner_id'),
              'sessions.id as session_id',
              'sessions.event_sequence as sequence',
              e.val(name).as('name'),
              e.val(JSON.stringify(data)).as('data'),
              e.cast<number>(e.val(at), 'bigint').as('at'),
            ])
            .where('sessions.id', '=', source.id),
        ),
    };
  }

  /** Events after a position, oldest first. */
  async after(position: number, { ownerId, sessionId, limit }: EventQuery): Promise<LogEvent[]> {
    let query = this.database.kysely
      .selectFrom('events')
      .selectAll()
      .where('position', '>', position)
      .where('owner_id', '=', ownerId)
      .orderBy('position')
      .limit(limit);
    if (sessionId) query = query.where('session_id', '=', sessionId);
    return (await query.execute()).map(toEvent);
  }

  /** The newest events of a session before a sequence number, oldest first, without messages. */
  async timeline(
    { ownerId, sessionId, limit }: EventQuery & { sessionId: string },
    beforeSequence: number,
  ): Promise<LogEvent[]> {
    const rows = await this.database.kysely
      .selectFrom('events')
      .selectAll()
      .where('session_id', '=', sessionId)
      .where('owner_id', '=', ownerId)
      .where('sequence', '<', beforeSequence)
      .where('name', 'not in', ['session.message', 'message.status'])
      .orderBy('sequence', 'desc')
      .limit(limit)
      .execute();
    return rows.reverse().map(toEvent);
  }

  /** The position of the newest event, 0 when there is none. */
  async head(): Promise<number> {
    const row = await this.database.kysely
      .selectFrom('events')
      .select((e) => e.fn.max('position').as('head'))
      .executeTakeFirst();
    return row?.head ?? 0;
  }
}

function toEvent(row: {
  position: number;
  session_id: string;
  sequence: number;
  at: number;
  name: string;
  data: string;
}): LogEvent {
  return {
    position: row.position,
    sessionId: row.session_id,
    sequence: row.sequence,
    at: new Date(row.at).toISOString(),
    name: row.name,
    data: JSON.parse(row.data),
  } as LogEvent;
}
