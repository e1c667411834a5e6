import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Health, Live, Ready } from '@patchbay/contract';
import { Open } from '../auth/needs.js';
import { Cluster } from '../cluster/cluster.js';
import { Instance } from '../instance.js';
import { Supervisor } from '../sessions/supervisor.js';
import { Answers } from './answers.js';
import { ApiError } from './api-error.js';
import { Readiness } from './readiness.js';

@ApiTags('Server')
@Controller('api/health')
export class HealthController {
  constructor(
    private readonly instance: Instance,
    private readonly supervisor: Supervisor,
    private readonly readiness: Readiness,
    private readonly cluster: Cluster,
  ) {}

  @Open()
  @Get()
  @ApiOperation({ summary: 'Whether the server answers; open to everyone' })
  @Answers(200, Health)
  health(): Health {
    return {
      status: 'ok',
      activeSessions: this.supervisor.active(),
      role: this.cluster.role,
      workerId: this.cluster.workerId ?? null,
      uptime: Math.round((Date.now() - this.instance.startedAt) / 1000),
    };
  }

  @Open()
  @Get('live')
  @ApiOperation({ summary: 'Whether the process answers at all; open to everyone' })
  @Answers(200, Live)
  live(): Live {
    return { status: 'ok' };
  }

  @Open()
  @Get('ready')
  @ApiOperation({ summary: 'Whether requests may come here; open to everyone' })
  @Answers(200, Ready, 'storage_unavailable', 'shutting_down')
  async ready(): Promise<Ready> {
    if (this.readiness.isStopping) throw new ApiError('shutting_down');
    if (!(await this.readiness.check())) {
      throw new ApiError('storage_unavailable', 'The database does not take writes');
    }
    return { status: 'ready' };
  }
}
