import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  About,
  BlockList,
  CheckedNumbers,
  CheckNumbers,
  ContactPage,
  Done,
} from '@patchbay/contract';
import { z } from 'zod';
import { Needs } from '../auth/needs.js';
import type { SessionScope } from '../auth/principal.js';
import { InSession } from '../auth/principal.js';
import { personOf, phoneDigits } from '../chats/chat-address.js';
import { Answers } from '../http/answers.js';
import { ForwardPage } from '../http/page-query.js';
import { Repeatable } from '../http/repeatable.js';
import { ASKED, SessionAbilities } from '../sessions/session-abilities.js';
import { Supervisor } from '../sessions/supervisor.js';
import { ContactPages } from './contact-pages.js';

/** A phone number or jid. */
const ContactId = z.string().min(3).max(128);

@ApiTags('Contacts')
@Controller('api/sessions/:id/contacts')
export class ContactsController {
  constructor(
    private readonly supervisor: Supervisor,
    private readonly pages: ContactPages,
    private readonly abilities: SessionAbilities,
  ) {}

  @Get()
  @Needs('read')
  @ApiOperation({ summary: 'Contacts that the session knows by a name' })
  @Answers(200, ContactPage, 'session_not_found')
  async list(
    @InSession() { id, ownerId }: SessionScope,
    @Query({ schema: ForwardPage }) query: ForwardPage,
  ): Promise<ContactPage> {
    await this.supervisor.seen(ownerId, id);
    return await this.pages.list(id, query);
  }

  @Post('check')
  @Repeatable()
  @Needs('send')
  @HttpCode(200)
  @ApiOperation({ summary: 'Which of up to 50 numbers are on WhatsApp' })
  @Answers(200, CheckedNumbers, ...ASKED, 'invalid_phone')
  async check(
    @InSession() session: SessionScope,
    @Body({ schema: CheckNumbers }) { phones }: CheckNumbers,
  ): Promise<CheckedNumbers> {
    const digits = phones.map(phoneDigits);
    const asked = [...new Set(digits)];
    const checked = await this.abilities.use(session, 'contacts', (contacts) =>
      contacts.check(asked),
    );
    const found = new Map(checked.map((one) => [one.phone, one]));
    return {
      results: phones.map((phone, index) => {
        const one = found.get(digits[index] ?? '');
        return { phone, exists: one?.exists ?? false, jid: one?.jid ?? null };
      }),
    };
  }

  @Get('blocked')
  @Needs('read')
  @ApiOperation({ summary: 'Whom the account has blocked' })
  @Answers(200, BlockList, ...ASKED)
  async blocked(@InSession() session: SessionScope): Promise<BlockList> {
    const jids = await this.abilities.use(session, 'contacts', (contacts) => contacts.blocked());
    return { jids };
  }

  @Get(':contactId/about')
  @Needs('read')
  @ApiOperation({ summary: 'The text below the name' })
  @Answers(200, About, ...ASKED, 'invalid_chat')
  async about(
    @InSession() session: SessionScope,
    @Param('contactId', { schema: ContactId }) contactId: string,
  ): Promise<About> {
    const jid = personOf(contactId);
    const { text, setAt } = await this.abilities.use(session, 'contacts', (contacts) =>
      contacts.about(jid),
    );
    return { text: text ?? null, setAt: setAt ? new Date(setAt).toISOString() : null };
  }

  @Put(':contactId/block')
  @Needs('send')
  @ApiOperation({ summary: 'Block a contact' })
  @Answers(200, Done, ...ASKED, 'invalid_chat')
  async block(
    @InSession() session: SessionScope,
    @Param('contactId', { schema: ContactId }) contactId: string,
  ) {
    return await this.setBlocked(session, contactId, true);
  }

  @Delete(':contactId/block')
  @Needs('send')
  @ApiOperation({ summary: 'Unblock a contact' })
  @Answers(200, Done, ...ASKED, 'invalid_chat')
  async unblock(
    @InSession() { id, ownerId }: SessionScope,
    @Param('contactId', { schema: ContactId }) contactId: string,
  ) {
    return await this.setBlocked({ ownerId, id }, contactId, false);
  }

  private async setBlocked(
    scope: { ownerId: string; id: string },
    contactId: string,
    blocked: boolean,
  ) {
    const jid = personOf(contactId);
    await this.abilities.use(scope, 'contacts', (contacts) => contacts.setBlocked(jid, blocked));
    return { success: true };
  }
}
