import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Done, SandboxPhoneList, SandboxScan } from '@patchbay/contract';
import { z } from 'zod';
import { Needs } from '../auth/needs.js';
import type { SessionScope } from '../auth/principal.js';
import { InSession } from '../auth/principal.js';
import { Answers } from '../http/answers.js';
import { ApiError } from '../http/api-error.js';
import { Instance } from '../instance.js';
import { SessionStore } from '../sessions/session-store.js';
import { Supervisor } from '../sessions/supervisor.js';

/** The sandbox's phones for the pages; only in a server started with --sandbox. */
@ApiTags('Sandbox')
@Controller('api/sandbox')
export class SandboxController {
  constructor(
    private readonly instance: Instance,
    private readonly supervisor: Supervisor,
    private readonly store: SessionStore,
  ) {}

  @Get('phones')
  @Needs('read')
  @ApiOperation({ summary: 'The simulated phones' })
  @Answers(200, SandboxPhoneList, 'not_found', 'sandbox_unavailable')
  async phones(): Promise<SandboxPhoneList> {
    return SandboxPhoneList.parse(await this.call('GET', '/api/phones'));
  }

  @Post('scan')
  @Needs('manage')
  @HttpCode(200)
  @ApiOperation({ summary: 'Let a simulated phone scan the QR that a session shows' })
  @Answers(200, Done, 'session_not_found', 'qr_not_available', 'sandbox_unavailable')
  async scan(
    @InSession() { id, ownerId }: SessionScope,
    @Body({ schema: SandboxScan }) { phone }: SandboxScan,
  ): Promise<z.infer<typeof Done>> {
    const session = await this.supervisor.seen(ownerId, id);
    const code = this.store.linkCode(session.row);
    if (code?.kind !== 'qr') throw new ApiError('qr_not_available');
    await this.call('POST', `/api/phones/${phone}/scan`, { qr: code.code });
    return { success: true };
  }

  private async call(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> {
    const { sandboxUrl } = this.instance;
    if (!sandboxUrl) throw new ApiError('not_found', 'This server does not run with a sandbox');
    const answer = await fetch(`${sandboxUrl}${path}`, {
      method,
      signal: AbortSignal.timeout(10_000),
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    }).catch(() => undefined);
    if (!answer) throw new ApiError('sandbox_unavailable');
    const said = await answer.json().catch(() => undefined);
    if (answer.ok) return said;
    const refusal = SandboxRefusal.safeParse(said);
    const why = refusal.success ? refusal.data.error.message : `status ${answer.status}`;
    throw new ApiError('sandbox_unavailable', `The sandbox refused: ${why}`);
  }
}

const SandboxRefusal = z.object({ error: z.object({ message: z.string() }) });
