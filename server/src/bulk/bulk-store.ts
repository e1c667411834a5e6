import type { BulkCounts, BulkRowState, BulkState } from '@patchbay/contract';
import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Database } from '../db/database.js';
import type { ListPlace } from '../db/keyset.js';
import { beyond } from '../db/keyset.js';
import type { Schema } from '../db/schema.js';
import type { WriteStep } from '../db/write-unit.js';
import type { Scope } from '../event-log/event-log.js';
import type { PreparedRow } from './given-rows.js';

export type BulkSendRow = Selectable<Schema['bulk_sends']>;
export type BulkRowRow = Selectable<Schema['bulk_rows']>;

/** Rows of one statement. */
const INSERTED = 500;

const NONE: BulkCounts = {
  ...{ pending: 0, queued: 0, sent: 0, delivered: 0, read: 0 },
  ...{ failed: 0, cancelled: 0, invalid: 0, duplicate: 0 },
};

/** What a message of a row can come to, and from which states. A failure may turn out to be none. */
const CLIMB = {
  failed: ['queued'],
  sent: ['queued', 'failed'],
  delivered: ['queued', 'failed', 'sent'],
  read: ['queued', 'failed', 'sent', 'delivered'],
  cancelled: ['queued'],
} as const satisfies Partial<Record<BulkRowState, readonly BulkRowState[]>>;

/** The tables of bulk sends and their rows. */
export class BulkStore {
  constructor(private readonly database: Database) {}

  async byId(id: string): Promise<BulkSendRow | undefined> {
    return await this.database.kysely
      .selectFrom('bulk_sends')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
  }

  /** Of sessions in any of these scopes, newest first, after a place in the list. */
  async list(
    scope: readonly Scope[],
    { sessionId, state }: { sessionId?: string | undefined; state?: BulkState | undefined },
    limit: number,
    after?: ListPlace,
  ): Promise<BulkSendRow[]> {
    if (scope.length === 0) return [];
    return await this.database.kysely
      .selectFrom('bulk_sends')
      .selectAll()
      .$if(!scope.some(({ ownerId }) => ownerId === undefined), (all) =>
        all.where((e) =>
          e.or(
            scope.map(({ ownerId, sessionId: only }) =>
              e.and([
                e('owner_id', '=', ownerId ?? ''),
                ...(only === undefined ? [] : [e('session_id', '=', only)]),
              ]),
            ),
          ),
        ),
      )
      .$if(sessionId !== undefined, (all) => all.where('session_id', '=', sessionId ?? ''))
      .$if(state !== undefined, (all) => all.where('state', '=', state ?? 'done'))
      .where(beyond(after, 'newest-first'))
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
  }

  /** Rows by state, of each of these bulk sends. */
  async counts(ids: readonly string[]): Promise<Map<string, BulkCounts>> {
    const found = new Map(ids.map((id) => [id, { ...NONE }]));
    if (ids.length === 0) return found;
    const rows = await this.database.kysely
      .selectFrom('bulk_rows')
      .select((e) => ['bulk_id', 'state', e.fn.countAll<number>().as('count')])
      .where('bulk_id', 'in', [...ids])
      .groupBy(['bulk_id', 'state'])
      .execute();
    for (const { bulk_id, state, count } of rows) {
      const counts = found.get(bulk_id);
      if (counts) counts[state] = Number(count);
    }
    return found;
  }

  async rows(
    bulkId: string,
    {
      state,
      after = 0,
      limit,
    }: { state?: BulkRowState | undefined; after?: number; limit: number },
  ): Promise<BulkRowRow[]> {
    return await this.database.kysely
      .selectFrom('bulk_rows')
      .selectAll()
      .where('bulk_id', '=', bulkId)
      .$if(state !== undefined, (all) => all.where('state', '=', state ?? 'pending'))
      .where('number', '>', after)
      .orderBy('number')
      .limit(limit)
      .execute();
  }

  /** Steps that make a bulk send with its rows. */
  create(bulk: BulkSendRow, rows: readonly PreparedRow[]): WriteStep[] {
    const { kysely } = this.database;
    const steps: WriteStep[] = [{ query: kysely.insertInto('bulk_sends').values(bulk) }];
    for (let from = 0; from < rows.length; from += INSERTED) {
      const values = rows.slice(from, from + INSERTED).map((row) => ({
        ...row,
        ...{ bulk_id: bulk.id, session_id: bulk.session_id },
        ...{ message_id: null, accepted_at: null, changed_at: null },
      }));
      steps.push({ query: kysely.insertInto('bulk_rows').values(values) });
    }
    return steps;
  }

  /** Step: refused when it is not in one of these states, or is gone. */
  mustBe(id: string, states: readonly BulkState[]): WriteStep {
    const query = this.database.kysely
      .updateTable('bulk_sends')
      .set({ state: sql.ref('state') })
      .where('id', '=', id)
      .where('state', 'in', [...states]);
    return { query, whenUnchanged: 'fail' };
  }

  /** Step: the message of a row was accepted; refused when the row has one already, or was cancelled. */
  rowAccepted({ bulk_id, number }: BulkRowRow, messageId: string, now: number): WriteStep {
    const query = this.database.kysely
      .updateTable('bulk_rows')
      .set({ state: 'queued', message_id: messageId, accepted_at: now, changed_at: now })
      .where('bulk_id', '=', bulk_id)
      .where('number', '=', number)
      .where('state', '=', 'pending');
    return { query, whenUnchanged: 'fail' };
  }

