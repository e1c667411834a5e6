import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Health } from '@patchbay/contract';
import { Open } from '../auth/auth.guard.js';
import { Instance } from '../instance.js';
import { Supervisor } from '../sessions/supervisor.js';
import { Answers } from './answers.js';

@ApiTags('Server')
@Controller('api/health')
export class HealthController {
  constructor(
    private readonly instance: Instance,
    private readonly supervisor: Supervisor,
  ) {}

  @Open()
  @Get()
  @ApiOperation({ summary: 'Whether the server answers; open to everyone' })
  @Answers(200, Health)
  health(): Health {
    return {
      status: 'ok',
      activeSessions: this.supervisor.active(),
      uptime: Math.round((Date.now() - this.instance.startedAt) / 1000),
    };
  }
}
