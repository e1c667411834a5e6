import type { Generated } from 'kysely';

/** The event log and its readers. */
export interface EventTables {
  /** Owner: event-log. `position` is the cursor of every reader. */
  events: {
    position: Generated<number>;
    owner_id: string;
    session_id: string;
    sequence: number;
    name: string;
    data: string;
    at: number;
  };

  /** Owner: event-log. How far each durable reader of the log has come. */
  event_consumers: { name: string; position: number };
}
