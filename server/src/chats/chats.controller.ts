import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Chat, ChatPage, MessagePage, SearchPage, SessionId } from '@patchbay/contract';
import { z } from 'zod';
import type { Principal } from '../auth/principal.js';
import { Caller } from '../auth/principal.js';
import { Answers } from '../http/answers.js';
import { ApiError } from '../http/api-error.js';
import { BackwardPage, ForwardPage, ThreadPage } from '../http/page-query.js';
import { SessionStore } from '../sessions/session-store.js';
import { chatJidOf } from './chat-address.js';
import { ChatPages } from './chat-pages.js';
import { ChatStore } from './chat-store.js';
import { MessagePages } from './message-pages.js';
import { MessageSearch, SearchQuery } from './search/message-search.js';

const ChatId = z.string().min(1).max(128);

@ApiTags('Chats')
@Controller('api/sessions/:id')
export class ChatsController {
  constructor(
    private readonly sessions: SessionStore,
    private readonly chats: ChatStore,
    private readonly pages: ChatPages,
    private readonly messages: MessagePages,
    private readonly finder: MessageSearch,
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
    return await this.pages.list(id, query);
  }

  @Get('chats/:chatId')
  @ApiOperation({ summary: 'One chat' })
  @Answers(200, Chat, 'session_not_found', 'chat_not_found', 'invalid_chat')
  async one(
    @Caller() caller: Principal,
    @Param('id', { schema: SessionId }) id: string,
    @Param('chatId', { schema: ChatId }) chatId: string,
  ): Promise<Chat> {
    await this.scope(caller, id);
    return await this.pages.get(id, await this.chats.find(id, chatJidOf(chatId)));
  }

  @Get('chats/:chatId/messages')
  @ApiOperation({
    summary:
      'A page of a chat, oldest first: the newest, those `before` or `after` a cursor, or `around` a message',
  })
  @Answers(200, MessagePage, 'session_not_found', 'chat_not_found', 'message_not_found')
  async thread(
    @Caller() caller: Principal,
    @Param('id', { schema: SessionId }) id: string,
    @Param('chatId', { schema: ChatId }) chatId: string,
    @Query({ schema: ThreadPage }) query: ThreadPage,
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

  @Get('messages/search')
  @ApiOperation({
    summary:
      'Messages with all words of `q`, newest first; "in quotation marks": words that follow each other',
  })
  @Answers(200, SearchPage, 'session_not_found', 'chat_not_found', 'invalid_chat')
  async search(
    @Caller() caller: Principal,
    @Param('id', { schema: SessionId }) id: string,
    @Query({ schema: SearchQuery }) query: SearchQuery,
  ): Promise<SearchPage> {
    await this.scope(caller, id);
    return await this.finder.search(id, query);
  }

  private async scope({ ownerId }: Principal, id: string): Promise<void> {
    const row = await this.sessions.find(id, ownerId);
    if (!row) throw new ApiError('session_not_found', `There is no session "${id}"`);
  }
}
