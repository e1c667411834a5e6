import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  ChangeTeamState,
  Chat,
  Done,
  Note,
  NotePage,
  StartChat,
  WriteNote,
} from '@patchbay/contract';
import { z } from 'zod';
import { Needs } from '../../auth/needs.js';
import type { Principal, SessionScope } from '../../auth/principal.js';
import { Caller, InSession } from '../../auth/principal.js';
import { Answers } from '../../http/answers.js';
import { ForwardPage } from '../../http/page-query.js';
import { ASKED } from '../../sessions/session-abilities.js';
import { chatJidOf } from '../chat-address.js';
import { ChatPages } from '../chat-pages.js';
import { ChatStore } from '../chat-store.js';
import { NewChats } from '../new-chats.js';
import { authorOf } from './author.js';
import { Notes } from './notes.js';
import { TeamState } from './team-state.js';

const ChatId = z.string().min(1).max(128);
const NoteId = z.string().min(1).max(64);

@ApiTags('Team')
@Controller('api/sessions/:id/chats')
export class ChatTeamController {
  constructor(
    private readonly chats: ChatStore,
    private readonly pages: ChatPages,
    private readonly newChats: NewChats,
    private readonly team: TeamState,
    private readonly notes: Notes,
  ) {}

  @Post()
  @Needs('send')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Start a chat with a phone number, or find the one there is',
    description: 'Nothing is sent. A number that has no chat yet is looked up on WhatsApp.',
  })
  @Answers(200, Chat, ...ASKED, 'invalid_phone', 'not_on_whatsapp')
  async start(
    @InSession() session: SessionScope,
    @Body({ schema: StartChat }) { phone }: StartChat,
  ): Promise<Chat> {
    return await this.pages.get(session.id, await this.newChats.start(session, phone));
  }

  @Patch(':chatId/team')
  @Needs('send')
  @ApiOperation({ summary: 'Take or hand over a chat, say what is still to do, label it' })
  @Answers(
    200,
    Chat,
    'session_not_found',
    'chat_not_found',
    'invalid_chat',
    'team_label_not_found',
    'user_not_found',
  )
  async change(
    @Caller() caller: Principal,
    @InSession() session: SessionScope,
    @Param('chatId', { schema: ChatId }) chatId: string,
    @Body({ schema: ChangeTeamState }) change: ChangeTeamState,
  ): Promise<Chat> {
    const { chat } = await this.find(session, chatId);
    await this.team.change(session, chat, change, caller.userId);
    return await this.pages.get(session.id, chat);
  }

  @Get(':chatId/notes')
  @Needs('read')
  @ApiOperation({ summary: 'Private notes of a chat, newest first' })
  @Answers(200, NotePage, 'session_not_found', 'chat_not_found', 'invalid_chat')
  async list(
    @InSession() session: SessionScope,
    @Param('chatId', { schema: ChatId }) chatId: string,
    @Query({ schema: ForwardPage }) query: ForwardPage,
  ): Promise<NotePage> {
    const { chat } = await this.find(session, chatId);
    return await this.notes.list(session.id, chat, query);
  }

  @Post(':chatId/notes')
  @Needs('send')
  @HttpCode(201)
  @ApiOperation({ summary: 'Write a private note; it is never sent' })
  @Answers(201, Note, 'session_not_found', 'chat_not_found', 'invalid_chat')
  async write(
    @Caller() caller: Principal,
    @InSession() session: SessionScope,
    @Param('chatId', { schema: ChatId }) chatId: string,
    @Body({ schema: WriteNote }) { text }: WriteNote,
  ): Promise<Note> {
    const { chat } = await this.find(session, chatId);
    return await this.notes.create(session, chat, authorOf(caller), text);
  }

  @Patch(':chatId/notes/:noteId')
  @Needs('send')
  @ApiOperation({ summary: 'Change a private note; its author and admins may' })
  @Answers(200, Note, 'session_not_found', 'chat_not_found', 'note_not_found', 'forbidden')
  async rewrite(
    @Caller() caller: Principal,
    @InSession() session: SessionScope,
    @Param('chatId', { schema: ChatId }) chatId: string,
    @Param('noteId', { schema: NoteId }) noteId: string,
    @Body({ schema: WriteNote }) { text }: WriteNote,
  ): Promise<Note> {
    const place = await this.find(session, chatId);
    return await this.notes.change(place, noteId, authorOf(caller), text);
  }

  @Delete(':chatId/notes/:noteId')
  @Needs('send')
  @ApiOperation({ summary: 'Delete a private note; its author and admins may' })
  @Answers(200, Done, 'session_not_found', 'chat_not_found', 'note_not_found', 'forbidden')
  async delete(
    @Caller() caller: Principal,
    @InSession() session: SessionScope,
    @Param('chatId', { schema: ChatId }) chatId: string,
    @Param('noteId', { schema: NoteId }) noteId: string,
  ) {
    const place = await this.find(session, chatId);
    await this.notes.delete(place, noteId, authorOf(caller));
    return { success: true };
  }

  private async find(session: SessionScope, chatId: string) {
    return { session, chat: await this.chats.find(session.id, chatJidOf(chatId)) };
  }
}
