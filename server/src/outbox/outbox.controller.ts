import { Controller, Delete, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Done, MessageId, OutboxPage } from '@patchbay/contract';
import { Needs } from '../auth/needs.js';
import type { SessionScope } from '../auth/principal.js';
import { InSession } from '../auth/principal.js';
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
  @Needs('read')
  @ApiOperation({ summary: 'What waits to be sent, for what and until when; limits and their use' })
  @Answers(200, OutboxPage, 'session_not_found')
  async list(
    @InSession() { id, ownerId }: SessionScope,
    @Query({ schema: ForwardPage }) query: ForwardPage,
  ): Promise<OutboxPage> {
    const session = await this.supervisor.seen(ownerId, id);
    return await this.view.page(id, query, session.isConnected);
  }

  @Delete(':messageId')
  @Needs('send')
  @ApiOperation({ summary: 'Cancel a message before it is handed to WhatsApp' })
  @Answers(200, Done, 'session_not_found', 'message_not_found', 'message_already_sent')
  async cancel(
    @InSession() { id, ownerId }: SessionScope,
    @Param('messageId', { schema: MessageId }) messageId: string,
  ): Promise<{ success: true }> {
    await this.sending.cancel(ownerId, id, messageId);
    return { success: true };
  }
}
