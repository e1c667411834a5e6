import type { Kysely } from 'kysely';
import { prepared, shared } from '../db/prepared.js';
import type { Schema } from '../db/schema.js';
import type { WriteStep } from '../db/write-unit.js';

/**
 * The step that every write on behalf of a session begins with: it takes the next event number, and
 * fails the unit when the session is gone.
 */
export function fence(kysely: Kysely<Schema>, sessionId: string): WriteStep {
  return { query: shared(kysely, advancing)({ id: sessionId }), whenUnchanged: 'fail' };
}

function advancing(kysely: Kysely<Schema>) {
  return prepared<{ id: string }>((value) =>
    kysely
      .updateTable('sessions')
      .set((e) => ({ event_sequence: e('event_sequence', '+', 1) }))
      .where('id', '=', value('id')),
  );
}
