import type { Kysely } from 'kysely';
import { prepared } from '../db/prepared.js';
import type { Schema } from '../db/schema.js';
import type { WriteStep } from '../db/write-unit.js';

type Advance = ReturnType<typeof prepared<{ id: string }>>;

const advances = new WeakMap<Kysely<Schema>, Advance>();

/**
 * The step that every write on behalf of a session begins with: it takes the next event number, and
 * fails the unit when the session is gone.
 */
export function fence(kysely: Kysely<Schema>, sessionId: string): WriteStep {
  let advance = advances.get(kysely);
  if (!advance) {
    advance = prepared((value) =>
      kysely
        .updateTable('sessions')
        .set((e) => ({ event_sequence: e('event_sequence', '+', 1) }))
        .where('id', '=', value('id')),
    );
    advances.set(kysely, advance);
  }
  return { query: advance({ id: sessionId }), whenUnchanged: 'fail' };
}
