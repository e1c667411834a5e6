import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  BearerToken,
  ChangePassword,
  Done,
  LinkPurpose,
  LinkToken,
  LoginPage,
  RequestToken,
  SignIn,
  UseLink,
} from '@patchbay/contract';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Answers } from '../http/answers.js';
import { ApiError } from '../http/api-error.js';
import { decodeCursor, encodeCursor } from '../http/cursor.js';
import { BackwardPage } from '../http/page-query.js';
import { BearerTokens } from './bearer-tokens.js';
import { originOf, setCookie } from './browser-cookie.js';
import { COOKIE } from './credentials.js';
import { InstanceKey } from './instance-key.js';
import { Logins } from './logins.js';
import { Needs, Open } from './needs.js';
import { OneTimeLinks } from './one-time-links.js';
import type { Actor, Principal } from './principal.js';
import { By, Caller } from './principal.js';
import { Users } from './users.js';

const LoginId = z.string().regex(/^[\w-]{1,64}$/, 'not an id of a sign-in');

@ApiTags('Signing in')
@Controller('api/auth')
export class AuthController {
  constructor(
    private readonly instanceKey: InstanceKey,
    private readonly logins: Logins,
    private readonly users: Users,
    private readonly links: OneTimeLinks,
    private readonly bearers: BearerTokens,
  ) {}

  @Open()
  @Post('sign-in')
  @HttpCode(200)
  @ApiOperation({ summary: 'Sign a browser in, with e-mail and password or the server’s API key' })
  @Answers(200, Done)
  async signIn(
    @Body({ schema: SignIn }) body: SignIn,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Done> {
    const origin = originOf(reply.request);
    if ('email' in body) {
      setCookie(reply, await this.logins.signIn(body.email, body.password, origin));
      return { success: true };
    }
    if (!this.instanceKey.matches(body.apiKey)) {
      await this.logins.guarded(origin.address, () => {
        throw new ApiError('unauthorized', 'This is not the API key');
      });
    }
    await this.logins.noteOperator(origin);
    const { value, maxAge } = this.instanceKey.cookie();
    setCookie(reply, value, maxAge);
    return { success: true };
  }

  @Post('sign-out')
  @Needs('read')
  @HttpCode(200)
  @ApiOperation({ summary: 'End this browser’s sign-in' })
  @Answers(200, Done)
  async signOut(@By() by: Actor, @Res({ passthrough: true }) reply: FastifyReply): Promise<Done> {
    const { via, loginId } = by.principal;
    if (via === 'cookie' && loginId) await this.logins.end(by, loginId);
    reply.clearCookie(COOKIE, { path: '/' });
    return { success: true };
  }

  @Post('sign-out-everywhere')
  @Needs('person')
  @HttpCode(200)
  @ApiOperation({ summary: 'End all sign-ins of the caller, this one too' })
  @Answers(200, Done)
  async signOutEverywhere(
    @By() by: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Done> {
    await this.users.signOutEverywhere(by);
    reply.clearCookie(COOKIE, { path: '/' });
    return { success: true };
  }

  @Get('logins')
  @Needs('person')
  @ApiOperation({ summary: 'Browsers in which the caller has signed in, newest first' })
  @Answers(200, LoginPage)
  async list(
    @Caller() caller: Principal,
    @Query({ schema: BackwardPage }) { limit, before }: BackwardPage,
  ): Promise<LoginPage> {
    const place = before === undefined ? undefined : decodeCursor(before, ['number', 'string']);
    const logins = await this.logins.list(caller, limit, place);
    const last = logins.at(-1);
    const isFull = last && logins.length === limit;
    return { logins, before: isFull ? encodeCursor(Date.parse(last.createdAt), last.id) : null };
  }

  @Delete('logins/:loginId')
  @Needs('person')
  @ApiOperation({ summary: 'Sign one of the caller’s browsers out' })
  @Answers(200, Done, 'login_not_found')
  async end(
    @By() by: Actor,
    @Param('loginId', { schema: LoginId }) loginId: string,
  ): Promise<Done> {
    await this.logins.end(by, loginId);
    return { success: true };
  }

  @Post('password')
  @Needs('person')
  @HttpCode(200)
  @ApiOperation({ summary: 'Change the caller’s password; ends the other sign-ins' })
  @Answers(200, Done, 'user_not_found')
  async changePassword(
    @By() by: Actor,
    @Body({ schema: ChangePassword }) { current, next }: ChangePassword,
  ): Promise<Done> {
    const change = () => this.users.changePassword(by, current, next);
    await this.logins.guarded(by.address, change, by.principal.userId);
    return { success: true };
  }

  @Post('token')
  @Needs('read')
  @HttpCode(200)
  @ApiOperation({
    summary: 'A short-lived bearer (JWT) for a program, for what the caller may do or less',
  })
  @Answers(200, BearerToken)
  async token(
    @Caller() caller: Principal,
    @Body({ schema: RequestToken.optional() }) body: RequestToken = {},
  ): Promise<BearerToken> {
    const { token, expiresAt } = await this.bearers.issue(caller, body);
    return { token, expiresAt: new Date(expiresAt).toISOString() };
  }

  @Open()
  @Post('links/look')
  @HttpCode(200)
  @ApiOperation({ summary: 'What an invitation or reset link is for' })
  @Answers(200, LinkPurpose, 'link_not_usable')
  async look(
    @Body({ schema: LinkToken }) { token }: LinkToken,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LinkPurpose> {
    return await this.logins.guarded(reply.request.ip, () => this.links.purpose(token));
  }

  @Open()
  @Post('links/use')
  @HttpCode(200)
  @ApiOperation({ summary: 'Accept an invitation or set a new password, and sign in' })
  @Answers(200, Done, 'link_not_usable', 'email_taken')
  async use(
    @Body({ schema: UseLink }) body: UseLink,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Done> {
    const origin = originOf(reply.request);
    const use = () => this.links.use(body, origin.address);
    const userId = await this.logins.guarded(origin.address, use);
    setCookie(reply, await this.logins.open(await this.users.get(userId), origin));
    return { success: true };
  }
}