  /** Step: the message of a row was taken back; it waits for its turn again. */
  rowTakenBack({ bulk_id, number, message_id }: BulkRowRow): WriteStep {
    const query = this.database.kysely
      .updateTable('bulk_rows')
      .set({ state: 'pending', message_id: null, accepted_at: null, changed_at: Date.now() })
      .where('bulk_id', '=', bulk_id)
      .where('number', '=', number)
      .where('message_id', '=', message_id);
    return { query };
  }

  /** Step: what was not sent is not sent any more. */
  cancelPending(id: string): WriteStep {
    const query = this.database.kysely
      .updateTable('bulk_rows')
      .set({ state: 'cancelled', changed_at: Date.now() })
      .where('bulk_id', '=', id)
      .where('state', '=', 'pending');
    return { query };
  }

  /** Step: a message came further, as the log tells; told again it changes nothing. */
  reached(
    { session_id, message_id }: { session_id: string; message_id: string },
    state: keyof typeof CLIMB,
    error: string | null,
    at: number,
  ): WriteStep {
    const query = this.database.kysely
      .updateTable('bulk_rows')
      .set({ state, error, changed_at: at })
      .where('session_id', '=', session_id)
      .where('message_id', '=', message_id)
      .where('state', 'in', [...CLIMB[state]]);
    return { query };
  }

  /** Which of these messages are rows of a bulk send. */
  async among(
    sessionId: string,
    messageIds: readonly string[],
  ): Promise<{ message_id: string; bulk_id: string }[]> {
    if (messageIds.length === 0) return [];
    const rows = await this.database.kysely
      .selectFrom('bulk_rows')
      .select(['message_id', 'bulk_id'])
      .where('session_id', '=', sessionId)
      .where('message_id', 'in', [...messageIds])
      .execute();
    return rows.flatMap(({ message_id, bulk_id }) =>
      message_id === null ? [] : [{ message_id, bulk_id }],
    );
  }

  /** Rows whose message is in the outbox and was not handed over. */
  async waitingInOutbox(id: string): Promise<BulkRowRow[]> {
    return await this.database.kysely
      .selectFrom('bulk_rows as r')
      .innerJoin('outbox as o', (join) =>
        join.onRef('o.session_id', '=', 'r.session_id').onRef('o.message_id', '=', 'r.message_id'),
      )
      .selectAll('r')
      .where('r.bulk_id', '=', id)
      .where('r.state', '=', 'queued')
      .where('o.state', '=', 'queued')
      .execute();
  }

  /**
   * Steps for rows of which the log tells nothing any more: their chat was deleted before WhatsApp
   * acknowledged them.
   */
  async untold(id: string): Promise<WriteStep[]> {
    const { kysely } = this.database;
    const lost = await kysely
      .selectFrom('bulk_rows as r')
      .select(['r.session_id', 'r.message_id'])
      .where('r.bulk_id', '=', id)
      .where('r.state', '=', 'queued')
      .where((e) =>
        e.not(
          e.exists(
            e
              .selectFrom('messages as m')
              .select('m.id')
              .whereRef('m.session_id', '=', 'r.session_id')
              .whereRef('m.id', '=', 'r.message_id'),
          ),
        ),
      )
      .execute();
    return lost.map(({ session_id, message_id }) =>
      this.reached(
        { session_id, message_id: message_id ?? '' },
        'failed',
        'The message was deleted before WhatsApp acknowledged it',
        Date.now(),
      ),
    );
  }

  /** Whether a bulk send may still change by what the log tells: it is not over, or not for long. */
  async anyLive(overSince: number): Promise<boolean> {
    const row = await this.database.kysely
      .selectFrom('bulk_sends')
      .select('id')
      .where((e) => e.or([e('finished_at', 'is', null), e('finished_at', '>', overSince)]))
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }

  /** Steps that forget a bulk send; its messages stay. */
  delete(id: string): WriteStep[] {
    const { kysely } = this.database;
    return [
      { query: kysely.deleteFrom('bulk_rows').where('bulk_id', '=', id) },
      { query: kysely.deleteFrom('bulk_sends').where('id', '=', id) },
    ];
  }

  /**
   * Deletes rows of bulk sends that were over before a moment (ms), and those that have none left;
   * see `retention/`.
   */
  async deleteBefore(moment: number, limit: number): Promise<number> {
    const { kysely } = this.database;
    const [old] = await kysely
      .selectFrom('bulk_sends')
      .select('id')
      .where('finished_at', '<', moment)
      .orderBy('finished_at')
      .limit(1)
      .execute();
    if (!old) return 0;
    const first = kysely
      .selectFrom('bulk_rows')
      .select('number')
      .where('bulk_id', '=', old.id)
      .orderBy('number')
      .limit(limit);
    const rows = kysely
      .deleteFrom('bulk_rows')
      .where('bulk_id', '=', old.id)
      .where('number', 'in', first);
    const empty = kysely
      .deleteFrom('bulk_sends')
      .where('id', '=', old.id)
      .where((e) =>
        e.not(
          e.exists(
            e.selectFrom('bulk_rows').select('number').where('bulk_id', '=', old.id).limit(1),
          ),
        ),
      );
    const { changes } = await this.database.write([{ query: rows }, { query: empty }]);
    return changes.reduce((sum, count) => sum + count, 0);
  }

  /** Steps that forget all bulk sends of a deleted session. */
  forget(sessionId: string): WriteStep[] {
    const { kysely } = this.database;
    const ids = kysely.selectFrom('bulk_sends').select('id').where('session_id', '=', sessionId);
    return [
      { query: kysely.deleteFrom('bulk_rows').where('bulk_id', 'in', ids) },
      { query: kysely.deleteFrom('bulk_sends').where('session_id', '=', sessionId) },
    ];
  }
}
