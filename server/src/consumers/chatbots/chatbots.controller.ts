import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Put,
  Query,
} from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  ChangeChatbot,
  Chatbot,
  ChatbotList,
  ChatbotUsage,
  Conversation,
  ConversationMessagePage,
  ConversationPage,
  ConversationState,
  CreateChatbot,
  CreatedChatbot,
  Done,
  HandOver,
  TestChat,
  TestChatAnswer,
} from '@patchbay/contract';
import { z } from 'zod';
import { Audit } from '../../auth/audit.js';
import { Needs } from '../../auth/needs.js';
import type { Actor, Principal, SessionScope } from '../../auth/principal.js';
import { By, Caller, InSessionOfBody } from '../../auth/principal.js';
import { Answers } from '../../http/answers.js';
import { decodeCursor, encodeCursor } from '../../http/cursor.js';
import { BackwardPage, ForwardPage } from '../../http/page-query.js';
import { Chatbots } from './chatbots.js';
import { messageView, toConversation } from './conversation-view.js';

const Id = z.uuid();
const ConversationQuery = ForwardPage.extend({
  state: ConversationState.optional(),
  chatId: z.string().min(1).max(128).optional(),
});
const UsageQuery = z.object({ days: z.coerce.number().int().min(1).max(366).default(30) });

@ApiTags('Chatbots')
@Controller('api/chatbots')
export class ChatbotsController {
  constructor(
    private readonly chatbots: Chatbots,
    private readonly audit: Audit,
  ) {}

  @Get()
  @Needs('read')
  @ApiOperation({ summary: 'All chatbots, oldest first' })
  @Answers(200, ChatbotList)
  async list(@Caller() caller: Principal): Promise<ChatbotList> {
    return { chatbots: await this.chatbots.list(caller) };
  }

  @Post()
  @Needs('manage')
  @ApiOperation({ summary: 'A chatbot for a session; it reads what comes from now on' })
  @Answers(
    201,
    CreatedChatbot,
    'session_not_found',
    'chatbot_exists',
    'chatbot_incomplete',
    'url_refused',
  )
  async create(
    @By() by: Actor,
    @InSessionOfBody() { ownerId }: SessionScope,
    @Body({ schema: CreateChatbot }) body: CreateChatbot,
  ): Promise<CreatedChatbot> {
    const { row, webhookSecret } = await this.chatbots.store.create(ownerId, body, (id) => [
      this.audit.step(by, 'chatbot.created', id, { sessionId: body.sessionId }),
    ]);
    return { ...this.chatbots.store.view(row), webhookSecret };
  }

  @Get(':id')
  @Needs('read')
  @ApiOperation({ summary: 'One chatbot, without its secrets' })
  @Answers(200, Chatbot, 'chatbot_not_found')
  async get(
    @Caller() caller: Principal,
    @Param('id', { schema: Id }) id: string,
  ): Promise<Chatbot> {
    return this.chatbots.store.view(await this.chatbots.find(caller, id));
  }

