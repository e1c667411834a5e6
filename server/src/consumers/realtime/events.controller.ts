import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { EVENTS_VERSION, EventPage, SessionId } from '@patchbay/contract';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Principal } from '../../auth/principal.js';
import { Caller } from '../../auth/principal.js';
import { EventLog } from '../../event-log/event-log.js';
import { Answers } from '../../http/answers.js';
import { EventStreams } from './event-stream.js';

const Position = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const StreamQuery = z.object({ after: Position.optional(), sessionId: SessionId.optional() });
const PageQuery = StreamQuery.extend({
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

@ApiTags('Events')
@Controller('api/events')
export class EventsController {
  constructor(
    private readonly log: EventLog,
    private readonly streams: EventStreams,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Events after a position, oldest first; `after` continues' })
  @Answers(200, EventPage, 'cursor_expired')
  async page(
    @Caller() { ownerId }: Principal,
    @Query({ schema: PageQuery }) { after: asked, ...query }: z.infer<typeof PageQuery>,
  ): Promise<EventPage> {
    if (asked !== undefined) await this.log.requireKept(asked);
    const after = asked ?? 0;
    const events = await this.log.after(after, { ownerId, ...query });
    return { version: EVENTS_VERSION, events, after: events.at(-1)?.position ?? after };
  }

  @Get('stream')
  @ApiOperation({ summary: 'The same as Server-Sent Events; resumes after Last-Event-ID' })
  @ApiProduces('text/event-stream')
  @Answers(200, z.string(), 'cursor_expired')
  async stream(
    @Caller() { ownerId }: Principal,
    @Query({ schema: StreamQuery }) { after, sessionId }: z.infer<typeof StreamQuery>,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const seen = Position.safeParse(lastEventId || undefined);
    const position = await this.streams.startingPosition(seen.success ? seen.data : after);
    reply.hijack();
    reply.raw.writeHead(200, {
      ...plainHeaders(reply),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    await this.streams.serve(reply.raw, { ownerId, sessionId }, position);
  }
}

/** The headers that hooks have set so far (security headers), for a reply taken over from Fastify. */
function plainHeaders(reply: FastifyReply): Record<string, string | string[] | number> {
  const headers = Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined);
  return Object.fromEntries(headers) as Record<string, string | string[] | number>;
}
