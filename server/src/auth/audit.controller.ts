import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AuditAction, AuditPage } from '@patchbay/contract';
import { z } from 'zod';
import { Answers } from '../http/answers.js';
import { decodeCursor, encodeCursor } from '../http/cursor.js';
import { BackwardPage } from '../http/page-query.js';
import { Audit } from './audit.js';
import { Needs } from './needs.js';

const AuditQuery = BackwardPage.extend({
  action: AuditAction.optional(),
  userId: z.string().max(64).optional().describe('What this user did'),
  target: z.string().max(64).optional().describe('What was done to this'),
});

@ApiTags('Audit')
@Controller('api/audit')
export class AuditController {
  constructor(private readonly audit: Audit) {}

  @Get()
  @Needs('admin')
  @ApiOperation({ summary: 'What was done to users, keys, shares and accounts, newest first' })
  @Answers(200, AuditPage)
  async list(
    @Query({ schema: AuditQuery }) { limit, before, ...filter }: z.infer<typeof AuditQuery>,
  ): Promise<AuditPage> {
    const [number] = before ? decodeCursor(before, ['number']) : [Number.MAX_SAFE_INTEGER];
    const entries = await this.audit.list(filter, limit, number);
    const last = entries.at(-1);
    return {
      entries,
      before: last && entries.length === limit ? encodeCursor(last.number) : null,
    };
  }
}
