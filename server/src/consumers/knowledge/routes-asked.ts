import type { CreateRoute, Route, RouteTest } from '@patchbay/contract';
import type { Database } from '../../db/database.js';
import type { WriteStep } from '../../db/write-unit.js';
import type { Scope } from '../../event-log/event-log.js';
import { inScope } from '../../event-log/in-scope.js';
import { ApiError } from '../../http/api-error.js';
import type { Outbox } from '../../outbox/outbox.js';
import type { RouteRow, RouteStore } from './route-store.js';
import { targetsOf } from './route-store.js';

/** An account that may forward, and the groups that it is in. */
interface Account {
  id: string;
  ownerId: string;
  jid: string | null;
  linked: boolean;
}

/** What people ask of routes, checked against what the accounts are in. */
export class RoutesAsked {
  constructor(
    private readonly database: Database,
    private readonly routes: RouteStore,
    private readonly outbox: Outbox,
  ) {}

  /**
   * A new route through the account that is named, or one that is in all groups.
   * @param scope the accounts that the caller may change
   * @param also steps that belong to it
   * @throws ApiError `session_not_found`, `group_not_found`, `route_loop`, `route_exists`, `too_many`
   */
  async create(
    scope: readonly Scope[],
    body: CreateRoute,
    also: (id: string) => WriteStep[],
  ): Promise<Route> {
    const account = await this.accountFor(scope, body);
    const row = await this.routes.create(account, body, also);
    return (await this.views([row]))[0] as Route;
  }

  /**
   * Sends a short message to each target through the account that forwards.
   * @param note the step that notes it in the audit log
   */
  async test(row: RouteRow, note: WriteStep): Promise<RouteTest> {
    const account = await this.account(row.session_id);
    const [view] = await this.views([row]);
    const source = view?.source.subject ?? row.source_jid;
    const text = `Test of the route from ${source}`;
    const results: RouteTest['results'] = [];
    let isNoted = false;
    for (const { id, isMember } of view?.targets ?? []) {
      const error = !account?.linked
        ? 'No number is linked to the account'
        : isMember
          ? null
          : 'The account is not in this group';
      const sent =
        error === null && account
          ? await this.outbox.accept(
              account,
              id,
              { type: 'text', text },
              { also: () => (isNoted ? [] : [note]) },
            )
          : undefined;
      isNoted ||= sent !== undefined;
      const messageId = sent?.messageId ?? null;
      results.push({ targetGroupId: id, accepted: messageId !== null, messageId, error });
    }
    if (!isNoted) await this.database.write([note]);
    return { results };
  }

  /** Routes with the names of their groups. */
  async views(rows: readonly RouteRow[]): Promise<Route[]> {
    const jids = [...new Set(rows.flatMap((row) => [row.source_jid, ...targetsOf(row)]))];
    const known =
      jids.length === 0
        ? []
        : await this.database.kysely
            .selectFrom('groups as g')
            .innerJoin('sessions as s', 's.id', 'g.session_id')
            .select(['g.session_id', 'g.jid', 'g.subject', 'g.member', 's.owner_id'])
            .where('g.jid', 'in', jids)
            .orderBy('g.session_id')
            .execute();
    return rows.map((row) => {
      const named = (jid: string) => {
        const own = known.find((one) => one.session_id === row.session_id && one.jid === jid);
        const any = known.find((one) => one.owner_id === row.owner_id && one.jid === jid);
        return { id: jid, subject: (own ?? any)?.subject ?? null, isMember: own?.member === 1 };
      };
      const { isMember: _, ...source } = named(row.source_jid);
      const targets = targetsOf(row);
      return {
        id: row.id,
        sourceGroupId: row.source_jid,
        targetGroupIds: targets,
        sessionId: row.session_id,
        source,
        targets: targets.map(named),
        createdAt: new Date(row.created_at).toISOString(),
      };
    });
  }

  private async accountFor(
    scope: readonly Scope[],
    { sourceGroupId, targetGroupIds, sessionId }: CreateRoute,
  ): Promise<Account> {
    const wanted = [...new Set(targetGroupIds)];
    const rows = await this.database.kysely
      .selectFrom('groups as g')
      .innerJoin('sessions as s', 's.id', 'g.session_id')
      .select(['s.id', 's.owner_id', 's.jid', 's.linked', 'g.jid as group_jid'])
      .where('g.member', '=', 1)
      .where('g.jid', 'in', [sourceGroupId, ...wanted])
      .where(inScope(scope, 's.owner_id', 's.id'))
      .orderBy('s.created_at')
      .execute();
    const groupsOf = (id: string) =>
      rows.filter((row) => row.id === id).map((row) => row.group_jid);
    const source = rows.filter((row) => row.group_jid === sourceGroupId);
    const candidates = sessionId === undefined ? source : rows.filter(({ id }) => id === sessionId);
    const fitting = candidates.find((row) => {
      const groups = groupsOf(row.id);
      const hears = source.some((one) => one.owner_id === row.owner_id);
      return hears && wanted.every((jid) => groups.includes(jid));
    });
    if (fitting) {
      const { id, owner_id: ownerId, jid, linked } = fitting;
      return { id, ownerId, jid, linked: linked === 1 };
    }
    throw new ApiError('group_not_found', this.missing(source, groupsOf, sessionId, wanted));
  }

  private missing(
    source: { id: string }[],
    groupsOf: (id: string) => string[],
    sessionId: string | undefined,
    wanted: string[],
  ): string {
    if (source.length === 0) return 'sourceGroupId: no account of yours is in this group';
    if (sessionId === undefined) {
      return 'targetGroupIds: none of your accounts is in the source and in all targets; name the one that forwards in sessionId';
    }
    const absent = wanted.find((jid) => !groupsOf(sessionId).includes(jid));
    return absent
      ? `targetGroupIds: the account ${sessionId} is not in ${absent}`
      : 'sourceGroupId: no account of the same user is in this group';
  }

  private async account(id: string): Promise<Account | undefined> {
    const row = await this.database.kysely
      .selectFrom('sessions')
      .select(['id', 'owner_id', 'jid', 'linked'])
      .where('id', '=', id)
      .executeTakeFirst();
    return row && { id, ownerId: row.owner_id, jid: row.jid, linked: row.linked === 1 };
  }
}
