import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Message, MessageId } from '@patchbay/contract';
import { z } from 'zod';
import { Needs } from '../auth/needs.js';
import type { SessionScope } from '../auth/principal.js';
import { InSession } from '../auth/principal.js';
import { Answers } from '../http/answers.js';
import { ApiError } from '../http/api-error.js';
import { MessagePages } from './message-pages.js';
import { MessageStore } from './message-store.js';

const WithRaw = z.object({ raw: z.enum(['0', '1']).default('0') }).strict();
type WithRaw = z.infer<typeof WithRaw>;

@ApiTags('Chats')
@Controller('api/sessions/:id/messages')
export class MessageController {
  constructor(
    private readonly messages: MessageStore,
    private readonly pages: MessagePages,
  ) {}

  @Get(':messageId')
  @Needs('read')
  @ApiOperation({
    summary: 'One message; with `raw=1` also as the engine has it, in base64',
  })
  @Answers(200, Message, 'session_not_found', 'message_not_found')
  async one(
    @InSession() { id }: SessionScope,
    @Param('messageId', { schema: MessageId }) messageId: string,
    @Query({ schema: WithRaw }) { raw }: WithRaw,
  ): Promise<Message> {
    const message = await this.pages.one(id, messageId);
    if (!message) {
      throw new ApiError('message_not_found', `The session has no message ${messageId}`);
    }
    const bytes = raw === '1' ? await this.messages.raw(id, messageId) : undefined;
    return { ...message, ...(bytes && { raw: Buffer.from(bytes).toString('base64') }) };
  }
}
