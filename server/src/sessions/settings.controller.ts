import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ChangeSessionSettings, SessionSettings } from '@patchbay/contract';
import { Audit } from '../auth/audit.js';
import { Needs } from '../auth/needs.js';
import type { Actor, SessionScope } from '../auth/principal.js';
import { By, InSession } from '../auth/principal.js';
import { Answers } from '../http/answers.js';
import { shown } from './proxy-secret.js';
import { SessionSettingsStore } from './session-settings.js';
import { Supervisor } from './supervisor.js';

@ApiTags('Sessions')
@Controller('api/sessions/:id/settings')
export class SettingsController {
  constructor(
    private readonly supervisor: Supervisor,
    private readonly settings: SessionSettingsStore,
    private readonly audit: Audit,
  ) {}

  @Get()
  @Needs('read')
  @ApiOperation({ summary: 'The settings in force: what was set, and defaults for the rest' })
  @Answers(200, SessionSettings, 'session_not_found')
  async read(@InSession() { id, ownerId }: SessionScope): Promise<SessionSettings> {
    await this.supervisor.seen(ownerId, id);
    return shown(await this.settings.read(id));
  }

  @Put()
  @Needs('manage')
  @ApiOperation({ summary: 'Change what the body names and leave the rest; at work at once' })
  @Answers(200, SessionSettings, 'session_not_found')
  async change(
    @By() by: Actor,
    @InSession() { id, ownerId }: SessionScope,
    @Body({ schema: ChangeSessionSettings }) body: ChangeSessionSettings,
  ): Promise<SessionSettings> {
    const session = await this.supervisor.get(ownerId, id);
    const changed = { settings: Object.keys(body) };
    const note = this.audit.step(by, 'session.settings_changed', id, changed);
    return await session.during(async () => {
      const before = await this.settings.read(id);
      const after = await this.settings.change(id, body, [note]);
      await session.reconnectIfOther(before, after);
      return shown(after);
    });
  }
}
