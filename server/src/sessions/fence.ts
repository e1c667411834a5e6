import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.js';
import type { WriteStep } from '../db/write-unit.js';

/**
 * The step that every write on behalf of a session begins with: it takes the next event number, and
 * fails the unit when the session is gone or, with an epoch given, when a newer owner has it.
 */
export function fence(kysely: Kysely<Schema>, sessionId: string, epoch?: number): WriteStep {
  let query = kysely
    .updateTable('sessions')
    .set((e) => ({ event_sequence: e('event_sequence', '+', 1) }))
    .where('id', '=', sessionId);
  if (epoch !== undefined) query = query.where('epoch', '=', epoch);
  return { query, whenUnchanged: 'fail' };
}
