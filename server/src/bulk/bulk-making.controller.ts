import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  BulkCheck,
  BulkFileFields,
  BulkSend,
  CheckBulkFileFields,
  CheckBulkSend,
  CreateBulkSend,
} from '@patchbay/contract';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Audit } from '../auth/audit.js';
import { Needs } from '../auth/needs.js';
import type { Actor, SessionScope } from '../auth/principal.js';
import { By, InSession } from '../auth/principal.js';
import { Answers } from '../http/answers.js';
import { formWithFile } from '../http/form-with-file.js';
import { MediaLibrary } from '../media/media-library.js';
import { Uploads } from '../media/uploads.js';
import type { Asking, Draft } from './bulk-making.js';
import { BulkSends } from './bulk-sends.js';

const ROWS = ['session_not_found', 'template_not_found', 'template_invalid'] as const;
const FILE = [...ROWS, 'file_unreadable', 'payload_too_large', 'unsupported_media_type'] as const;
const MADE = ['session_not_linked', 'bulk_over_limit'] as const;

/** Makes bulk sends for a session, of rows or of a CSV file. */
@ApiTags('Bulk')
@Controller('api/sessions/:id/bulk-sends')
export class BulkMakingController {
  constructor(
    private readonly bulk: BulkSends,
    private readonly uploads: Uploads,
    private readonly library: MediaLibrary,
    private readonly audit: Audit,
  ) {}

  @Post()
  @Needs('send')
  @ApiOperation({
    summary: 'Send to many: rows as JSON. Each row is sent once, at the pace of the session',
  })
  @Answers(201, BulkSend, ...ROWS, ...MADE)
  async create(
    @By() by: Actor,
    @InSession() session: SessionScope,
    @Body({ schema: CreateBulkSend }) body: CreateBulkSend,
  ): Promise<BulkSend> {
    const asking = { caller: by.principal, session };
    return await this.make(by, asking, body.name, await this.bulk.making.ofRows(asking, body));
  }

  @Post('check')
  @Needs('send')
  @HttpCode(200)
  @ApiOperation({ summary: 'What would be sent and when; nothing is stored' })
  @Answers(200, BulkCheck, ...ROWS)
  async check(
    @By() by: Actor,
    @InSession() session: SessionScope,
    @Body({ schema: CheckBulkSend }) body: CheckBulkSend,
  ): Promise<BulkCheck> {
    const asking = { caller: by.principal, session };
    return await this.bulk.making.check(asking, await this.bulk.making.ofRows(asking, body));
  }

  @Post('csv')
  @Needs('send')
  @ApiOperation({ summary: 'Send to many: a CSV file whose first line names the columns' })
  @ApiConsumes('multipart/form-data')
  @ApiBody(formWithFile('file', BulkFileFields))
  @Answers(201, BulkSend, ...FILE, ...MADE)
  async createOfFile(
    @By() by: Actor,
    @InSession() session: SessionScope,
    @Req() request: FastifyRequest,
  ): Promise<BulkSend> {
    const asking = { caller: by.principal, session };
    const { draft, fields } = await this.received(request, asking, BulkFileFields);
    return await this.make(by, asking, fields.name, draft);
  }

  @Post('csv/check')
  @Needs('send')
  @HttpCode(200)
  @ApiOperation({ summary: 'What would be sent of a CSV file, and when; nothing is stored' })
  @ApiConsumes('multipart/form-data')
  @ApiBody(formWithFile('file', CheckBulkFileFields))
  @Answers(200, BulkCheck, ...FILE)
  async checkFile(
    @By() by: Actor,
    @InSession() session: SessionScope,
    @Req() request: FastifyRequest,
  ): Promise<BulkCheck> {
    const asking = { caller: by.principal, session };
    const { draft } = await this.received(request, asking, CheckBulkFileFields);
    return await this.bulk.making.check(asking, draft);
  }

  private async make(by: Actor, asking: Asking, name: string, draft: Draft): Promise<BulkSend> {
    const { id: sessionId } = asking.session;
    return await this.bulk.create(asking, name, draft, (id) => [
      this.audit.step(by, 'bulk.created', id, { sessionId, rows: draft.rows.length }),
    ]);
  }

  private async received<Fields extends CheckBulkFileFields>(
    request: FastifyRequest,
    asking: Asking,
    schema: z.ZodType<Fields>,
  ): Promise<{ draft: Draft; fields: Fields }> {
    const { upload, fields } = await this.uploads.receiveForm(request, 'file', schema);
    try {
      return { draft: await this.bulk.making.ofFile(asking, upload.file.path, fields), fields };
    } finally {
      await this.library.spool.discard(upload.file);
    }
  }
}
