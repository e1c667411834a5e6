import { Body, Controller, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type SendAnswer, SendText, SendWait } from '@patchbay/contract';
import type { FastifyReply } from 'fastify';
import { Needs } from '../auth/needs.js';
import type { SessionScope } from '../auth/principal.js';
import { InSession } from '../auth/principal.js';
import { SendableContent } from '../chats/sendable-content.js';
import { IdempotencyKey, Sends } from './send-route.js';
import { Sending } from './sending.js';

@ApiTags('Sending')
@Controller('api/sessions/:id/send')
export class SendController {
  constructor(
    private readonly kinds: SendableContent,
    private readonly sending: Sending,
  ) {}

  @Post('text')
  @Needs('send')
  @Sends('Accept a text for sending; its ticks follow as message.status events')
  async text(
    @InSession() { id, ownerId }: SessionScope,
    @Body({ schema: SendText }) body: SendText,
    @Query({ schema: SendWait }) wait: SendWait,
    @IdempotencyKey() idempotencyKey: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SendAnswer> {
    const { chatId, sendAt, expiresAt, text, quotedMessageId, linkPreview } = body;
    const content = { type: 'text' as const, text, ...(quotedMessageId && { quotedMessageId }) };
    const request = {
      ...{ chatId, sendAt, expiresAt, idempotencyKey },
      ...(linkPreview
        ? {
            content: () => this.kinds.withPreview({ ...content, linkPreview }),
            said: { ...content, linkPreview },
          }
        : { content }),
    };
    return await this.sending.answer(reply, ownerId, id, request, wait);
  }
}
