import { timingSafeEqual } from 'node:crypto';
import { Body, Controller, Get, HttpCode, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Done, SetUp, SetUpState } from '@patchbay/contract';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { Answers } from '../http/answers.js';
import { ApiError } from '../http/api-error.js';
import { originOf, setCookie } from './browser-cookie.js';
import { InstanceKey } from './instance-key.js';
import { Logins } from './logins.js';
import { Open } from './needs.js';
import { Users } from './users.js';

/** Makes the first admin, once. */
@ApiTags('Signing in')
@Controller('api/setup')
export class SetUpController {
  constructor(
    private readonly instanceKey: InstanceKey,
    private readonly users: Users,
    private readonly logins: Logins,
  ) {}

  @Open()
  @Get()
  @ApiOperation({ summary: 'Whether there is no user yet; open to everyone' })
  @Answers(200, SetUpState)
  async state(): Promise<SetUpState> {
    return { needed: await this.users.none() };
  }

  @Open()
  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Create the first admin, and sign in; needs the token that the server printed',
  })
  @Answers(200, Done, 'already_set_up')
  async setUp(
    @Body({ schema: SetUp }) { token, ...user }: SetUp,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof Done>> {
    const origin = originOf(reply.request);
    if (!isSame(token, this.instanceKey.setUpToken()) && !this.instanceKey.matches(token)) {
      // Only who does not have it waits: whoever guesses must not keep the operator out.
      await this.logins.guarded(origin.address, () => {
        throw new ApiError(
          'unauthorized',
          'token: not the one that the server printed when it started, nor its API key',
        );
      });
    }
    const id = await this.users.setUp(user, origin.address);
    setCookie(reply, await this.logins.open(await this.users.get(id), origin));
    return { success: true };
  }
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
