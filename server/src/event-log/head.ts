import { sql } from 'kysely';

/**
 * The position of the newest event, as part of a statement: what is set in a unit holds for the events
 * after it, and replaying the log finds it so.
 */
export const HEAD = sql<number>`(select coalesce(max(position), 0) from events)`;
