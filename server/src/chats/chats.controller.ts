import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ChatPage, MessagePage, SessionId } from '@patchbay/contract';
import { z } from 'zod';
import type { Principal } from '../auth/principal.js';
import { Caller } from '../auth/principal.js';
import { Answers } from '../http/answers.js';
import { ApiError } from '../http/api-error.js';
import { BackwardPage, ForwardPage } from '../http/page-query.js';
import { SessionStore } from '../sessions/session-store.js';
import { chatJidOf } from './chat-address.js';
import { ChatStore } from './chat-store.js';
import { MessagePages } from './message-pages.js';

const ChatId = z.string().min(1).max(128);

@ApiTags('Chats')
@Controller('api/sessions/:id')
export class ChatsController {
  constructor(
    private readonly sessions: SessionStore,
    private readonly chats: ChatStore,
    private readonly messages: MessagePages,
  ) {}

  @Get('chats')
  @ApiOperation({ summary: 'Chats of the session by recency' })
  @Answers(200, ChatPage, 'session_not_found')
  async list(
    @Caller() caller: Principal,
    @Param('id', { schema: SessionId }) id: string,
    @Query({ schema: ForwardPage }) query: ForwardPage,
  ): Promise<ChatPage> {
    await this.scope(caller, id);
    return await this.chats.list(id, query);
  }

  @Get('chats/:chatId/messages')
  @ApiOperation({ summary: 'A page of a chat, oldest first; `before` goes further back' })
  @Answers(200, MessagePage, 'session_not_found', 'chat_not_found')
  async thread(
    @Caller() caller: Principal,
    @Param('id', { schema: SessionId }) id: string,
    @Param('chatId', { schema: ChatId }) chatId: string,
    @Query({ schema: BackwardPage }) query: BackwardPage,
  ): Promise<MessagePage> {
    await this.scope(caller, id);
    const chat = await this.chats.find(id, chatJidOf(chatId));
    return await this.messages.read(id, { ...query, chatId: chat });
  }

  @Get('messages')
  @ApiOperation({ summary: 'The newest messages of all chats, oldest first' })
  @Answers(200, MessagePage, 'session_not_found')
  async recent(
    @Caller() caller: Principal,
    @Param('id', { schema: SessionId }) id: string,
    @Query({ schema: BackwardPage }) query: BackwardPage,
  ): Promise<MessagePage> {
    await this.scope(caller, id);
    return await this.messages.read(id, query);
  }

  private async scope({ ownerId }: Principal, id: string): Promise<void> {
    const row = await this.sessions.find(id, ownerId);
    if (!row) throw new ApiError('session_not_found', `There is no session "${id}"`);
  }
}
