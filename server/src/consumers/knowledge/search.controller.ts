import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { KnowledgeHits, KnowledgeTags } from '@patchbay/contract';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Needs } from '../../auth/needs.js';
import type { Principal } from '../../auth/principal.js';
import { Caller } from '../../auth/principal.js';
import { SessionAccess } from '../../auth/session-access.js';
import { Answers } from '../../http/answers.js';
import { csvOf } from './search/csv.js';
import { KnowledgeSearch } from './search/knowledge-search.js';

const text = () =>
  z
    .string()
    .max(256)
    .regex(/^[^\0]*$/, 'must not hold NUL');
const filters = {
  q: text().optional().describe('Words; "in quotation marks" as they follow each other; #tags'),
  group: text().min(1).optional(),
  tag: text().min(1).optional(),
  sender: text().min(1).optional().describe('A phone number or a jid'),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional().describe('Excluded'),
};
const SearchAsked = z.object({
  ...filters,
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z.string().min(1).max(512).optional(),
});
const ExportAsked = z.object(filters);

@ApiTags('Knowledge')
@Controller('api/search')
export class KnowledgeSearchController {
  constructor(
    private readonly search: KnowledgeSearch,
    private readonly access: SessionAccess,
  ) {}

  @Get()
  @Needs('read')
  @ApiOperation({ summary: 'Find approved messages of groups, best first; typos are forgiven' })
  @Answers(200, KnowledgeHits, 'search_unavailable')
  async find(
    @Caller() caller: Principal,
    @Query({ schema: SearchAsked }) asked: z.infer<typeof SearchAsked>,
  ): Promise<KnowledgeHits> {
    return await this.search.search(await this.access.reach(caller), asked);
  }

  @Get('tags')
  @Needs('read')
  @ApiOperation({ summary: 'The tags of approved messages, the most used first' })
  @Answers(200, KnowledgeTags)
  async tags(@Caller() caller: Principal): Promise<KnowledgeTags> {
    return await this.search.tags(await this.access.reach(caller));
  }

  @Get('export')
  @Needs('read')
  @ApiOperation({ summary: 'All that a search finds, as CSV' })
  @ApiProduces('text/csv')
  @Answers(200, z.string())
  async export(
    @Caller() caller: Principal,
    @Query({ schema: ExportAsked }) asked: z.infer<typeof ExportAsked>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const scope = await this.access.reach(caller);
    reply.header('content-disposition', 'attachment; filename="search.csv"');
    reply.type('text/csv; charset=utf-8');
    await reply.send(csvOf(this.search, scope, asked));
  }
}
