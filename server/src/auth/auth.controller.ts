import { Body, Controller, Get, HttpCode, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Done, Me, SignIn } from '@patchbay/contract';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { Answers } from '../http/answers.js';
import { ApiError } from '../http/api-error.js';
import { Instance } from '../instance.js';
import { COOKIE } from './credentials.js';
import { InstanceKey } from './instance-key.js';
import { Needs, Open } from './needs.js';
import type { Principal } from './principal.js';
import { Caller } from './principal.js';

@ApiTags('Signing in')
@Controller('api')
export class AuthController {
  constructor(
    private readonly instanceKey: InstanceKey,
    private readonly instance: Instance,
  ) {}

  @Open()
  @Post('auth/sign-in')
  @HttpCode(200)
  @ApiOperation({ summary: 'Exchange the API key for a browser cookie' })
  @Answers(200, Done)
  signIn(
    @Body({ schema: SignIn }) { apiKey }: SignIn,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): z.infer<typeof Done> {
    if (!this.instanceKey.matches(apiKey))
      throw new ApiError('unauthorized', 'This is not the API key');
    const { value, maxAge } = this.instanceKey.cookie();
    const secure = reply.request.protocol === 'https';
    reply.setCookie(COOKIE, value, {
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
      secure,
      maxAge,
    });
    return { success: true };
  }

  @Post('auth/sign-out')
  @Needs('read')
  @HttpCode(200)
  @ApiOperation({ summary: 'Forget the browser cookie' })
  @Answers(200, Done)
  signOut(@Res({ passthrough: true }) reply: FastifyReply): z.infer<typeof Done> {
    reply.clearCookie(COOKIE, { path: '/' });
    return { success: true };
  }

  @Get('me')
  @Needs('read')
  @ApiOperation({ summary: 'Who is asking, and what this server is' })
  @Answers(200, Me)
  me(@Caller() { userId }: Principal): Me {
    const { version, sandboxUrl, maxUploadBytes } = this.instance;
    const sandbox = sandboxUrl ? { pageUrl: sandboxUrl } : null;
    return { userId, version, sandbox, maxUploadBytes };
  }
}
