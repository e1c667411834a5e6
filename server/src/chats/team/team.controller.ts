import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  CannedReply,
  CannedReplyList,
  ChangeCannedReply,
  ChangeTeamLabel,
  Done,
  NewCannedReply,
  NewTeamLabel,
  TeamLabel,
  TeamLabelList,
} from '@patchbay/contract';
import { z } from 'zod';
import { Audit } from '../../auth/audit.js';
import { Needs } from '../../auth/needs.js';
import type { Actor, Principal } from '../../auth/principal.js';
import { By, Caller } from '../../auth/principal.js';
import { Answers } from '../../http/answers.js';
import { authorOf } from './author.js';
import { CannedReplies } from './canned-replies.js';
import { TeamLabels } from './team-labels.js';

const Id = z.string().min(1).max(64);

@ApiTags('Team')
@Controller('api/team')
export class TeamController {
  constructor(
    private readonly labels: TeamLabels,
    private readonly replies: CannedReplies,
    private readonly audit: Audit,
  ) {}

  @Get('labels')
  @Needs('read')
  @ApiOperation({ summary: "The team's own labels, by name" })
  @Answers(200, TeamLabelList)
  async listLabels(): Promise<TeamLabelList> {
    return { labels: await this.labels.list() };
  }

  @Post('labels')
  @Needs('send')
  @HttpCode(201)
  @ApiOperation({ summary: 'Make a label' })
  @Answers(201, TeamLabel, 'name_taken', 'too_many')
  async createLabel(@Body({ schema: NewTeamLabel }) label: NewTeamLabel): Promise<TeamLabel> {
    return await this.labels.create(label);
  }

  @Patch('labels/:labelId')
  @Needs('send')
  @ApiOperation({ summary: 'Rename or recolour a label' })
  @Answers(200, TeamLabel, 'team_label_not_found', 'name_taken')
  async changeLabel(
    @Param('labelId', { schema: Id }) labelId: string,
    @Body({ schema: ChangeTeamLabel }) change: ChangeTeamLabel,
  ): Promise<TeamLabel> {
    return await this.labels.change(labelId, change);
  }

  @Delete('labels/:labelId')
  @Needs('admin')
  @ApiOperation({ summary: 'Delete a label, off all chats; for admins' })
  @Answers(200, Done, 'team_label_not_found', 'forbidden')
  async deleteLabel(@By() by: Actor, @Param('labelId', { schema: Id }) labelId: string) {
    await this.labels.delete(labelId, this.audit.step(by, 'label.deleted', labelId));
    return { success: true };
  }

  @Get('canned-replies')
  @Needs('read')
  @ApiOperation({ summary: "The caller's own canned replies and the shared ones, by shortcut" })
  @Answers(200, CannedReplyList)
  async listReplies(@Caller() caller: Principal): Promise<CannedReplyList> {
    return { replies: await this.replies.list(caller.userId) };
  }

  @Post('canned-replies')
  @Needs('send')
  @HttpCode(201)
  @ApiOperation({
    summary: 'Keep a text to answer with',
    description: 'Places to fill in: `{{name}}` and `{{phone}}` of the contact, `{{agent}}`.',
  })
  @Answers(201, CannedReply, 'name_taken', 'too_many')
  async createReply(
    @Caller() caller: Principal,
    @Body({ schema: NewCannedReply }) reply: NewCannedReply,
  ): Promise<CannedReply> {
    return await this.replies.create(authorOf(caller), reply);
  }

  @Patch('canned-replies/:replyId')
  @Needs('send')
  @ApiOperation({ summary: 'Change a canned reply; of shared ones the author and admins may' })
  @Answers(200, CannedReply, 'canned_reply_not_found', 'forbidden', 'name_taken')
  async changeReply(
    @Caller() caller: Principal,
    @Param('replyId', { schema: Id }) replyId: string,
    @Body({ schema: ChangeCannedReply }) change: ChangeCannedReply,
  ): Promise<CannedReply> {
    return await this.replies.change(replyId, authorOf(caller), change);
  }

  @Delete('canned-replies/:replyId')
  @Needs('send')
  @ApiOperation({ summary: 'Delete a canned reply; of shared ones the author and admins may' })
  @Answers(200, Done, 'canned_reply_not_found', 'forbidden')
  async deleteReply(
    @Caller() caller: Principal,
    @Param('replyId', { schema: Id }) replyId: string,
  ) {
    await this.replies.delete(replyId, authorOf(caller));
    return { success: true };
  }
}
