import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { DeliveryBy, DeliveryDays, DeliveryGroups, SessionId } from '@patchbay/contract';
import { z } from 'zod';
import { Needs } from '../auth/needs.js';
import type { Principal } from '../auth/principal.js';
import { Caller } from '../auth/principal.js';
import { SessionAccess } from '../auth/session-access.js';
import { Answers } from '../http/answers.js';
import { Delivery } from './delivery.js';

const asked = {
  days: z.coerce.number().int().min(1).max(366).default(30).describe('Up to today (UTC)'),
  sessionId: SessionId.optional(),
  templateId: z.uuid().optional().describe('Bulk sends that were made of this template'),
  bulkId: z.uuid().optional().describe('This bulk send'),
};
const DaysQuery = z.object(asked);
const GroupsQuery = z.object({ ...asked, by: DeliveryBy });

/** How far messages have come that were sent from here. */
@ApiTags('Bulk')
@Controller('api/delivery')
export class DeliveryController {
  constructor(
    private readonly delivery: Delivery,
    private readonly access: SessionAccess,
  ) {}

  @Get('days')
  @Needs('read')
  @ApiOperation({ summary: 'Sent, delivered, read and failed by day (UTC), oldest first' })
  @Answers(200, DeliveryDays, 'session_not_found')
  async days(
    @Caller() caller: Principal,
    @Query({ schema: DaysQuery }) query: z.infer<typeof DaysQuery>,
  ): Promise<DeliveryDays> {
    return await this.delivery.days(await this.access.reach(caller), query);
  }

  @Get('groups')
  @Needs('read')
  @ApiOperation({ summary: 'The same by account, by template or by bulk send' })
  @Answers(200, DeliveryGroups, 'session_not_found')
  async groups(
    @Caller() caller: Principal,
    @Query({ schema: GroupsQuery }) { by, ...query }: z.infer<typeof GroupsQuery>,
  ): Promise<DeliveryGroups> {
    return { groups: await this.delivery.groups(await this.access.reach(caller), by, query) };
  }
}
