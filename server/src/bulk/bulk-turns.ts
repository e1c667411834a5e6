import type { BulkPause, BulkState, EventData } from '@patchbay/contract';
import type { Database } from '../db/database.js';
import type { WriteStep } from '../db/write-unit.js';
import type { EventLog } from '../event-log/event-log.js';
import type { BulkSendRow } from './bulk-store.js';

/** What changes with the state. */
export interface BulkChange {
  started_at?: number | null;
  finished_at?: number;
  paused_because?: BulkPause;
  jid?: string | null;
}

/** How a bulk send comes from one state into another, and the event that tells of it. */
export class BulkTurns {
  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
    /** The step before an event of a session. */
    private readonly nextEvent: (sessionId: string) => WriteStep,
  ) {}

  /** Steps from one of these states into another; refused when it is in none of them. */
  become(
    bulk: BulkSendRow,
    from: readonly BulkState[],
    state: BulkState,
    more: BulkChange = {},
  ): WriteStep[] {
    const query = this.database.kysely
      .updateTable('bulk_sends')
      .set({ state, paused_because: null, ...more })
      .where('id', '=', bulk.id)
      .where('state', 'in', [...from]);
    const [next, event] = this.told({
      ...bulk,
      state,
      paused_because: more.paused_because ?? null,
    });
    return [next, { query, whenUnchanged: 'fail' }, event];
  }

  /** Steps that tell of the state that a bulk send is in. */
  told(bulk: BulkSendRow): [WriteStep, WriteStep] {
    const { id, name, state, session_id, owner_id, paused_because } = bulk;
    const data: EventData<'bulk.state'> = {
      bulkId: id,
      name,
      state,
      pausedBecause: paused_because,
    };
    const source = { id: session_id, ownerId: owner_id };
    return [this.nextEvent(session_id), this.log.append(source, 'bulk.state', data, Date.now())];
  }
}
