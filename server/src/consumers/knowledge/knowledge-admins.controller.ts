import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { KnowledgeAdmins as AdminList, SetKnowledgeAdmins } from '@patchbay/contract';
import { Audit } from '../../auth/audit.js';
import { Needs } from '../../auth/needs.js';
import type { Actor } from '../../auth/principal.js';
import { By } from '../../auth/principal.js';
import { Database } from '../../db/database.js';
import { Answers } from '../../http/answers.js';
import { KnowledgeAdmins } from './admins.js';

@ApiTags('Knowledge')
@Controller('api/knowledge/admins')
export class KnowledgeAdminsController {
  constructor(
    private readonly admins: KnowledgeAdmins,
    private readonly database: Database,
    private readonly audit: Audit,
  ) {}

  @Get()
  @Needs('admin')
  @ApiOperation({ summary: 'Whose star approves a message' })
  @Answers(200, AdminList)
  async list(): Promise<AdminList> {
    return { admins: await this.admins.list() };
  }

  @Put()
  @Needs('admin')
  @ApiOperation({ summary: 'Set whose star approves from now on: phone numbers or jids' })
  @Answers(200, AdminList, 'invalid_chat')
  async set(
    @By() by: Actor,
    @Body({ schema: SetKnowledgeAdmins }) body: SetKnowledgeAdmins,
  ): Promise<AdminList> {
    const steps = await this.admins.set(body.admins);
    const count = { admins: body.admins.length };
    const note = this.audit.step(by, 'knowledge.admins_changed', null, count);
    if (steps.length > 0) await this.database.write([...steps, note]);
    return { admins: await this.admins.list() };
  }
}
