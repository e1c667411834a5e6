import { Body, Controller, Delete, Get, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Account, AccountQr, CreateAccount, Done, inEveryVocabulary } from '@patchbay/contract';
import { z } from 'zod';
import { Audit } from '../auth/audit.js';
import { Needs } from '../auth/needs.js';
import type { Actor, Principal, SessionScope } from '../auth/principal.js';
import { By, Caller, InSession } from '../auth/principal.js';
import { SessionAccess } from '../auth/session-access.js';
import { Answers } from '../http/answers.js';
import { Creating } from './creating.js';
import type { SessionRow } from './session-store.js';
import { SessionStore } from './session-store.js';
import { qrView } from './session-view.js';
import { Supervisor } from './supervisor.js';

/** Sessions as the accounts dashboard sees them. */
@ApiTags('Accounts')
@Controller('api/accounts')
export class AccountsController {
  constructor(
    private readonly supervisor: Supervisor,
    private readonly creating: Creating,
    private readonly audit: Audit,
    private readonly store: SessionStore,
    private readonly access: SessionAccess,
  ) {}

  @Get()
  @Needs('read')
  @ApiOperation({ summary: 'All accounts, oldest first; never with a QR' })
  @Answers(200, z.array(Account))
  async list(@Caller() caller: Principal): Promise<Account[]> {
    return (await this.store.list(await this.access.reach(caller))).map(toAccount);
  }

  @Post()
  @Needs('manage')
  @ApiOperation({ summary: 'A new account; its QR follows within seconds' })
  @Answers(
    201,
    Account,
    'not_supported',
    'slot_connected',
    'no_free_slot',
    'browser_missing',
    'too_many_browsers',
  )
  async create(
    @By() by: Actor,
    @Body({ schema: CreateAccount.optional() }) body: CreateAccount = {},
  ): Promise<Account> {
    const session = await this.creating.ensure(by, undefined, by.principal.userId, body);
    return toAccount(session.row);
  }

  @Get(':id/qr')
  @Needs('manage')
  @ApiOperation({ summary: 'The QR as a PNG data URL, or null while there is none' })
  @Answers(200, AccountQr, 'session_not_found')
  async qr(@InSession() { id, ownerId }: SessionScope): Promise<AccountQr> {
    const session = await this.supervisor.lookAt(ownerId, id);
    const code = this.store.linkCode(session.row);
    const qr = code?.kind === 'qr' ? await qrView(code.code, code.expiresAt) : null;
    return { status: inEveryVocabulary(session.row).accounts, qrDataUrl: qr?.dataUrl ?? null };
  }

  @Delete(':id')
  @Needs('manage')
  @ApiOperation({ summary: 'Log out, purge the credentials and delete the account' })
  @Answers(200, Done, 'session_not_found')
  async delete(
    @By() by: Actor,
    @InSession() { id, ownerId }: SessionScope,
  ): Promise<z.infer<typeof Done>> {
    await this.supervisor.delete(ownerId, id, {
      removed: this.audit.step(by, 'session.removed', id),
      deleted: this.audit.step(by, 'session.deleted', id),
    });
    // With whom it was shared is gone too.
    await this.access.changed();
    return { success: true };
  }
}

function toAccount(row: SessionRow): Account {
  return {
    id: row.id,
    platform: 'whatsapp',
    jid: row.jid ?? `pending_${row.id}`,
    displayName: row.display_name,
    status: inEveryVocabulary(row).accounts,
  };
}
