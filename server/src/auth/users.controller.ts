import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  ChangeUser,
  Done,
  InvitationPage,
  Invite,
  OneTimeLink,
  User,
  UserId,
  UserPage,
} from '@patchbay/contract';
import { z } from 'zod';
import { Answers } from '../http/answers.js';
import { decodeCursor, encodeCursor } from '../http/cursor.js';
import { BackwardPage, ForwardPage } from '../http/page-query.js';
import { Needs } from './needs.js';
import { OneTimeLinks } from './one-time-links.js';
import type { Actor, Principal } from './principal.js';
import { By, Caller } from './principal.js';
import type { UserRow } from './users.js';
import { toUser, Users } from './users.js';

const InvitationId = z.string().regex(/^[\w-]{1,64}$/, 'not an id of an invitation');

@ApiTags('Users')
@Controller('api')
export class UsersController {
  constructor(
    private readonly users: Users,
    private readonly links: OneTimeLinks,
  ) {}

  @Get('users')
  @Needs('read')
  @ApiOperation({ summary: 'The people who work with this server, in the order they came' })
  @Answers(200, UserPage)
  async list(
    @Caller() { sessions }: Principal,
    @Query({ schema: ForwardPage }) { limit, after }: ForwardPage,
  ): Promise<UserPage> {
    // A key for some accounts needs names, to assign chats, and no addresses.
    const shown = (row: UserRow) => ({
      ...toUser(row),
      ...(sessions !== 'all' && { email: null }),
    });
    const place = after === undefined ? undefined : decodeCursor(after, ['number', 'string']);
    const rows = await this.users.list(limit, place);
    const last = rows.at(-1);
    return {
      users: rows.map(shown),
      after: last && rows.length === limit ? encodeCursor(last.created_at, last.id) : null,
    };
  }

  @Patch('users/:userId')
  @Needs('admin')
  @ApiOperation({ summary: 'Change a user’s role or name' })
  @Answers(200, User, 'user_not_found', 'last_admin')
  async change(
    @By() by: Actor,
    @Param('userId', { schema: UserId }) userId: string,
    @Body({ schema: ChangeUser }) body: ChangeUser,
  ): Promise<User> {
    return toUser(await this.users.change(by, userId, body));
  }

  @Delete('users/:userId')
  @Needs('admin')
  @ApiOperation({ summary: 'Remove a user with all sign-ins and keys; the accounts stay' })
  @Answers(200, Done, 'user_not_found', 'last_admin')
  async remove(
    @By() by: Actor,
    @Param('userId', { schema: UserId }) userId: string,
  ): Promise<Done> {
    await this.users.remove(by, userId);
    return { success: true };
  }

  @Post('users/:userId/reset-link')
  @Needs('admin')
  @ApiOperation({ summary: 'A link with which a user sets a new password, once' })
  @Answers(201, OneTimeLink, 'user_not_found')
  async resetLink(
    @By() by: Actor,
    @Param('userId', { schema: UserId }) userId: string,
  ): Promise<OneTimeLink> {
    return await this.links.reset(by, userId);
  }

  @Get('invitations')
  @Needs('admin')
  @ApiOperation({ summary: 'Invitations that can still be accepted, newest first' })
  @Answers(200, InvitationPage)
  async invitations(
    @Query({ schema: BackwardPage }) { limit, before }: BackwardPage,
  ): Promise<InvitationPage> {
    const place = before === undefined ? undefined : decodeCursor(before, ['number', 'string']);
    const invitations = await this.links.invitations(limit, place);
    const last = invitations.at(-1);
    const isFull = last && invitations.length === limit;
    return {
      invitations,
      before: isFull ? encodeCursor(Date.parse(last.createdAt), last.id) : null,
    };
  }

  @Post('invitations')
  @Needs('admin')
  @ApiOperation({ summary: 'A link with which somebody becomes a user, once; shown only here' })
  @Answers(201, OneTimeLink, 'email_taken')
  async invite(@By() by: Actor, @Body({ schema: Invite }) body: Invite): Promise<OneTimeLink> {
    return await this.links.invite(by, body);
  }

  @Delete('invitations/:invitationId')
  @Needs('admin')
  @ApiOperation({ summary: 'Take an invitation back' })
  @Answers(200, Done, 'invitation_not_found')
  async revoke(
    @By() by: Actor,
    @Param('invitationId', { schema: InvitationId }) invitationId: string,
  ): Promise<Done> {
    await this.links.revoke(by, invitationId);
    return { success: true };
  }
}
