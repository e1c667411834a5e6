import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { SendAnswer, SendText, SessionId } from '@patchbay/contract';
import type { Principal } from '../auth/principal.js';
import { Caller } from '../auth/principal.js';
import { chatJidOf } from '../chats/chat-address.js';
import { MessageStore } from '../chats/message-store.js';
import { Database } from '../db/database.js';
import { Answers } from '../http/answers.js';
import { ApiError } from '../http/api-error.js';
import { fence } from '../sessions/fence.js';
import { SessionStore } from '../sessions/session-store.js';
import { Outbox } from './outbox.js';

@ApiTags('Sending')
@Controller('api/sessions/:id/send')
export class SendController {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionStore,
    private readonly messages: MessageStore,
    private readonly outbox: Outbox,
  ) {}

  @Post('text')
  @HttpCode(202)
  @ApiOperation({ summary: 'Accept a text for sending; its ticks follow as message.status events' })
  @Answers(
    202,
    SendAnswer,
    'session_not_found',
    'session_not_linked',
    'invalid_chat',
    'message_not_found',
  )
  async text(
    @Caller() { ownerId }: Principal,
    @Param('id', { schema: SessionId }) id: string,
    @Body({ schema: SendText }) body: SendText,
  ): Promise<SendAnswer> {
    const row = await this.sessions.find(id, ownerId);
    if (!row) throw new ApiError('session_not_found', `There is no session "${id}"`);
    if (row.linked !== 1) throw new ApiError('session_not_linked');
    const { text, quotedMessageId } = body;
    if (quotedMessageId && !(await this.messages.locate(id, quotedMessageId))) {
      throw new ApiError('message_not_found', 'quotedMessageId: the session has no such message');
    }
    const chatJid = chatJidOf(body.chatId);
    const content = { type: 'text' as const, text, ...(quotedMessageId && { quotedMessageId }) };
    const session = { id, ownerId, jid: row.jid };
    const advance = fence(this.database.kysely, id);
    const accepted = await this.outbox.accept(session, chatJid, content, advance);
    return { success: true, ...accepted, status: 'queued' };
  }
}
