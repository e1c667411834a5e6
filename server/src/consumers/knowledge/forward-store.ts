import { createHash } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Database } from '../../db/database.js';
import type { Schema } from '../../db/schema.js';
import type { WriteStep } from '../../db/write-unit.js';
import type { EventLog } from '../../event-log/event-log.js';

export type ForwardRow = Selectable<Schema['knowledge_forwards']>;

/** An approval, as far as forwarding is concerned. */
export interface Approval {
  ownerId: string;
  /** The account in whose log it is. */
  sessionId: string;
  groupId: string;
  messageId: string;
  position: number;
}

/** What was or is to be forwarded: one fact for each message and target, for ever. */
export class ForwardStore {
  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
  ) {}

  /** The same for the same message and target, however often it is approved. */
  idOf(
    { ownerId, groupId, messageId }: Pick<Approval, 'ownerId' | 'groupId' | 'messageId'>,
    targetJid: string,
  ): string {
    const name = JSON.stringify([ownerId, groupId, messageId, targetJid]);
    return `fwd_${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
  }

  /** Step: it is to be forwarded; nothing when it was before. */
  note(
    approval: Approval,
    route: { id: string; session_id: string },
    targetJid: string,
    now: number,
  ): WriteStep {
    const values = {
      id: this.idOf(approval, targetJid),
      owner_id: approval.ownerId,
      group_jid: approval.groupId,
      message_id: approval.messageId,
      target_jid: targetJid,
      route_id: route.id,
      session_id: route.session_id,
      source_session_id: approval.sessionId,
      event_position: approval.position,
      state: 'pending' as const,
      sent_message_id: null,
      error: null,
      created_at: now,
    };
    const insert = this.database.kysely.insertInto('knowledge_forwards').values(values);
    return { query: insert.onConflict((c) => c.doNothing()) };
  }

  async find(id: string): Promise<ForwardRow | undefined> {
    return await this.database.kysely
      .selectFrom('knowledge_forwards')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
  }

  /** Step of the unit that accepts the message; undoes it when that was done before. */
  accepted(id: string, messageId: string): WriteStep {
    return {
      ...this.end(id, { state: 'accepted', sent_message_id: messageId, error: null }),
      whenUnchanged: 'fail',
    };
  }

  /** Step: it cannot be forwarded. */
  failed(id: string, error: string): WriteStep {
    return this.end(id, { state: 'failed', error });
  }

  /** Step: an attempt failed, and there will be another. */
  trouble(id: string, error: string): WriteStep {
    return this.end(id, { error });
  }

  /** Deletes the oldest of which no approval can be replayed any more; see `retention/`. */
  async deleteBefore(moment: number, limit: number): Promise<number> {
    const { kysely } = this.database;
    const old = kysely
      .selectFrom('knowledge_forwards')
      .select('number')
      .where('created_at', '<', moment)
      .where('event_position', '<=', await this.log.cut())
      .orderBy('number')
      .limit(limit);
    const query = kysely.deleteFrom('knowledge_forwards').where('number', 'in', old);
    const { changes } = await this.database.write([{ query }]);
    return changes[0] ?? 0;
  }

  private end(id: string, set: Partial<ForwardRow>): WriteStep {
    const query = this.database.kysely
      .updateTable('knowledge_forwards')
      .set(set)
      .where('id', '=', id)
      .where('state', '!=', 'accepted');
    return { query };
  }
}
