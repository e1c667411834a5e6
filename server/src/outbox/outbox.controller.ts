import { Controller, Delete, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Done, MessageId, OutboxPage, SessionId } from '@patchbay/contract';
import type { Principal } from '../auth/principal.js';
import { Caller } from '../auth/principal.js';
import { Answers } from '../http/answers.js';
import { ForwardPage } from '../http/page-query.js';
import { Supervisor } from '../sessions/supervisor.js';
import { OutboxView } from './outbox-view.js';
import { Sending } from './sending.js';

@ApiTags('Sending')
@Controller('api/sessions/:id/outbox')
export class OutboxController {
  constructor(
    private readonly supervisor: Supervisor,
    private readonly sending: Sending,
    private readonly view: OutboxView,
  ) {}

  @Get()
  @ApiOperation({ summary: 'What waits to be sent, for what and until when; limits and their use' })
  @Answers(200, OutboxPage, 'session_not_found')
  async list(
    @Caller() { ownerId }: Principal,
    @Param('id', { schema: SessionId }) id: string,
    @Query({ schema: ForwardPage }) query: ForwardPage,
  ): Promise<OutboxPage> {
    const session = await this.supervisor.get(ownerId, id);
    return await this.view.page(id, query, session.connectedEngine !== undefined);
  }

  @Delete(':messageId')
  @ApiOperation({ summary: 'Cancel a message before it is handed to WhatsApp' })
  @Answers(200, Done, 'session_not_found', 'message_not_found', 'message_already_sent')
  async cancel(
    @Caller() { ownerId }: Principal,
    @Param('id', { schema: SessionId }) id: string,
    @Param('messageId', { schema: MessageId }) messageId: string,
  ): Promise<{ success: true }> {
    await this.sending.cancel(ownerId, id, messageId);
    return { success: true };
  }
}
