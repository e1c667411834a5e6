import type { Group, GroupPage, GroupRole, ParticipantPage } from '@patchbay/contract';
import { pictureUrl } from '../chats/chat-view.js';
import type { Database } from '../db/database.js';
import { ApiError } from '../http/api-error.js';
import { decodeCursor, encodeCursor } from '../http/cursor.js';
import { phoneOf } from '../whatsapp/jid.js';
import type { GroupRow } from './group-store.js';

interface Page {
  limit: number;
  after?: string | undefined;
}

/** Groups as they are read. */
export class GroupPages {
  constructor(private readonly database: Database) {}

  /** The groups that the account is in, by id. */
  async list(sessionId: string, { limit, after }: Page): Promise<GroupPage> {
    let query = this.rows(sessionId)
      .where('g.member', '=', 1)
      .orderBy('g.jid')
      .limit(limit + 1);
    if (after) query = query.where('g.jid', '>', decodeCursor(after, ['string'])[0]);
    const rows = await query.execute();
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      groups: page.map(toGroup),
      after: rows.length > limit && last ? encodeCursor(last.jid) : null,
    };
  }

  /** Also of a group that the account has left; throws `group_not_found`. */
  async get(sessionId: string, jid: string): Promise<Group> {
    const row = await this.rows(sessionId).where('g.jid', '=', jid).executeTakeFirst();
    if (!row) throw new ApiError('group_not_found', `This session knows no group ${jid}`);
    return toGroup(row);
  }

  async participants(
    sessionId: string,
    jid: string,
    { limit, after }: Page,
  ): Promise<ParticipantPage> {
    let query = this.database.kysely
      .selectFrom('group_members as m')
      .leftJoin('contacts as k', (join) =>
        join.onRef('k.session_id', '=', 'm.session_id').onRef('k.jid', '=', 'm.jid'),
      )
      .leftJoin('contacts as o', (join) =>
        join.onRef('o.session_id', '=', 'm.session_id').onRef('o.jid', '=', 'm.alt_jid'),
      )
      .select(['m.jid', 'm.alt_jid', 'm.role'])
      .select((e) =>
        e.fn.coalesce('k.name', 'o.name', 'k.push_name', 'o.push_name').as('shown_name'),
      )
      .where('m.session_id', '=', sessionId)
      .where('m.group_jid', '=', jid)
      .orderBy('m.jid')
      .limit(limit + 1);
    if (after) query = query.where('m.jid', '>', decodeCursor(after, ['string'])[0]);
    const rows = await query.execute();
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      participants: page.map(({ jid: member, alt_jid, role, shown_name }) => ({
        jid: member,
        phone: phoneAmong(member, alt_jid),
        name: shown_name,
        role,
      })),
      after: rows.length > limit && last ? encodeCursor(last.jid) : null,
    };
  }

  /** What the address book calls people, or they themselves do, by jid. */
  async names(sessionId: string, jids: string[]): Promise<Map<string, string>> {
    if (jids.length === 0) return new Map();
    const rows = await this.database.kysely
      .selectFrom('contacts')
      .select(['jid', 'name', 'push_name'])
      .where('session_id', '=', sessionId)
      .where('jid', 'in', jids)
      .execute();
    return new Map(rows.map(({ jid, name, push_name }) => [jid, name ?? push_name ?? '']));
  }

  /** The names under which the account itself may be in a group. */
  async ownJids(sessionId: string): Promise<string[]> {
    const row = await this.database.kysely
      .selectFrom('sessions')
      .select(['jid', 'lid'])
      .where('id', '=', sessionId)
      .executeTakeFirst();
    return [row?.jid, row?.lid].filter((jid) => typeof jid === 'string');
  }

  private rows(sessionId: string) {
    return this.database.kysely
      .selectFrom('groups as g')
      .leftJoin('sessions as s', 's.id', 'g.session_id')
      .leftJoin('chats as c', (join) =>
        join.onRef('c.session_id', '=', 'g.session_id').onRef('c.id', '=', 'g.jid'),
      )
      .selectAll('g')
      .select('c.picture')
      .select((e) => [
        e
          .selectFrom('group_members as m')
          .select((count) => count.fn.countAll<number>().as('n'))
          .whereRef('m.session_id', '=', 'g.session_id')
          .whereRef('m.group_jid', '=', 'g.jid')
          .as('size'),
        e
          .selectFrom('group_members as me')
          .select('me.role')
          .whereRef('me.session_id', '=', 'g.session_id')
          .whereRef('me.group_jid', '=', 'g.jid')
          .where((or) =>
            or.or([
              or('me.jid', '=', or.ref('s.jid')),
              or('me.jid', '=', or.ref('s.lid')),
              or('me.alt_jid', '=', or.ref('s.jid')),
            ]),
          )
          .limit(1)
          .as('own_role'),
      ])
      .where('g.session_id', '=', sessionId);
  }
}

export function phoneAmong(...jids: (string | null | undefined)[]): string | null {
  for (const jid of jids) {
    const phone = jid ? phoneOf(jid) : undefined;
    if (phone) return phone;
  }
  return null;
}

export function toGroup(
  row: GroupRow & { picture: string | null; size: number | null; own_role: GroupRole | null },
): Group {
  return {
    id: row.jid,
    subject: row.subject,
    description: row.description || null,
    ownerJid: row.owner_jid,
    createdAt: row.created_at === null ? null : new Date(row.created_at).toISOString(),
    announce: row.announce === 1,
    locked: row.locked === 1,
    joinApproval: row.join_approval === 1,
    ephemeralSeconds: row.ephemeral_seconds,
    size: row.size ?? 0,
    isMember: row.member === 1,
    ownRole: row.own_role,
    profilePicUrl: pictureUrl(row.session_id, { id: row.jid, picture: row.picture }),
  };
}
