import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { SessionShares } from '@patchbay/contract';
import { Audit } from '../auth/audit.js';
import { Needs } from '../auth/needs.js';
import type { Actor, SessionScope } from '../auth/principal.js';
import { By, InSession } from '../auth/principal.js';
import { EVERYBODY, SessionAccess } from '../auth/session-access.js';
import { Database } from '../db/database.js';
import { Answers } from '../http/answers.js';
import { ApiError } from '../http/api-error.js';

@ApiTags('Sessions')
@Controller('api/sessions/:id/shares')
export class SharesController {
  constructor(
    private readonly database: Database,
    private readonly access: SessionAccess,
    private readonly audit: Audit,
  ) {}

  @Get()
  @Needs('manage')
  @ApiOperation({ summary: 'With whom the session is shared, beside its owner and admins' })
  @Answers(200, SessionShares, 'session_not_found')
  list(@InSession() { id }: SessionScope): SessionShares {
    const shared = this.access.sharedWith(id);
    return {
      everybody: shared.includes(EVERYBODY),
      userIds: shared.filter((userId) => userId !== EVERYBODY),
    };
  }

  @Put()
  @Needs('manage')
  @ApiOperation({ summary: 'Share the session with these users, or with everybody, and no others' })
  @Answers(200, SessionShares, 'session_not_found', 'user_not_found')
  async set(
    @By() by: Actor,
    @InSession() session: SessionScope,
    @Body({ schema: SessionShares }) { everybody, userIds }: SessionShares,
  ): Promise<SessionShares> {
    const unknown = userIds.find((userId) => !this.access.roleOf(userId));
    if (unknown) throw new ApiError('user_not_found', `There is no user "${unknown}"`);
    const all = [...new Set([...userIds, ...(everybody ? [EVERYBODY] : [])])];
    await this.database.write([
      ...this.access.share(session.id, all),
      this.audit.step(by, 'session.shared', session.id, { everybody, userIds }),
    ]);
    await this.access.changed();
    return this.list(session);
  }
}
