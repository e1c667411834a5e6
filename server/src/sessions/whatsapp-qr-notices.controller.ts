import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { BotIncoming, BotStatusNotice, Done } from '@patchbay/contract';
import type { z } from 'zod';
import { ForSessionProcess } from '../auth/needs.js';
import { Answers } from '../http/answers.js';
import { BotNotices } from './bot-notices.js';

/** What a separate session process tells. */
@ApiTags('Chatbots')
@Controller('api/whatsapp-qr')
export class WhatsappQrNoticesController {
  constructor(private readonly notices: BotNotices) {}

  @ForSessionProcess()
  @Post('webhook')
  @HttpCode(200)
  @ApiOperation({ summary: 'A separate session process tells how a session is' })
  @Answers(200, Done, 'session_not_found', 'session_not_connected')
  async webhook(
    @Body({ schema: BotStatusNotice }) told: BotStatusNotice,
  ): Promise<z.infer<typeof Done>> {
    await this.notices.status(told);
    return { success: true };
  }

  @ForSessionProcess()
  @Post('incoming')
  @HttpCode(200)
  @ApiOperation({
    summary: 'A separate session process tells of a message; it is stored once this is answered',
  })
  @Answers(200, Done, 'session_not_found', 'session_not_connected')
  async incoming(@Body({ schema: BotIncoming }) told: BotIncoming): Promise<z.infer<typeof Done>> {
    await this.notices.incoming(told);
    return { success: true };
  }
}
