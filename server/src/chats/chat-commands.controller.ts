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
  Res,
} from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import {
  AskForHistory,
  ChangeChat,
  ChangeLabel,
  Chat,
  Done,
  HistoryAsked,
  LabelList,
  ShowPresence,
  ShowTyping,
  WatchPresence,
} from '@patchbay/contract';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Needs } from '../auth/needs.js';
import type { SessionScope } from '../auth/principal.js';
import { InSession } from '../auth/principal.js';
import { Answers } from '../http/answers.js';
import { ASKED, SessionAbilities } from '../sessions/session-abilities.js';
import { personOf } from './chat-address.js';
import { ChatCommands } from './chat-commands.js';
import { ChatPages } from './chat-pages.js';

const ChatId = z.string().min(1).max(128);
const LabelId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,32}$/, 'letters, digits, "_" and "-", at most 32');
const PictureQuery = z.object({
  size: z.enum(['preview', 'image']).default('preview'),
  /** Changes with the picture, so that browsers ask again. */
  v: z.string().max(64).optional(),
});
const CallId = z.string().min(1).max(128);

@ApiTags('Chats')
@Controller('api/sessions/:id')
export class ChatCommandsController {
  constructor(
    private readonly commands: ChatCommands,
    private readonly pages: ChatPages,
    private readonly abilities: SessionAbilities,
  ) {}

  @Patch('chats/:chatId')
  @Needs('send')
  @ApiOperation({
    summary: 'Archive, pin, mute, mark as read or unread, set its timer; on the phone too',
  })
  @Answers(200, Chat, ...ASKED, 'chat_not_found', 'invalid_chat')
  async change(
    @InSession() session: SessionScope,
    @Param('chatId', { schema: ChatId }) chatId: string,
    @Body({ schema: ChangeChat }) body: ChangeChat,
  ): Promise<Chat> {
    return await this.commands.change(session, chatId, body);
  }

  @Delete('chats/:chatId')
  @Needs('manage')
  @ApiOperation({ summary: 'Delete the chat with its messages; on the phone too' })
  @Answers(200, Done, ...ASKED, 'chat_not_found', 'invalid_chat')
  async delete(
    @InSession() session: SessionScope,
    @Param('chatId', { schema: ChatId }) chatId: string,
  ) {
    await this.commands.delete(session, chatId);
    return { success: true };
  }