  @Patch(':id')
  @Needs('manage')
  @ApiOperation({ summary: 'Change a chatbot; fields that are absent stay as they are' })
  @Answers(200, Chatbot, 'chatbot_not_found', 'chatbot_incomplete', 'url_refused')
  async change(
    @By() by: Actor,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: ChangeChatbot }) body: ChangeChatbot,
  ): Promise<Chatbot> {
    const row = await this.chatbots.findToManage(by.principal, id);
    const note = this.audit.step(by, 'chatbot.changed', id, { fields: Object.keys(body) });
    return this.chatbots.store.view(await this.chatbots.store.change(row, body, [note]));
  }

  @Delete(':id')
  @Needs('manage')
  @ApiOperation({ summary: 'Delete a chatbot with its conversations; the chats stay' })
  @Answers(200, Done, 'chatbot_not_found')
  async delete(
    @By() by: Actor,
    @Param('id', { schema: Id }) id: string,
  ): Promise<z.infer<typeof Done>> {
    const row = await this.chatbots.findToManage(by.principal, id);
    await this.chatbots.store.delete(row, [this.audit.step(by, 'chatbot.deleted', id)]);
    return { success: true };
  }

  @Post(':id/test')
  @Needs('manage')
  @HttpCode(200)
  @ApiOperation({ summary: 'What the chatbot would answer; nothing is sent, tokens count' })
  @Answers(200, TestChatAnswer, 'chatbot_not_found', 'chatbot_incomplete', 'no_answer')
  async test(
    @Caller() caller: Principal,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: TestChat }) body: TestChat,
  ): Promise<TestChatAnswer> {
    return await this.chatbots.test(await this.chatbots.findToManage(caller, id), body);
  }

  @Get(':id/usage')
  @Needs('read')
  @ApiOperation({ summary: 'Messages, answers and tokens by day (UTC), oldest first' })
  @Answers(200, ChatbotUsage, 'chatbot_not_found')
  async usage(
    @Caller() caller: Principal,
    @Param('id', { schema: Id }) id: string,
    @Query({ schema: UsageQuery }) { days }: z.infer<typeof UsageQuery>,
  ): Promise<ChatbotUsage> {
    const row = await this.chatbots.find(caller, id);
    return { days: await this.chatbots.usage.days(row.id, Date.now(), days) };
  }

  @Get(':id/conversations')
  @Needs('read')
  @ApiOperation({ summary: 'Conversations, newest first' })
  @Answers(200, ConversationPage, 'chatbot_not_found')
  async conversations(
    @Caller() caller: Principal,
    @Param('id', { schema: Id }) id: string,
    @Query({ schema: ConversationQuery }) query: z.infer<typeof ConversationQuery>,
  ): Promise<ConversationPage> {
    const { limit, after, ...filter } = query;
    const bot = await this.chatbots.find(caller, id);
    const place = after === undefined ? undefined : decodeCursor(after, ['number', 'string']);
    const rows = await this.chatbots.conversations.list(bot.id, filter, limit, place);
    const last = rows.at(-1);
    return {
      conversations: rows.map(toConversation),
      after: last && rows.length === limit ? encodeCursor(last.last_message_at, last.id) : null,
    };
  }

  @Get(':id/conversations/:conversationId/messages')
  @Needs('read')
  @ApiOperation({ summary: 'What was said in a conversation, newest first' })
  @Answers(200, ConversationMessagePage, 'chatbot_not_found', 'conversation_not_found')
  async messages(
    @Caller() caller: Principal,
    @Param('id', { schema: Id }) id: string,
    @Param('conversationId', { schema: Id }) conversationId: string,
    @Query({ schema: BackwardPage }) { limit, before }: BackwardPage,
  ): Promise<ConversationMessagePage> {
    const bot = await this.chatbots.find(caller, id);
    const { id: found } = await this.chatbots.conversations.find(bot.id, conversationId);
    const [place] = before ? decodeCursor(before, ['number']) : [Number.MAX_SAFE_INTEGER];
    const rows = await this.chatbots.conversations.said(found, place, limit);
    const last = rows.at(-1);
    return {
      messages: rows.map(messageView),
      before: last && rows.length === limit ? encodeCursor(last.position) : null,
    };
  }

  @Put(':id/conversations/:conversationId/state')
  @Needs('send')
  @HttpCode(200)
  @ApiOperation({ summary: 'Who answers from now on: the bot, people, nobody' })
  @Answers(200, Conversation, 'chatbot_not_found', 'conversation_not_found')
  async handOver(
    @Caller() caller: Principal,
    @Param('id', { schema: Id }) id: string,
    @Param('conversationId', { schema: Id }) conversationId: string,
    @Body({ schema: HandOver }) { state }: HandOver,
  ): Promise<Conversation> {
    const bot = await this.chatbots.find(caller, id);
    const { conversations } = this.chatbots;
    const found = await conversations.find(bot.id, conversationId);
    await this.chatbots.handOver(bot, found, state, 'person');
    const [row] = await conversations.list(bot.id, { chatId: found.chat_id }, 1);
    return toConversation(row ?? { ...found, name: null, last: null });
  }
}
