import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  Chat,
  ChatPage,
  MessagePage,
  SearchPage,
  SharedKind,
  SharedPage,
} from '@patchbay/contract';
import { z } from 'zod';
import { Needs } from '../auth/needs.js';
import type { SessionScope } from '../auth/principal.js';
import { InSession } from '../auth/principal.js';
import { Answers } from '../http/answers.js';
import { BackwardPage, ForwardPage, ThreadPage } from '../http/page-query.js';
import { chatJidOf } from './chat-address.js';
import { ChatPages } from './chat-pages.js';
import { ChatStore } from './chat-store.js';
import { MessagePages } from './message-pages.js';
import { MessageSearch, SearchQuery } from './search/message-search.js';
import { SharedFiles } from './shared-files.js';

const ChatId = z.string().min(1).max(128);
const SharedQuery = ForwardPage.extend({ kind: SharedKind.default('media') });
type SharedQuery = z.infer<typeof SharedQuery>;

@ApiTags('Chats')
@Controller('api/sessions/:id')
export class ChatsController {
  constructor(
    private readonly chats: ChatStore,
    private readonly pages: ChatPages,
    private readonly messages: MessagePages,
    private readonly finder: MessageSearch,
    private readonly files: SharedFiles,
  ) {}

  @Get('chats')
  @Needs('read')
  @ApiOperation({ summary: 'Chats of the session by recency' })
  @Answers(200, ChatPage, 'session_not_found')
  async list(
    @InSession() { id }: SessionScope,
    @Query({ schema: ForwardPage }) query: ForwardPage,
  ): Promise<ChatPage> {
    return await this.pages.list(id, query);
  }

  @Get('chats/:chatId')
  @Needs('read')
  @ApiOperation({ summary: 'One chat' })
  @Answers(200, Chat, 'session_not_found', 'chat_not_found', 'invalid_chat')
  async one(
    @InSession() { id }: SessionScope,
    @Param('chatId', { schema: ChatId }) chatId: string,
  ): Promise<Chat> {
    return await this.pages.get(id, await this.chats.find(id, chatJidOf(chatId)));
  }

  @Get('chats/:chatId/messages')
  @Needs('read')
  @ApiOperation({
    summary:
      'A page of a chat, oldest first: the newest, those `before` or `after` a cursor, or `around` a message',
  })
  @Answers(200, MessagePage, 'session_not_found', 'chat_not_found', 'message_not_found')
  async thread(
    @InSession() { id }: SessionScope,
    @Param('chatId', { schema: ChatId }) chatId: string,
    @Query({ schema: ThreadPage }) query: ThreadPage,
  ): Promise<MessagePage> {
    const chat = await this.chats.find(id, chatJidOf(chatId));
    return await this.messages.read(id, { ...query, chatId: chat });
  }

  @Get('chats/:chatId/shared')
  @Needs('read')
  @ApiOperation({
    summary: 'What was shared in a chat, newest first: pictures and videos, documents, or links',
  })
  @Answers(200, SharedPage, 'session_not_found', 'chat_not_found', 'invalid_chat')
  async shared(
    @InSession() { id }: SessionScope,
    @Param('chatId', { schema: ChatId }) chatId: string,
    @Query({ schema: SharedQuery }) { kind, ...page }: SharedQuery,
  ): Promise<SharedPage> {
    return await this.files.page(id, await this.chats.find(id, chatJidOf(chatId)), kind, page);
  }

  @Get('messages')
  @Needs('read')
  @ApiOperation({ summary: 'The newest messages of all chats, oldest first' })
  @Answers(200, MessagePage, 'session_not_found')
  async recent(
    @InSession() { id }: SessionScope,
    @Query({ schema: BackwardPage }) query: BackwardPage,
  ): Promise<MessagePage> {
    return await this.messages.read(id, query);
  }

  @Get('messages/search')
  @Needs('read')
  @ApiOperation({
    summary:
      'Messages with all words of `q`, newest first; "in quotation marks": words that follow each other',
  })
  @Answers(200, SearchPage, 'session_not_found', 'chat_not_found', 'invalid_chat')
  async search(
    @InSession() { id }: SessionScope,
    @Query({ schema: SearchQuery }) query: SearchQuery,
  ): Promise<SearchPage> {
    return await this.finder.search(id, query);
  }
}
