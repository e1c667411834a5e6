import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Put,
  Query,
} from '@nestjs/common';
import { ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  AnswerJoinRequests,
  ChangeGroup,
  ChangeParticipants,
  CreateGroup,
  Done,
  Group,
  GroupInviteLink,
  GroupPage,
  JoinedGroup,
  JoinGroup,
  JoinRequestPage,
  ParticipantPage,
  ParticipantResults,
} from '@patchbay/contract';
import { z } from 'zod';
import { Needs } from '../auth/needs.js';
import type { SessionScope } from '../auth/principal.js';
import { InSession } from '../auth/principal.js';
import { Answers } from '../http/answers.js';
import { ForwardPage } from '../http/page-query.js';
import { ASKED } from '../sessions/session-abilities.js';
import { Groups } from './groups.js';

const GroupId = z.string().regex(/^[\d-]{5,64}@g\.us$/, 'a group id like 120363000000000000@g.us');

@ApiTags('Groups')
@Controller('api/sessions/:id/groups')
export class GroupsController {
  constructor(private readonly groups: Groups) {}

  @Get()
  @Needs('read')
  @ApiOperation({ summary: 'Groups that the account is in' })
  @Answers(200, GroupPage, 'session_not_found')
  async list(
    @InSession() session: SessionScope,
    @Query({ schema: ForwardPage }) query: ForwardPage,
  ): Promise<GroupPage> {
    return await this.groups.list(session, query);
  }

  @Post()
  @Needs('manage')
  @ApiOperation({ summary: 'Create a group' })
  @Answers(201, Group, ...ASKED, 'invalid_chat')
  async create(
    @InSession() session: SessionScope,
    @Body({ schema: CreateGroup }) body: CreateGroup,
  ): Promise<Group> {
    return await this.groups.create(session, body);
  }

  @Post('join')
  @Needs('manage')
  @HttpCode(200)
  @ApiOperation({ summary: 'Join a group by its invite link' })
  @Answers(200, JoinedGroup, ...ASKED)
  async join(
    @InSession() session: SessionScope,
    @Body({ schema: JoinGroup }) { code }: JoinGroup,
  ): Promise<JoinedGroup> {
    return await this.groups.join(session, code);
  }

  @Get(':groupId')
  @Needs('read')
  @ApiOperation({ summary: 'One group, as stored; nobody is asked' })
  @Answers(200, Group, 'session_not_found', 'group_not_found')
  async get(
    @InSession() session: SessionScope,
    @Param('groupId', { schema: GroupId }) groupId: string,
  ): Promise<Group> {
    return await this.groups.get(session, groupId);
  }

  @Patch(':groupId')
  @Needs('manage')
  @ApiOperation({ summary: 'Change subject, description, settings' })
  @Answers(200, Group, ...ASKED, 'group_not_found')
  async change(
    @InSession() session: SessionScope,
    @Param('groupId', { schema: GroupId }) groupId: string,
    @Body({ schema: ChangeGroup }) body: ChangeGroup,
  ): Promise<Group> {
    return await this.groups.change(session, groupId, body);
  }

  @Get(':groupId/participants')
  @Needs('read')
  @ApiOperation({ summary: 'Who is in a group' })
  @Answers(200, ParticipantPage, 'session_not_found', 'group_not_found')
  async participants(
    @InSession() session: SessionScope,
    @Param('groupId', { schema: GroupId }) groupId: string,
    @Query({ schema: ForwardPage }) query: ForwardPage,
  ): Promise<ParticipantPage> {
    return await this.groups.participants(session, groupId, query);
  }

  @Post(':groupId/participants')
  @Needs('manage')
  @HttpCode(200)
  @ApiOperation({ summary: 'Add, remove, promote or demote people' })
  @Answers(200, ParticipantResults, ...ASKED, 'group_not_found', 'invalid_chat')
  async changeParticipants(
    @InSession() session: SessionScope,
    @Param('groupId', { schema: GroupId }) groupId: string,
    @Body({ schema: ChangeParticipants }) body: ChangeParticipants,
  ): Promise<ParticipantResults> {
    return await this.groups.changeParticipants(session, groupId, body);
  }

  @Get(':groupId/join-requests')
  @Needs('read')
  @ApiOperation({ summary: 'Who asks to be let in' })
  @Answers(200, JoinRequestPage, ...ASKED, 'group_not_found')
  async joinRequests(
    @InSession() session: SessionScope,
    @Param('groupId', { schema: GroupId }) groupId: string,
    @Query({ schema: ForwardPage }) query: ForwardPage,
  ): Promise<JoinRequestPage> {
    return await this.groups.joinRequests(session, groupId, query);
  }

  @Post(':groupId/join-requests')
  @Needs('manage')
  @HttpCode(200)
  @ApiOperation({ summary: 'Let people in who asked for it, or do not' })
  @Answers(200, ParticipantResults, ...ASKED, 'group_not_found', 'invalid_chat')
  async answerJoinRequests(
    @InSession() session: SessionScope,
    @Param('groupId', { schema: GroupId }) groupId: string,
    @Body({ schema: AnswerJoinRequests }) body: AnswerJoinRequests,
  ): Promise<ParticipantResults> {
    return await this.groups.answerJoinRequests(session, groupId, body);
  }

  @Put(':groupId/picture')
  @Needs('manage')
  @ApiConsumes('image/jpeg')
  @ApiOperation({ summary: 'Set the picture: the body is a JPEG, square, 640 pixels or so' })
  @Answers(200, Done, ...ASKED, 'group_not_found', 'unsupported_media_type', 'payload_too_large')
  async setPicture(
    @InSession() session: SessionScope,
    @Param('groupId', { schema: GroupId }) groupId: string,
    @Body() body: unknown,
  ) {
    await this.groups.setPicture(session, groupId, body);
    return { success: true };
  }

  @Delete(':groupId/picture')
  @Needs('manage')
  @ApiOperation({ summary: 'Take the picture away' })
  @Answers(200, Done, ...ASKED, 'group_not_found')
  async removePicture(
    @InSession() session: SessionScope,
    @Param('groupId', { schema: GroupId }) groupId: string,
  ) {
    await this.groups.setPicture(session, groupId, null);
    return { success: true };
  }

  @Get(':groupId/invite')
  @Needs('manage')
  @ApiOperation({ summary: 'The invite link' })
  @Answers(200, GroupInviteLink, ...ASKED, 'group_not_found')
  async invite(
    @InSession() session: SessionScope,
    @Param('groupId', { schema: GroupId }) groupId: string,
  ): Promise<GroupInviteLink> {
    return await this.groups.invite(session, groupId, false);
  }

  @Delete(':groupId/invite')
  @Needs('manage')
  @ApiOperation({ summary: 'Make the invite link invalid; answers the new one' })
  @Answers(200, GroupInviteLink, ...ASKED, 'group_not_found')
  async revokeInvite(
    @InSession() session: SessionScope,
    @Param('groupId', { schema: GroupId }) groupId: string,
  ): Promise<GroupInviteLink> {
    return await this.groups.invite(session, groupId, true);
  }

  @Post(':groupId/leave')
  @Needs('manage')
  @HttpCode(200)
  @ApiOperation({ summary: 'Leave the group' })
  @Answers(200, Done, ...ASKED, 'group_not_found')
  async leave(
    @InSession() session: SessionScope,
    @Param('groupId', { schema: GroupId }) groupId: string,
  ) {
    await this.groups.leave(session, groupId);
    return { success: true };
  }
}
