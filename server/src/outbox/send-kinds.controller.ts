import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { MessageContent } from '@patchbay/contract';
import { ForwardMessage, MessageId, SendAnswer, SendMessage, SessionId } from '@patchbay/contract';
import type { Principal } from '../auth/principal.js';
import { Caller } from '../auth/principal.js';
import { chatJidOf } from '../chats/chat-address.js';
import { MessageStore } from '../chats/message-store.js';
import { SendableContent } from '../chats/sendable-content.js';
import { Database } from '../db/database.js';
import { Answers } from '../http/answers.js';
import { ApiError } from '../http/api-error.js';
import { fence } from '../sessions/fence.js';
import { SessionStore } from '../sessions/session-store.js';
import { Outbox, type SendingSession } from './outbox.js';

/** The one door for all kinds of messages. */
@ApiTags('Sending')
@Controller('api/sessions/:id')
export class SendKindsController {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionStore,
    private readonly messages: MessageStore,
    private readonly kinds: SendableContent,
    private readonly outbox: Outbox,
  ) {}

  @Post('send')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Accept a message of any kind, or an action on one, for sending',
    description: 'Files are sent by /send/media and /send/audio.',
  })
  @Answers(
    202,
    SendAnswer,
    'session_not_found',
    'session_not_linked',
    'invalid_chat',
    'message_not_found',
    'message_not_yours',
    'unknown_option',
    'too_late',
    'wrong_kind',
  )
  async send(
    @Caller() { ownerId }: Principal,
    @Param('id', { schema: SessionId }) id: string,
    @Body({ schema: SendMessage }) { chatId, content, audience }: SendMessage,
  ): Promise<SendAnswer> {
    const session = await this.session(ownerId, id);
    const chatJid = chatJidOf(chatId);
    const sendable = await this.kinds.from({ sessionId: id, chatJid }, content, audience);
    return await this.accept(session, chatJid, sendable);
  }

  @Post('messages/:messageId/forward')
  @HttpCode(202)
  @ApiOperation({ summary: 'Pass a message on to another chat' })
  @Answers(
    202,
    SendAnswer,
    'session_not_found',
    'session_not_linked',
    'invalid_chat',
    'message_not_found',
    'wrong_kind',
  )
  async forward(
    @Caller() { ownerId }: Principal,
    @Param('id', { schema: SessionId }) id: string,
    @Param('messageId', { schema: MessageId }) messageId: string,
    @Body({ schema: ForwardMessage }) { chatId }: ForwardMessage,
  ): Promise<SendAnswer> {
    const session = await this.session(ownerId, id);
    const content = await this.kinds.forwarded(id, messageId);
    return await this.accept(session, chatJidOf(chatId), content);
  }

  private async session(ownerId: string, id: string): Promise<SendingSession> {
    const row = await this.sessions.find(id, ownerId);
    if (!row) throw new ApiError('session_not_found', `There is no session "${id}"`);
    if (row.linked !== 1) throw new ApiError('session_not_linked');
    return { id, ownerId, jid: row.jid };
  }

  private async accept(
    session: SendingSession,
    chatJid: string,
    content: MessageContent,
  ): Promise<SendAnswer> {
    const quotedId = 'quotedMessageId' in content ? content.quotedMessageId : undefined;
    if (quotedId && !(await this.messages.locate(session.id, quotedId))) {
      throw new ApiError('message_not_found', 'quotedMessageId: the session has no such message');
    }
    const advance = fence(this.database.kysely, session.id);
    const accepted = await this.outbox.accept(session, chatJid, content, advance);
    return { success: true, ...accepted, status: 'queued' };
  }
}
