import type { GroupRole } from '@patchbay/contract';
import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Database } from '../db/database.js';
import type { Schema } from '../db/schema.js';
import type { WriteStep } from '../db/write-unit.js';
import type { EngineGroup, EngineParticipant } from '../engines/engine-events.js';

export type GroupRow = Selectable<Schema['groups']>;
export type MemberRow = Pick<Selectable<Schema['group_members']>, 'jid' | 'alt_jid' | 'role'>;

/** Rows of one insert: well below the parameters that a statement may have. */
const ROWS_AT_ONCE = 200;

/** Groups and their members, as rows and as steps that change them. */
export class GroupStore {
  constructor(private readonly database: Database) {}

  async row(sessionId: string, jid: string): Promise<GroupRow | undefined> {
    return await this.database.kysely
      .selectFrom('groups')
      .selectAll()
      .where('session_id', '=', sessionId)
      .where('jid', '=', jid)
      .executeTakeFirst();
  }

  async members(sessionId: string, jid: string): Promise<MemberRow[]> {
    return await this.database.kysely
      .selectFrom('group_members')
      .select(['jid', 'alt_jid', 'role'])
      .where('session_id', '=', sessionId)
      .where('group_jid', '=', jid)
      .orderBy('jid')
      .execute();
  }

  /** Jids of the groups that the account is in. */
  async present(sessionId: string): Promise<string[]> {
    const rows = await this.database.kysely
      .selectFrom('groups')
      .select('jid')
      .where('session_id', '=', sessionId)
      .where('member', '=', 1)
      .execute();
    return rows.map(({ jid }) => jid);
  }

  /** A group that the account is in, as its engine needs it. */
  async asEngineGroup(sessionId: string, jid: string): Promise<EngineGroup | undefined> {
    const row = await this.row(sessionId, jid);
    if (row?.member !== 1) return undefined;
    const members = await this.members(sessionId, jid);
    return {
      jid,
      subject: row.subject,
      ...(row.description && { description: row.description }),
      ...(row.owner_jid && { ownerJid: row.owner_jid }),
      ...(row.created_at && { createdAt: row.created_at }),
      announce: row.announce === 1,
      locked: row.locked === 1,
      joinApproval: row.join_approval === 1,
      ephemeralSeconds: row.ephemeral_seconds,
      addressing: row.addressing,
      participants: members.map(({ jid: member, alt_jid, role }) => ({
        jid: member,
        ...(alt_jid && { altJid: alt_jid }),
        role,
      })),
    };
  }

  put(row: GroupRow): WriteStep {
    const { session_id: _, jid: __, ...columns } = row;
    return {
      query: this.database.kysely
        .insertInto('groups')
        .values(row)
        .onConflict((c) => c.columns(['session_id', 'jid']).doUpdateSet(columns)),
    };
  }

  putMembers(sessionId: string, groupJid: string, members: EngineParticipant[]): WriteStep[] {
    const steps: WriteStep[] = [];
    for (let start = 0; start < members.length; start += ROWS_AT_ONCE) {
      const rows = members.slice(start, start + ROWS_AT_ONCE).map(({ jid, altJid, role }) => ({
        session_id: sessionId,
        group_jid: groupJid,
        jid,
        alt_jid: altJid ?? null,
        role,
      }));
      steps.push({
        query: this.database.kysely
          .insertInto('group_members')
          .values(rows)
          .onConflict((c) =>
            c.columns(['session_id', 'group_jid', 'jid']).doUpdateSet({
              role: sql<GroupRole>`excluded.role`,
              alt_jid: sql<string>`coalesce(excluded.alt_jid, group_members.alt_jid)`,
            }),
          ),
      });
    }
    return steps;
  }

  /** @param jids absent: everybody */
  dropMembers(sessionId: string, groupJid: string, jids?: string[]): WriteStep[] {
    const query = this.database.kysely
      .deleteFrom('group_members')
      .where('session_id', '=', sessionId)
      .where('group_jid', '=', groupJid);
    if (!jids) return [{ query }];
    const steps: WriteStep[] = [];
    for (let start = 0; start < jids.length; start += ROWS_AT_ONCE) {
      steps.push({ query: query.where('jid', 'in', jids.slice(start, start + ROWS_AT_ONCE)) });
    }
    return steps;
  }

  /** Steps that forget a deleted session's groups. */
  forget(sessionId: string): WriteStep[] {
    const { kysely } = this.database;
    return [
      { query: kysely.deleteFrom('group_members').where('session_id', '=', sessionId) },
      { query: kysely.deleteFrom('groups').where('session_id', '=', sessionId) },
    ];
  }
}
