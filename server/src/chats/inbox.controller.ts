import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ChatCounts, ChatPage, InboxQuery } from '@patchbay/contract';
import { Needs } from '../auth/needs.js';
import type { Principal } from '../auth/principal.js';
import { Caller } from '../auth/principal.js';
import { SessionAccess } from '../auth/session-access.js';
import { Database } from '../db/database.js';
import { Answers } from '../http/answers.js';
import { ApiError } from '../http/api-error.js';
import { SessionStore } from '../sessions/session-store.js';
import { countChats } from './chat-counts.js';
import { filterOf, idsIn } from './chat-filter.js';
import { ChatPages } from './chat-pages.js';

@ApiTags('Inbox')
@Controller('api/chats')
export class InboxController {
  constructor(
    private readonly sessions: SessionStore,
    private readonly pages: ChatPages,
    private readonly database: Database,
    private readonly access: SessionAccess,
  ) {}

  @Get()
  @Needs('read')
  @ApiOperation({
    summary: 'Chats of all sessions that the caller may use: pinned ones first, then by recency',
  })
  @Answers(200, ChatPage, 'session_not_found')
  async list(
    @Caller() caller: Principal,
    @Query({ schema: InboxQuery }) query: InboxQuery,
  ): Promise<ChatPage> {
    const sessions = await this.sessionsOf(caller, idsIn(query.account));
    const filter = filterOf(query, caller.userId);
    if (filter === 'none') return { chats: [], after: null };
    return await this.pages.merged(sessions, filter, query);
  }

  @Get('counts')
  @Needs('read')
  @ApiOperation({
    summary: 'How many chats are open, unread, mine: over all, by account, by agent',
  })
  @Answers(200, ChatCounts)
  async counts(@Caller() caller: Principal): Promise<ChatCounts> {
    return await countChats(this.database, await this.sessionsOf(caller), caller.userId);
  }

  /** Those that the caller may use, or these of them. */
  private async sessionsOf(caller: Principal, asked?: string[]): Promise<string[]> {
    const scope = await this.access.reach(caller);
    const all = (await this.sessions.list(scope)).map(({ id }) => id);
    const unknown = asked?.find((id) => !all.includes(id));
    if (unknown) throw new ApiError('session_not_found', `There is no session "${unknown}"`);
    return asked ?? all;
  }
}
