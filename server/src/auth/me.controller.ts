import { Body, Controller, Get, HttpCode, Patch, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ChangeMe, Me, UpdatePhone } from '@patchbay/contract';
import { Answers } from '../http/answers.js';
import { Instance } from '../instance.js';
import { Needs } from './needs.js';
import type { Principal } from './principal.js';
import { Caller } from './principal.js';
import { Users } from './users.js';

@ApiTags('Users')
@Controller('api')
export class MeController {
  constructor(
    private readonly instance: Instance,
    private readonly users: Users,
  ) {}

  @Get('me')
  @Needs('read')
  @ApiOperation({ summary: 'Who is asking, and what this server is' })
  @Answers(200, Me)
  async me(@Caller() caller: Principal): Promise<Me> {
    const { version, sandboxUrl, maxUploadBytes, maxSessionsPerUser } = this.instance;
    const user = await this.users.find(caller.userId);
    return {
      userId: caller.userId,
      name: user?.name ?? null,
      email: user?.email ?? null,
      role: caller.role,
      actions: [...caller.actions],
      sessions: caller.sessions === 'all' ? null : [...caller.sessions],
      whatsappPhone: user?.whatsapp_phone ?? null,
      onboarded: user?.onboarded !== 0,
      maxSessions: caller.isOperator ? null : maxSessionsPerUser,
      version,
      sandbox: sandboxUrl ? { pageUrl: sandboxUrl } : null,
      maxUploadBytes,
    };
  }

  @Patch('me')
  @Needs('person')
  @ApiOperation({ summary: 'Change the caller’s name, or note that the first steps are done' })
  @Answers(200, Me, 'user_not_found')
  async change(
    @Caller() caller: Principal,
    @Body({ schema: ChangeMe }) { name, onboarded }: ChangeMe,
  ): Promise<Me> {
    await this.users.describe(caller.userId, {
      ...(name !== undefined && { name }),
      ...(onboarded && { onboarded: 1 }),
    });
    return await this.me(caller);
  }

  @Post('users/update-phone')
  @Needs('person')
  @HttpCode(200)
  @ApiOperation({ summary: 'Set the caller’s own WhatsApp number' })
  @Answers(200, Me, 'user_not_found')
  async updatePhone(
    @Caller() caller: Principal,
    @Body({ schema: UpdatePhone }) { whatsappPhone }: UpdatePhone,
  ): Promise<Me> {
    await this.users.describe(caller.userId, { whatsapp_phone: whatsappPhone, onboarded: 1 });
    return await this.me(caller);
  }
}
