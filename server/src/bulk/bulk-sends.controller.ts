import { Controller, Delete, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import {
  BulkRowPage,
  BulkRowState,
  BulkSend,
  BulkSendPage,
  BulkState,
  Done,
  SessionId,
} from '@patchbay/contract';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Audit } from '../auth/audit.js';
import { Needs } from '../auth/needs.js';
import type { Actor, Principal } from '../auth/principal.js';
import { By, Caller } from '../auth/principal.js';
import { Answers } from '../http/answers.js';
import { decodeCursor, encodeCursor } from '../http/cursor.js';
import { ForwardPage } from '../http/page-query.js';
import { exportOf } from './bulk-export.js';
import { BulkSends } from './bulk-sends.js';
import { toBulkRow } from './bulk-view.js';

const Id = z.uuid();
const SendsQuery = ForwardPage.extend({
  sessionId: SessionId.optional(),
  state: BulkState.optional(),
});
const RowsQuery = ForwardPage.extend({ state: BulkRowState.optional() });

/** Bulk sends under way, and those that are over. */
@ApiTags('Bulk')
@Controller('api/bulk-sends')
export class BulkSendsController {
  constructor(
    private readonly bulk: BulkSends,
    private readonly audit: Audit,
  ) {}

  @Get()
  @Needs('read')
  @ApiOperation({ summary: 'Bulk sends, newest first, with how far each is' })
  @Answers(200, BulkSendPage, 'session_not_found')
  async list(
    @Caller() caller: Principal,
    @Query({ schema: SendsQuery }) { limit, after, ...filter }: z.infer<typeof SendsQuery>,
  ): Promise<BulkSendPage> {
    const place = after === undefined ? undefined : decodeCursor(after, ['number', 'string']);
    const { bulkSends, last } = await this.bulk.list(caller, filter, limit, place);
    return { bulkSends, after: last ? encodeCursor(last.created_at, last.id) : null };
  }

  @Get(':bulkId')
  @Needs('read')
  @ApiOperation({ summary: 'One bulk send, and when it is expected to end' })
  @Answers(200, BulkSend, 'bulk_not_found')
  async get(
    @Caller() caller: Principal,
    @Param('bulkId', { schema: Id }) id: string,
  ): Promise<BulkSend> {
    return await this.bulk.view(await this.bulk.find(caller, id));
  }

  @Get(':bulkId/rows')
  @Needs('read')
  @ApiOperation({ summary: 'Its rows in the order of sending, with what became of each' })
  @Answers(200, BulkRowPage, 'bulk_not_found')
  async rows(
    @Caller() caller: Principal,
    @Param('bulkId', { schema: Id }) id: string,
    @Query({ schema: RowsQuery }) { limit, after, state }: z.infer<typeof RowsQuery>,
  ): Promise<BulkRowPage> {
    const { id: bulkId } = await this.bulk.find(caller, id);
    const [place = 0] = after === undefined ? [] : decodeCursor(after, ['number']);
    const rows = await this.bulk.store.rows(bulkId, { state, after: place, limit });
    const last = rows.at(-1);
    return {
      rows: rows.map(toBulkRow),
      after: last && rows.length === limit ? encodeCursor(last.number) : null,
    };
  }

  @Get(':bulkId/export')
  @Needs('read')
  @ApiOperation({ summary: 'What became of every row, as CSV' })
  @ApiProduces('text/csv')
  @Answers(200, z.string(), 'bulk_not_found')
  async export(
    @Caller() caller: Principal,
    @Param('bulkId', { schema: Id }) id: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { id: bulkId } = await this.bulk.find(caller, id);
    reply.header('content-disposition', `attachment; filename="bulk-${bulkId}.csv"`);
    reply.type('text/csv; charset=utf-8');
    await reply.send(exportOf(this.bulk.store, bulkId));
  }

  @Post(':bulkId/pause')
  @Needs('send')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Pause: at most the message that is leaving at this moment still leaves',
  })
  @Answers(200, BulkSend, 'bulk_not_found', 'bulk_not_possible')
  async pause(@By() by: Actor, @Param('bulkId', { schema: Id }) id: string): Promise<BulkSend> {
    const row = await this.bulk.find(by.principal, id);
    return await this.bulk.pause(row, this.audit.step(by, 'bulk.paused', id));
  }

  @Post(':bulkId/resume')
  @Needs('send')
  @HttpCode(200)
  @ApiOperation({ summary: 'Go on where it was paused' })
  @Answers(200, BulkSend, 'bulk_not_found', 'bulk_not_possible')
  async resume(@By() by: Actor, @Param('bulkId', { schema: Id }) id: string): Promise<BulkSend> {
    const row = await this.bulk.find(by.principal, id);
    return await this.bulk.resume(row, this.audit.step(by, 'bulk.resumed', id));
  }

  @Post(':bulkId/cancel')
  @Needs('send')
  @HttpCode(200)
  @ApiOperation({ summary: 'Cancel: rows that have not left are not sent any more' })
  @Answers(200, BulkSend, 'bulk_not_found', 'bulk_not_possible')
  async cancel(@By() by: Actor, @Param('bulkId', { schema: Id }) id: string): Promise<BulkSend> {
    const row = await this.bulk.find(by.principal, id);
    return await this.bulk.cancel(row, this.audit.step(by, 'bulk.cancelled', id));
  }

  @Delete(':bulkId')
  @Needs('send')
  @ApiOperation({ summary: 'Delete one that is not running, with its rows; the messages stay' })
  @Answers(200, Done, 'bulk_not_found', 'bulk_not_possible')
  async delete(
    @By() by: Actor,
    @Param('bulkId', { schema: Id }) id: string,
  ): Promise<z.infer<typeof Done>> {
    const row = await this.bulk.find(by.principal, id);
    await this.bulk.delete(row, this.audit.step(by, 'bulk.deleted', id));
    return { success: true };
  }
}