  @Post('chats/:chatId/history')
  @Needs('send')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Ask the phone for older messages of the chat',
    description:
      'They come as events with the source `history` when the phone is online; the event `session.history` with the `requestId` is the last of them.',
  })
  @Answers(202, HistoryAsked, ...ASKED, 'chat_not_found', 'invalid_chat', 'chat_is_empty')
  async askForHistory(
    @InSession() session: SessionScope,
    @Param('chatId', { schema: ChatId }) chatId: string,
    @Body({ schema: AskForHistory }) { count }: AskForHistory,
  ): Promise<HistoryAsked> {
    return { requestId: await this.commands.askForHistory(session, chatId, count) };
  }

  @Get('chats/:chatId/picture')
  @Needs('read')
  @ApiOperation({ summary: 'The picture of the person or group' })
  @ApiProduces('image/jpeg')
  @Answers(200, z.string(), ...ASKED, 'picture_not_found', 'invalid_chat')
  async picture(
    @InSession() session: SessionScope,
    @Param('chatId', { schema: ChatId }) chatId: string,
    @Query({ schema: PictureQuery }) { size }: z.infer<typeof PictureQuery>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { mimetype, bytes } = await this.commands.picture(session, chatId, size);
    const type = ['image/jpeg', 'image/png', 'image/webp'].includes(mimetype)
      ? mimetype
      : 'image/jpeg';
    reply.header('content-type', type).header('cache-control', 'private, max-age=3600');
    await reply.send(Buffer.from(bytes));
  }

  @Post('chats/:chatId/typing')
  @Needs('send')
  @HttpCode(200)
  @ApiOperation({ summary: 'Show that somebody types or records, or has stopped' })
  @Answers(200, Done, ...ASKED, 'invalid_chat')
  async typing(
    @InSession() session: SessionScope,
    @Param('chatId', { schema: ChatId }) chatId: string,
    @Body({ schema: ShowTyping }) { state }: ShowTyping,
  ) {
    await this.commands.showTyping(session, chatId, state);
    return { success: true };
  }

  @Put('presence')
  @Needs('send')
  @ApiOperation({ summary: 'Show the account as online or not; while online the phone is quiet' })
  @Answers(200, Done, ...ASKED)
  async presence(
    @InSession() session: SessionScope,
    @Body({ schema: ShowPresence }) { available }: ShowPresence,
  ) {
    await this.abilities.useEngine(session, (engine) => engine.sendPresence(available));
    return { success: true };
  }

  @Post('presence/watch')
  @Needs('read')
  @HttpCode(200)
  @ApiOperation({ summary: 'Be told by events `presence` when a contact comes and goes' })
  @Answers(200, Done, ...ASKED, 'invalid_chat')
  async watch(
    @InSession() session: SessionScope,
    @Body({ schema: WatchPresence }) { contact }: WatchPresence,
  ) {
    const jid = personOf(contact);
    await this.abilities.use(session, 'presence', (presence) => presence.watch(jid));
    return { success: true };
  }

  @Post('calls/:callId/reject')
  @Needs('send')
  @HttpCode(200)
  @ApiOperation({ summary: 'Refuse a call that rings' })
  @Answers(200, Done, ...ASKED, 'call_not_found')
  async rejectCall(
    @InSession() { id, ownerId }: SessionScope,
    @Param('callId', { schema: CallId }) callId: string,
  ) {
    const reject = (calls: { reject(id: string): Promise<void> }) => calls.reject(callId);
    await this.abilities.use({ ownerId, id }, 'calls', reject, 'call_not_found');
    return { success: true };
  }

  @Get('labels')
  @Needs('read')
  @ApiOperation({ summary: 'Labels of the account; WhatsApp Business has them' })
  @Answers(200, LabelList, 'session_not_found')
  async labels(@InSession() { id, ownerId }: SessionScope): Promise<LabelList> {
    await this.abilities.check({ ownerId, id });
    return { labels: await this.pages.allLabels(id) };
  }

  @Put('labels/:labelId')
  @Needs('manage')
  @ApiOperation({ summary: 'Make or change a label' })
  @Answers(200, Done, ...ASKED)
  async setLabel(
    @InSession() session: SessionScope,
    @Param('labelId', { schema: LabelId }) labelId: string,
    @Body({ schema: ChangeLabel }) body: ChangeLabel,
  ) {
    await this.commands.setLabel(session, labelId, body);
    return { success: true };
  }

  @Delete('labels/:labelId')
  @Needs('manage')
  @ApiOperation({ summary: 'Delete a label, from all chats' })
  @Answers(200, Done, ...ASKED, 'label_not_found')
  async deleteLabel(
    @InSession() session: SessionScope,
    @Param('labelId', { schema: LabelId }) labelId: string,
  ) {
    await this.commands.deleteLabel(session, labelId);
    return { success: true };
  }

  @Put('chats/:chatId/labels/:labelId')
  @Needs('send')
  @ApiOperation({ summary: 'Put a label on a chat' })
  @Answers(200, Chat, ...ASKED, 'chat_not_found', 'label_not_found', 'invalid_chat')
  async addLabel(
    @InSession() session: SessionScope,
    @Param('chatId', { schema: ChatId }) chatId: string,
    @Param('labelId', { schema: LabelId }) labelId: string,
  ): Promise<Chat> {
    return await this.commands.setLabelOn(session, chatId, labelId, true);
  }

  @Delete('chats/:chatId/labels/:labelId')
  @Needs('send')
  @ApiOperation({ summary: 'Take a label off a chat' })
  @Answers(200, Chat, ...ASKED, 'chat_not_found', 'label_not_found', 'invalid_chat')
  async removeLabel(
    @InSession() session: SessionScope,
    @Param('chatId', { schema: ChatId }) chatId: string,
    @Param('labelId', { schema: LabelId }) labelId: string,
  ): Promise<Chat> {
    return await this.commands.setLabelOn(session, chatId, labelId, false);
  }
}
