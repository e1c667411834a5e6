import type { Kysely } from 'kysely';
import { stillThere } from '../cluster/still-there.js';
import { prepared, shared } from '../db/prepared.js';
import type { Schema } from '../db/schema.js';
import type { WriteStep } from '../db/write-unit.js';

/** On whose behalf is written. */
export interface Fenced {
  id: string;
  /**
   * The worker that owns the session and writes as its owner. Absent: the only process there is, or
   * a request, which any process answers.
   */
  worker?: string | undefined;
}

/**
 * The step that every write about a session begins with: it takes the next event number. It fails
 * the unit when the session is gone, or its owner is no longer that: another has it, or its time is
 * over by the database's clock.
 */
export function fence(kysely: Kysely<Schema>, { id, worker }: Fenced): WriteStep {
  const { advance, advanceOwned } = shared(kysely, statements);
  const query = worker === undefined ? advance({ id }) : advanceOwned({ id, worker });
  return { query, whenUnchanged: 'fail' };
}

/** The same for units of an owner that tell of nothing. None where there is only one process. */
export function owned(kysely: Kysely<Schema>, { id, worker }: Fenced): WriteStep[] {
  if (worker === undefined) return [];
  return [{ query: shared(kysely, statements).lock({ id, worker }), whenUnchanged: 'fail' }];
}

function statements(kysely: Kysely<Schema>) {
  return {
    advance: prepared<{ id: string }>((value) =>
      kysely
        .updateTable('sessions')
        .set((e) => ({ event_sequence: e('event_sequence', '+', 1) }))
        .where('id', '=', value('id')),
    ),
    advanceOwned: prepared<{ id: string; worker: string }>((value) =>
      kysely
        .updateTable('sessions')
        .set((e) => ({ event_sequence: e('event_sequence', '+', 1) }))
        .where('id', '=', value('id'))
        .where('worker_id', '=', value('worker'))
        .where(stillThere(value('worker'))),
    ),
    lock: prepared<{ id: string; worker: string }>((value) =>
      kysely
        .selectFrom('sessions')
        .select('id')
        .where('id', '=', value('id'))
        .where('worker_id', '=', value('worker'))
        .where(stillThere(value('worker')))
        .forNoKeyUpdate(),
    ),
  };
}
