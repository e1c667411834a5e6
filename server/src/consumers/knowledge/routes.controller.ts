import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  AccountGroupPage,
  CreateRoute,
  Done,
  ForwardList,
  Route,
  RoutePage,
  RouteTest,
  SessionId,
} from '@patchbay/contract';
import { z } from 'zod';
import { Audit } from '../../auth/audit.js';
import { Needs } from '../../auth/needs.js';
import type { Actor, Principal } from '../../auth/principal.js';
import { By, Caller } from '../../auth/principal.js';
import { SessionAccess } from '../../auth/session-access.js';
import { Answers } from '../../http/answers.js';
import { ApiError } from '../../http/api-error.js';
import { decodeCursor, encodeCursor } from '../../http/cursor.js';
import { BackwardPage, ForwardPage } from '../../http/page-query.js';
import { AccountGroups } from './account-groups.js';
import { ForwardPages } from './forward-pages.js';
import { RouteStore } from './route-store.js';
import { RoutesAsked } from './routes-asked.js';

const RouteId = z.string().regex(/^[\w-]{1,64}$/, 'not an id of a route');
const GroupQuery = ForwardPage.extend({ sessionId: SessionId.optional() });
const ForwardQuery = BackwardPage.extend({ routeId: RouteId.optional() });

@ApiTags('Knowledge')
@Controller('api')
export class RoutesController {
  constructor(
    private readonly groups: AccountGroups,
    private readonly routes: RouteStore,
    private readonly asked: RoutesAsked,
    private readonly forwards: ForwardPages,
    private readonly access: SessionAccess,
    private readonly audit: Audit,
  ) {}

  @Get('groups')
  @Needs('read')
  @ApiOperation({ summary: 'Groups of all accounts' })
  @Answers(200, AccountGroupPage, 'session_not_found')
  async listGroups(
    @Caller() caller: Principal,
    @Query({ schema: GroupQuery }) query: z.infer<typeof GroupQuery>,
  ): Promise<AccountGroupPage> {
    return await this.groups.list({ ...query, scope: await this.access.reach(caller) });
  }

  @Get('routes')
  @Needs('read')
  @ApiOperation({ summary: 'Routes by which approved messages go on to other groups' })
  @Answers(200, RoutePage)
  async list(
    @Caller() caller: Principal,
    @Query({ schema: ForwardPage }) { limit, after }: ForwardPage,
  ): Promise<RoutePage> {
    const [number] = after === undefined ? [0] : decodeCursor(after, ['number']);
    const rows = await this.routes.list(await this.access.reach(caller), limit, number);
    const last = rows.at(-1);
    return {
      routes: await this.asked.views(rows),
      after: last && rows.length === limit ? encodeCursor(last.number) : null,
    };
  }

  @Post('routes')
  @Needs('manage')
  @ApiOperation({ summary: 'A new route, for what is approved from now on' })
  @Answers(
    201,
    Route,
    'session_not_found',
    'group_not_found',
    'route_loop',
    'route_exists',
    'too_many',
  )
  async create(@By() by: Actor, @Body({ schema: CreateRoute }) body: CreateRoute): Promise<Route> {
    const scope = await this.managed(by.principal);
    return await this.asked.create(scope, body, (id) => [
      this.audit.step(by, 'route.created', id, {
        from: body.sourceGroupId,
        to: body.targetGroupIds,
      }),
    ]);
  }

  @Delete('routes/:routeId')
  @Needs('manage')
  @ApiOperation({ summary: 'Delete a route; what was approved before still goes its way' })
  @Answers(200, Done, 'route_not_found')
  async delete(
    @By() by: Actor,
    @Param('routeId', { schema: RouteId }) id: string,
  ): Promise<z.infer<typeof Done>> {
    const row = await this.routes.find(await this.managed(by.principal), id);
    await this.routes.delete(row, [this.audit.step(by, 'route.deleted', id)]);
    return { success: true };
  }

  @Post('routes/:routeId/test')
  @Needs('manage')
  @HttpCode(200)
  @ApiOperation({ summary: 'Send a short message along a route now' })
  @Answers(200, RouteTest, 'route_not_found')
  async test(
    @By() by: Actor,
    @Param('routeId', { schema: RouteId }) id: string,
  ): Promise<RouteTest> {
    const row = await this.routes.find(await this.managed(by.principal), id);
    return await this.asked.test(row, this.audit.step(by, 'route.tested', id));
  }

  @Get('forwards')
  @Needs('read')
  @ApiOperation({ summary: 'What was forwarded and how far it has come, newest first' })
  @Answers(200, ForwardList)
  async listForwards(
    @Caller() caller: Principal,
    @Query({ schema: ForwardQuery }) query: z.infer<typeof ForwardQuery>,
  ): Promise<ForwardList> {
    return await this.forwards.list({ ...query, scope: await this.access.reach(caller) });
  }

  /** The accounts that the caller may change: those shared with somebody are only used. */
  private async managed(caller: Principal) {
    const { role, userId } = caller;
    const scope = await this.access.reach(caller);
    const own = scope.filter(({ ownerId }) => role === 'admin' || ownerId === userId);
    if (own.length === 0) throw new ApiError('forbidden');
    return own;
  }
}
