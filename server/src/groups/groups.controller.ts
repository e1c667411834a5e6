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
  SessionId,
} from '@patchbay/contract';
import { z } from 'zod';
import type { Principal } from '../auth/principal.js';
import { Caller } from '../auth/principal.js';
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
  @ApiOperation({ summary: 'Groups that the account is in' })
  @Answers(200, GroupPage, 'session_not_found')
  async list(
    @Caller() { ownerId }: Principal,
    @Param('id', { schema: SessionId }) id: string,
    @Query({ schema: ForwardPage }) query: ForwardPage,
  ): Promise<GroupPage> {
    return await this.groups.list({ ownerId, id }, query);
  }

  @Post()
  @ApiOperation({ summary: 'Create a group' })
  @Answers(201, Group, ...ASKED, 'invalid_chat')
  async create(
    @Caller() { ownerId }: Principal,
    @Param('id', { schema: SessionId }) id: string,
    @Body({ schema: CreateGroup }) body: CreateGroup,
  ): Promise<Group> {
    return await this.groups.create({ ownerId, id }, body);
  }

  @Post('join')
  @HttpCode(200)
  @ApiOperation({ summary: 'Join a group by its invite link' })
  @Answers(200, JoinedGroup, ...ASKED)
  async join(
    @Caller() { ownerId }: Principal,
    @Param('id', { schema: SessionId }) id: string,
    @Body({ schema: JoinGroup }) { code }: JoinGroup,
  ): Promise<JoinedGroup> {
    return await this.groups.join({ ownerId, id }, code);
  }

  @Get(':groupId')
  @ApiOperation({ summary: 'One group, as stored; nobody is asked' })
  @Answers(200, Group, 'session_not_found', 'group_not_found')
  async get(
    @Caller() { ownerId }: Principal,
    @Param('id', { schema: SessionId }) id: string,
    @Param('groupId', { schema: GroupId }) groupId: string,
  ): Promise<Group> {
    return await this.groups.get({ ownerId, id }, groupId);
  }

  @Patch(':groupId')
  @ApiOperation({ summary: 'Change subject, description, settings' })
  @Answers(200, Group, ...ASKED, 'group_not_found')
  async change(
    @Caller() { ownerId }: Principal,
    @Param('id', { schema: SessionId }) id: string,
    @Param('groupId', { schema: GroupId }) groupId: string,
    @Body({ schema: ChangeGroup }) body: ChangeGroup,
  ): Promise<Group> {
    return await this.groups.change({ ownerId, id }, groupId, body);
  }

  @Get(':groupId/participants')
  @ApiOperation({ summary: 'Who is in a group' })
  @Answers(200, ParticipantPage, 'session_not_found', 'group_not_found')
  async participants(
    @Caller() { ownerId }: Principal,
    @Param('id', { schema: SessionId }) id: string,
    @Param('groupId', { schema: GroupId }) groupId: string,
    @Query({ schema: ForwardPage }) query: ForwardPage,
  ): Promise<ParticipantPage> {
    return await this.groups.participants({ ownerId, id }, groupId, query);
  }

  @Post(':groupId/participants')
  @HttpCode(200)
  @ApiOperation({ summary: 'Add, remove, promote or demote people' })
  @Answers(200, ParticipantResults, ...ASKED, 'group_not_found', 'invalid_chat')
  async changeParticipants(
    @Caller() { ownerId }: Principal,
    @Param('id', { schema: SessionId }) id: string,
    @Param('groupId', { schema: GroupId }) groupId: string,
    @Body({ schema: ChangeParticipants }) body: ChangeParticipants,
  ): Promise<ParticipantResults> {
    return await this.groups.changeParticipants({ ownerId, id }, groupId, body);
  }

  @Get(':groupId/join-requests')
  @ApiOperation({ summary: 'Who asks to be let in' })
  @Answers(200, JoinRequestPage, ...ASKED, 'group_not_found')
  async joinRequests(
    @Caller() { ownerId }: Principal,
    @Param('id', { schema: SessionId }) id: string,
    @Param('groupId', { schema: GroupId }) groupId: string,
    @Query({ schema: ForwardPage }) query: ForwardPage,
  ): Promise<JoinRequestPage> {
    return await this.groups.joinRequests({ ownerId, id }, groupId, query);
  }

  @Post(':groupId/join-requests')
  @HttpCode(200)
  @ApiOperation({ summary: 'Let people in who asked for it, or do not' })
  @Answers(200, ParticipantResults, ...ASKED, 'group_not_found', 'invalid_chat')
  async answerJoinRequests(
    @Caller() { ownerId }: Principal,
    @Param('id', { schema: SessionId }) id: string,
    @Param('groupId', { schema: GroupId }) groupId: string,
    @Body({ schema: AnswerJoinRequests }) body: AnswerJoinRequests,
  ): Promise<ParticipantResults> {
    return await this.groups.answerJoinRequests({ ownerId, id }, groupId, body);
  }

  @Put(':groupId/picture')
  @ApiConsumes('image/jpeg')
  @ApiOperation({ summary: 'Set the picture: the body is a JPEG, square, 640 pixels or so' })
  @Answers(200, Done, ...ASKED, 'group_not_found', 'unsupported_media_type', 'payload_too_large')
  async setPicture(
    @Caller() { ownerId }: Principal,
    @Param('id', { schema: SessionId }) id: string,
    @Param('groupId', { schema: GroupId }) groupId: string,
    @Body() body: unknown,
  ) {
    await this.groups.setPicture({ ownerId, id }, groupId, body);
    return { success: true };
  }

  @Delete(':groupId/picture')
  @ApiOperation({ summary: 'Take the picture away' })
  @Answers(200, Done, ...ASKED, 'group_not_found')
  async removePicture(
    @Caller() { ownerId }: Principal,
    @Param('id', { schema: SessionId }) id: string,
    @Param('groupId', { schema: GroupId }) groupId: string,
  ) {
    await this.groups.setPicture({ ownerId, id }, groupId, null);
    return { success: true };
  }

  @Get(':groupId/invite')
  @ApiOperation({ summary: 'The invite link' })
  @Answers(200, GroupInviteLink, ...ASKED, 'group_not_found')
  async invite(
    @Caller() { ownerId }: Principal,
    @Param('id', { schema: SessionId }) id: string,
    @Param('groupId', { schema: GroupId }) groupId: string,
  ): Promise<GroupInviteLink> {
    return await this.groups.invite({ ownerId, id }, groupId, false);
  }

  @Delete(':groupId/invite')
  @ApiOperation({ summary: 'Make the invite link invalid; answers the new one' })
  @Answers(200, GroupInviteLink, ...ASKED, 'group_not_found')
  async revokeInvite(
    @Caller() { ownerId }: Principal,
    @Param('id', { schema: SessionId }) id: string,
    @Param('groupId', { schema: GroupId }) groupId: string,
  ): Promise<GroupInviteLink> {
    return await this.groups.invite({ ownerId, id }, groupId, true);
  }

  @Post(':groupId/leave')
  @HttpCode(200)
  @ApiOperation({ summary: 'Leave the group' })
  @Answers(200, Done, ...ASKED, 'group_not_found')
  async leave(
    @Caller() { ownerId }: Principal,
    @Param('id', { schema: SessionId }) id: string,
    @Param('groupId', { schema: GroupId }) groupId: string,
  ) {
    await this.groups.leave({ ownerId, id }, groupId);
    return { success: true };
  }
}
