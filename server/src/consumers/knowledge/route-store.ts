import { randomUUID } from 'node:crypto';
import type { CreateRoute } from '@patchbay/contract';
import type { Selectable } from 'kysely';
import type { Database } from '../../db/database.js';
import type { Schema } from '../../db/schema.js';
import type { WriteStep } from '../../db/write-unit.js';
import { WriteStale } from '../../db/write-unit.js';
import type { Scope } from '../../event-log/event-log.js';
import { HEAD } from '../../event-log/head.js';
import { inScope } from '../../event-log/in-scope.js';
import { ApiError } from '../../http/api-error.js';
import type { Edge } from './route-graph.js';
import { loopWith } from './route-graph.js';

export type RouteRow = Selectable<Schema['knowledge_routes']>;

/** Grows with every change of the routes: who changes them has seen the newest. */
const REVISION = 'knowledge_routes_revision';
const ATTEMPTS = 10;
const MAX_ROUTES = 500;

/** From which group approved messages go to which others. */
export class RouteStore {
  constructor(private readonly database: Database) {}

  /** Routes of some groups, also deleted ones: `holds` says for which events. */
  async from(sources: readonly string[]): Promise<RouteRow[]> {
    if (sources.length === 0) return [];
    return await this.database.kysely
      .selectFrom('knowledge_routes')
      .selectAll()
      .where('source_jid', 'in', [...sources])
      .orderBy('number')
      .execute();
  }

  /** Oldest first, after a number. */
  async list(scope: readonly Scope[], limit: number, after: number): Promise<RouteRow[]> {
    return await this.database.kysely
      .selectFrom('knowledge_routes')
      .selectAll()
      .where('until_position', 'is', null)
      .where('number', '>', after)
      .where(inScope(scope, 'owner_id', 'session_id'))
      .orderBy('number')
      .limit(limit)
      .execute();
  }

  /** @throws ApiError `route_not_found` */
  async find(scope: readonly Scope[], id: string): Promise<RouteRow> {
    const row = await this.database.kysely
      .selectFrom('knowledge_routes')
      .selectAll()
      .where('id', '=', id)
      .where('until_position', 'is', null)
      .where(inScope(scope, 'owner_id', 'session_id'))
      .executeTakeFirst();
    if (!row) throw new ApiError('route_not_found', `There is no route "${id}"`);
    return row;
  }

  /**
   * A new route, for what is approved from now on.
   * @param also steps that belong to it
   * @throws ApiError `route_loop`, `route_exists`, `too_many`
   */
  async create(
    account: { id: string; ownerId: string },
    { sourceGroupId, targetGroupIds }: CreateRoute,
    also: (id: string) => WriteStep[],
  ): Promise<RouteRow> {
    const id = `route_${randomUUID()}`;
    const targets = [...new Set(targetGroupIds)];
    const values = {
      id,
      owner_id: account.ownerId,
      session_id: account.id,
      source_jid: sourceGroupId,
      targets: JSON.stringify(targets),
      created_at: Date.now(),
      since_position: HEAD,
      until_position: null,
    };
    for (let attempt = 1; ; attempt += 1) {
      const revision = await this.revision();
      await this.check(account.ownerId, sourceGroupId, targets);
      const insert = this.database.kysely.insertInto('knowledge_routes').values(values);
      try {
        await this.database.write([...this.advance(revision), { query: insert }, ...also(id)]);
        return await this.find([{}], id);
      } catch (error) {
        if (!(error instanceof WriteStale) || attempt === ATTEMPTS) throw error;
      }
    }
  }

  /** Ends a route: what is approved from now on stays where it is. */
  async delete({ id }: RouteRow, also: WriteStep[]): Promise<void> {
    const query = this.database.kysely
      .updateTable('knowledge_routes')
      .set({ until_position: HEAD })
      .where('id', '=', id)
      .where('until_position', 'is', null);
    await this.database.write([{ query, whenUnchanged: 'stop' }, ...also]);
  }

  /** Step: a deleted account forwards nothing more. */
  endOf(sessionId: string, position: number): WriteStep {
    const query = this.database.kysely
      .updateTable('knowledge_routes')
      .set({ until_position: position })
      .where('session_id', '=', sessionId)
      .where('until_position', 'is', null);
    return { query };
  }

  private async check(ownerId: string, source: string, targets: string[]): Promise<void> {
    const rows = await this.database.kysely
      .selectFrom('knowledge_routes')
      .selectAll()
      .where('owner_id', '=', ownerId)
      .where('until_position', 'is', null)
      .execute();
    if (rows.length >= MAX_ROUTES) {
      throw new ApiError('too_many', `There are ${MAX_ROUTES} routes already; delete one`);
    }
    const existing = rows.flatMap(edgesOf);
    const again = existing.find(({ from, to }) => from === source && targets.includes(to));
    if (again) throw new ApiError('route_exists', `${source} forwards to ${again.to} already`);
    const loop = loopWith(
      existing,
      targets.map((to) => ({ from: source, to })),
    );
    if (loop) throw new ApiError('route_loop', `This makes a circle: ${loop.join(' → ')}`);
  }

  private async revision(): Promise<string | undefined> {
    const row = await this.database.kysely
      .selectFrom('settings')
      .select('value')
      .where('key', '=', REVISION)
      .executeTakeFirst();
    return row?.value;
  }

  /** Steps that refuse the unit when the routes have changed since they were read. */
  private advance(seen: string | undefined): WriteStep[] {
    const { kysely } = this.database;
    const value = String(Number(seen ?? 0) + 1);
    const query =
      seen === undefined
        ? kysely
            .insertInto('settings')
            .values({ key: REVISION, value })
            .onConflict((c) => c.doNothing())
        : kysely
            .updateTable('settings')
            .set({ value })
            .where('key', '=', REVISION)
            .where('value', '=', seen);
    return [{ query, whenUnchanged: 'again' }];
  }
}

/** Whether a route is meant for what an event at this position approves. */
export function holds(route: RouteRow, position: number): boolean {
  if (route.since_position >= position) return false;
  return route.until_position === null || position <= route.until_position;
}

export function targetsOf({ targets }: Pick<RouteRow, 'targets'>): string[] {
  return JSON.parse(targets) as string[];
}

function edgesOf(route: RouteRow): Edge[] {
  return targetsOf(route).map((to) => ({ from: route.source_jid, to }));
}
