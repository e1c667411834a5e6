import type { AccountGroupPage } from '@patchbay/contract';
import { sql } from 'kysely';
import type { Database } from '../../db/database.js';
import type { Scope } from '../../event-log/event-log.js';
import { inScope } from '../../event-log/in-scope.js';
import { toGroup } from '../../groups/group-pages.js';
import { decodeCursor, encodeCursor } from '../../http/cursor.js';

interface Asked {
  scope: readonly Scope[];
  sessionId?: string | undefined;
  limit: number;
  after?: string | undefined;
}

/** The groups of all accounts that somebody may see. */
export class AccountGroups {
  constructor(private readonly database: Database) {}

  /** By account and id: those that the account is in. */
  async list({ scope, sessionId, limit, after }: Asked): Promise<AccountGroupPage> {
    let query = this.database.kysely
      .selectFrom('groups as g')
      .innerJoin('sessions as s', 's.id', 'g.session_id')
      .leftJoin('chats as c', (join) =>
        join.onRef('c.session_id', '=', 'g.session_id').onRef('c.id', '=', 'g.jid'),
      )
      .selectAll('g')
      .select(['c.picture', 's.label', 's.display_name'])
      .select(
        sql<number>`(select count(*) from group_members m
          where m.session_id = g.session_id and m.group_jid = g.jid)`.as('size'),
      )
      .where('g.member', '=', 1)
      .where(inScope(scope, 's.owner_id', 's.id'))
      .orderBy('g.session_id')
      .orderBy('g.jid')
      .limit(limit + 1);
    if (sessionId !== undefined) query = query.where('g.session_id', '=', sessionId);
    if (after !== undefined) {
      const [session, jid] = decodeCursor(after, ['string', 'string']);
      query = query.where((e) =>
        e.or([
          e('g.session_id', '>', session),
          e.and([e('g.session_id', '=', session), e('g.jid', '>', jid)]),
        ]),
      );
    }
    const rows = await query.execute();
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      groups: page.map((row) => ({
        ...toGroup({ ...row, size: Number(row.size), own_role: null }),
        sessionId: row.session_id,
        accountName: row.label ?? row.display_name,
      })),
      after: rows.length > limit && last ? encodeCursor(last.session_id, last.jid) : null,
    };
  }
}
