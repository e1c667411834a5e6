import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { SendAnswer } from '@patchbay/contract';
import { BotQr, BotSend, BotSession, InitBotSession, NameBotSession } from '@patchbay/contract';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Needs } from '../auth/needs.js';
import type { Actor, Principal, SessionScope } from '../auth/principal.js';
import { By, Caller, InSessionOfBody, InSessionOfPath } from '../auth/principal.js';
import { Answers } from '../http/answers.js';
import { IdempotencyKey, Sends } from '../outbox/send-route.js';
import { Sending } from '../outbox/sending.js';
import { BotSessions } from './bot-sessions.js';

/** Sessions and sending in the words of chatbot backends. */
@ApiTags('Chatbots')
@Controller('api/whatsapp-qr')
export class WhatsappQrController {
  constructor(
    private readonly bots: BotSessions,
    private readonly sending: Sending,
  ) {}

  @Post('init')
  @Needs('manage', { maybeNew: true })
  @HttpCode(200)
  @ApiOperation({ summary: 'Create or start a session; its QR follows within seconds' })
  @Answers(
    200,
    BotSession,
    'chatbot_not_found',
    'slot_connected',
    'no_free_slot',
    'session_process_away',
  )
  async init(
    @By() by: Actor,
    @Body({ schema: InitBotSession }) body: InitBotSession,
  ): Promise<BotSession> {
    return await this.bots.init(by, body);
  }

  @Get('qr-code/:sessionId')
  @Needs('manage')
  @ApiOperation({ summary: 'The QR to scan now; never an expired one' })
  @Answers(200, BotQr, 'session_not_found', 'session_process_away')
  async qr(@InSessionOfPath() session: SessionScope): Promise<BotQr> {
    return await this.bots.qr(session);
  }

  @Get('status/:sessionId')
  @Needs('read')
  @ApiOperation({ summary: 'Status of a session' })
  @Answers(200, BotSession, 'session_not_found')
  async status(@InSessionOfPath() session: SessionScope): Promise<BotSession> {
    return await this.bots.status(session);
  }

  @Get('session/:chatbotId')
  @Needs('read')
  @ApiOperation({ summary: 'The session of a chatbot' })
  @Answers(200, BotSession, 'chatbot_not_found')
  async ofChatbot(
    @Caller() caller: Principal,
    @Param('chatbotId', { schema: z.uuid() }) chatbotId: string,
  ): Promise<BotSession> {
    return await this.bots.statusOfChatbot(caller, chatbotId);
  }

  @Post('send')
  @Needs('send')
  @Sends(
    'Accept a text for sending, if the session is connected',
    'session_not_connected',
    'session_process_away',
  )
  async send(
    @InSessionOfBody() session: SessionScope,
    @Body({ schema: BotSend }) { to, message }: BotSend,
    @IdempotencyKey() idempotencyKey: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SendAnswer> {
    await this.bots.refuseUnlessConnected(session);
    const content = { type: 'text' as const, text: message };
    const request = { chatId: to, content, idempotencyKey };
    return await this.sending.answer(reply, session.ownerId, session.id, request, { timeout: 0 });
  }

  @Post('disconnect')
  @Needs('manage')
  @HttpCode(200)
  @ApiOperation({ summary: 'Close the socket, keep the credentials' })
  @Answers(200, BotSession, 'session_not_found')
  async disconnect(
    @By() by: Actor,
    @InSessionOfBody() session: SessionScope,
    @Body({ schema: NameBotSession }) _body: NameBotSession,
  ): Promise<BotSession> {
    return await this.bots.disconnect(by, session);
  }
}
