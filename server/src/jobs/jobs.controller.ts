import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  Done,
  FailedJobFilter,
  FailedJobPage,
  JobOverview,
  RetriedJobs,
  RetryFailedJobs,
} from '@patchbay/contract';
import { z } from 'zod';
import { Needs } from '../auth/needs.js';
import type { Actor } from '../auth/principal.js';
import { By } from '../auth/principal.js';
import { Answers } from '../http/answers.js';
import { decodeCursor, encodeCursor } from '../http/cursor.js';
import { BackwardPage } from '../http/page-query.js';
import { FailedJobs } from './failed-jobs.js';
import { JobCounts } from './job-counts.js';

const FailedQuery = BackwardPage.extend(FailedJobFilter.shape);
const JobNumber = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

@ApiTags('Jobs')
@Controller('api/jobs')
export class JobsController {
  constructor(
    private readonly counts: JobCounts,
    private readonly failed: FailedJobs,
  ) {}

  @Get()
  @Needs('admin')
  @ApiOperation({ summary: 'The queues of jobs, and how many are in which state' })
  @Answers(200, JobOverview)
  async overview(): Promise<JobOverview> {
    return await this.counts.overview();
  }

  @Get('failed')
  @Needs('admin')
  @ApiOperation({ summary: 'Jobs that were given up, newest first' })
  @Answers(200, FailedJobPage)
  async list(
    @Query({ schema: FailedQuery }) { limit, before, queue }: z.infer<typeof FailedQuery>,
  ): Promise<FailedJobPage> {
    const [number] = before ? decodeCursor(before, ['number']) : [Number.MAX_SAFE_INTEGER];
    const jobs = await this.failed.list(queue, limit, number);
    const last = jobs.at(-1);
    return { jobs, before: last && jobs.length === limit ? encodeCursor(last.number) : null };
  }

  @Post('failed/retry')
  @Needs('admin')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take up all failed jobs again, or all of a queue' })
  @Answers(200, RetriedJobs)
  async retryAll(
    @By() by: Actor,
    @Body({ schema: RetryFailedJobs }) { queue }: RetryFailedJobs,
  ): Promise<RetriedJobs> {
    return { retried: await this.failed.retryAll(by, queue) };
  }

  @Post('failed/:jobNumber/retry')
  @Needs('admin')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take up a failed job again' })
  @Answers(200, Done, 'job_not_found')
  async retry(
    @By() by: Actor,
    @Param('jobNumber', { schema: JobNumber }) jobNumber: number,
  ): Promise<Done> {
    await this.failed.retry(by, jobNumber);
    return { success: true };
  }
}
