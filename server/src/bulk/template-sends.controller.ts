import { Body, Controller, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type SendAnswer, SendTemplate, SendWait } from '@patchbay/contract';
import type { FastifyReply } from 'fastify';
import { Needs } from '../auth/needs.js';
import type { Principal, SessionScope } from '../auth/principal.js';
import { Caller, InSession } from '../auth/principal.js';
import { IdempotencyKey, Sends } from '../outbox/send-route.js';
import { Sending } from '../outbox/sending.js';
import { TemplateSends } from './template-sends.js';

/** One message made of a template. */
@ApiTags('Sending')
@Controller('api/sessions/:id/send-template')
export class TemplateSendsController {
  constructor(
    private readonly sends: TemplateSends,
    private readonly sending: Sending,
  ) {}

  @Post()
  @Needs('send')
  @Sends(
    'Accept one of your templates, filled in, for sending',
    'template_not_found',
    'template_invalid',
  )
  async send(
    @Caller() { userId }: Principal,
    @InSession() { id, ownerId }: SessionScope,
    @Body({ schema: SendTemplate }) body: SendTemplate,
    @Query({ schema: SendWait }) wait: SendWait,
    @IdempotencyKey() idempotencyKey: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SendAnswer> {
    const request = { ...this.sends.request(id, userId, body), idempotencyKey };
    return await this.sending.answer(reply, ownerId, id, request, wait);
  }
}
