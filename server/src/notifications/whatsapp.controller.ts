import { Body, Controller, Get, HttpCode, Post, Put, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  ChooseDefaultSession,
  ConnectionStatusAnswer,
  DefaultSessionAnswer,
  IsAuthenticatedAnswer,
  NewQrAnswer,
  NotificationAnswer,
  NumberCommandAnswer,
  NumberQrAnswer,
  NumberStatusAnswer,
  SendNotification,
  SendWait,
} from '@patchbay/contract';
import type { FastifyReply } from 'fastify';
import { Needs } from '../auth/needs.js';
import type { Actor, Principal } from '../auth/principal.js';
import { By, Caller } from '../auth/principal.js';
import { Answers } from '../http/answers.js';
import { IdempotencyKey, SendsAs } from '../outbox/send-route.js';
import { ASKED } from '../sessions/session-abilities.js';
import { NotificationSending } from './notification-sending.js';
import { OneNumber } from './one-number.js';

/** The notification API: one number, the caller's default session, in `{ success, data, message }`. */
@ApiTags('Notifications')
@Controller('api/whatsapp')
export class WhatsappController {
  constructor(
    private readonly number: OneNumber,
    private readonly sending: NotificationSending,
  ) {}

  @Get('status')
  @Needs('read')
  @ApiOperation({ summary: 'Whether messages go out' })
  @Answers(200, NumberStatusAnswer)
  async status(@Caller() caller: Principal): Promise<NumberStatusAnswer> {
    return { success: true, data: await this.number.status(caller) };
  }

  @Get('connection-status')
  @Needs('read')
  @ApiOperation({
    summary: 'How the connection is, since when, and until when a QR can be scanned',
  })
  @Answers(200, ConnectionStatusAnswer)
  async connectionStatus(@Caller() caller: Principal): Promise<ConnectionStatusAnswer> {
    return { success: true, data: await this.number.connectionStatus(caller) };
  }

  @Get('is-authenticated')
  @Needs('read')
  @ApiOperation({ summary: 'Whether a number is linked' })
  @Answers(200, IsAuthenticatedAnswer)
  async isAuthenticated(@Caller() caller: Principal): Promise<IsAuthenticatedAnswer> {
    return { success: true, data: await this.number.isAuthenticated(caller) };
  }

  @Get('qr')
  @Needs('manage')
  @ApiOperation({ summary: 'The QR to scan now; makes a session for who has none' })
  @Answers(200, NumberQrAnswer, 'qr_not_available', 'session_already_connected', 'no_free_slot')
  async qr(@By() by: Actor): Promise<NumberQrAnswer> {
    return { success: true, data: await this.number.qr(by) };
  }

  @Get('admin/qr-code')
  @Needs('admin')
  @ApiOperation({ summary: 'A new QR, of a new connection' })
  @Answers(200, NewQrAnswer, 'qr_not_available', 'session_already_connected', 'no_free_slot')
  async newQr(@By() by: Actor): Promise<NewQrAnswer> {
    return { success: true, data: await this.number.newQr(by) };
  }

  @Post('send')
  @Needs('send')
  @SendsAs(
    NotificationAnswer,
    'Accept a text for a phone number that is on WhatsApp',
    'invalid_phone',
    'not_on_whatsapp',
    ...ASKED,
  )
  async send(
    @Caller() caller: Principal,
    @Body({ schema: SendNotification }) body: SendNotification,
    @Query({ schema: SendWait }) wait: SendWait,
    @IdempotencyKey() idempotencyKey: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<NotificationAnswer> {
    return await this.sending.send(reply, caller, body, idempotencyKey, wait);
  }

  @Post('disconnect')
  @Needs('admin')
  @HttpCode(200)
  @ApiOperation({ summary: 'Close the connection, keep the credentials' })
  @Answers(200, NumberCommandAnswer, 'session_not_found')
  async disconnect(@By() by: Actor): Promise<NumberCommandAnswer> {
    return await this.number.disconnect(by);
  }

  @Post('reconnect')
  @Needs('admin')
  @HttpCode(200)
  @ApiOperation({ summary: 'Open the connection anew; makes a session for who has none' })
  @Answers(200, NumberCommandAnswer, 'no_free_slot')
  async reconnect(@By() by: Actor): Promise<NumberCommandAnswer> {
    return await this.number.reconnect(by);
  }

  @Get('session')
  @Needs('read')
  @ApiOperation({ summary: 'For which session all of this speaks' })
  @Answers(200, DefaultSessionAnswer)
  async session(@Caller() caller: Principal): Promise<DefaultSessionAnswer> {
    return { success: true, data: await this.number.default(caller) };
  }

  @Put('session')
  @Needs('send')
  @ApiOperation({ summary: 'Choose it; null: the oldest of the caller’s own' })
  @Answers(200, DefaultSessionAnswer, 'session_not_found')
  async choose(
    @Caller() caller: Principal,
    @Body({ schema: ChooseDefaultSession }) { sessionId }: ChooseDefaultSession,
  ): Promise<DefaultSessionAnswer> {
    return { success: true, data: await this.number.choose(caller, sessionId) };
  }
}
