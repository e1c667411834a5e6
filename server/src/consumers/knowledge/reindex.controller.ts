import { Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ReindexState } from '@patchbay/contract';
import { Audit } from '../../auth/audit.js';
import { Needs } from '../../auth/needs.js';
import type { Actor } from '../../auth/principal.js';
import { By } from '../../auth/principal.js';
import { Answers } from '../../http/answers.js';
import { Reindexing } from './reindex.js';

@ApiTags('Knowledge')
@Controller('api/knowledge/reindex')
export class ReindexController {
  constructor(
    private readonly reindexing: Reindexing,
    private readonly audit: Audit,
  ) {}

  @Get()
  @Needs('admin')
  @ApiOperation({ summary: 'How far making the search index anew has come' })
  @Answers(200, ReindexState)
  async state(): Promise<ReindexState> {
    return await this.reindexing.state();
  }

  @Post()
  @Needs('admin')
  @HttpCode(202)
  @ApiOperation({ summary: 'Make the search index anew, or go on where that was stopped' })
  @Answers(202, ReindexState)
  async start(@By() by: Actor): Promise<ReindexState> {
    await this.reindexing.start(this.audit.step(by, 'knowledge.reindexed', null));
    return await this.reindexing.state();
  }

  @Delete()
  @Needs('admin')
  @ApiOperation({ summary: 'Stop it; what was done stays done' })
  @Answers(200, ReindexState)
  async stop(): Promise<ReindexState> {
    await this.reindexing.stop();
    return await this.reindexing.state();
  }
}
