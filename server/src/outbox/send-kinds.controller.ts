import { Body, Controller, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  ForwardMessage,
  MessageId,
  type SendAnswer,
  SendMessage,
  SendWait,
} from '@patchbay/contract';
import type { FastifyReply } from 'fastify';
import { Needs } from '../auth/needs.js';
import type { SessionScope } from '../auth/principal.js';
import { InSession } from '../auth/principal.js';
import { SendableContent } from '../chats/sendable-content.js';
import { IdempotencyKey, Sends } from './send-route.js';
import { Sending } from './sending.js';

/** The one door for all kinds of messages but files. */
@ApiTags('Sending')
@Controller('api/sessions/:id')
export class SendKindsController {
  constructor(
    private readonly kinds: SendableContent,
    private readonly sending: Sending,
  ) {}

  @Post('send')
  @Needs('send')
  @Sends(
    'Accept a message of any kind, or an action on one, for sending',
    'message_not_yours',
    'unknown_option',
    'too_late',
    'wrong_kind',
  )
  async send(
    @InSession() { id, ownerId }: SessionScope,
    @Body({ schema: SendMessage }) { content, audience, ...where }: SendMessage,
    @Query({ schema: SendWait }) wait: SendWait,
    @IdempotencyKey() idempotencyKey: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SendAnswer> {
    const request = {
      ...where,
      content: (chatJid: string) => this.kinds.from({ sessionId: id, chatJid }, content, audience),
      said: { content, audience },
      idempotencyKey,
    };
    return await this.sending.answer(reply, ownerId, id, request, wait);
  }

  @Post('messages/:messageId/forward')
  @Needs('send')
  @Sends('Pass a message on to another chat', 'wrong_kind')
  async forward(
    @InSession() { id, ownerId }: SessionScope,
    @Param('messageId', { schema: MessageId }) messageId: string,
    @Body({ schema: ForwardMessage }) where: ForwardMessage,
    @Query({ schema: SendWait }) wait: SendWait,
    @IdempotencyKey() idempotencyKey: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SendAnswer> {
    const request = {
      ...where,
      content: () => this.kinds.forwarded(id, messageId),
      said: { forward: messageId },
      idempotencyKey,
    };
    return await this.sending.answer(reply, ownerId, id, request, wait);
  }
}
