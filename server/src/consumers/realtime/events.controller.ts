import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { LogEvent } from '@patchbay/contract';
import { AskedEventName, EVENTS_VERSION, EventPage, SessionId } from '@patchbay/contract';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Needs } from '../../auth/needs.js';
import type { Principal, SessionScope } from '../../auth/principal.js';
import { Caller, MaybeInSession } from '../../auth/principal.js';
import { SessionAccess } from '../../auth/session-access.js';
import { MessageStore } from '../../chats/message-store.js';
import { EventLog } from '../../event-log/event-log.js';
import { Answers } from '../../http/answers.js';
import { EventStreams } from './event-stream.js';

const Position = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const names = z.array(AskedEventName);
const PlaceQuery = z.object({ after: Position.optional(), sessionId: SessionId.optional() });
const StreamQuery = PlaceQuery.extend({
  events: z
    .string()
    .min(1)
    .max(4096)
    .refine((text) => names.safeParse(text.split(',')).success, 'names of events, by commas')
    .optional()
    .describe('Only these, under these names, with commas between; absent: all'),
});
const PageQuery = PlaceQuery.extend({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  raw: z.enum(['0', '1']).default('0').describe('1: messages also as the engine has them'),
});

@ApiTags('Events')
@Controller('api/events')
export class EventsController {
  constructor(
    private readonly log: EventLog,
    private readonly streams: EventStreams,
    private readonly messages: MessageStore,
    private readonly access: SessionAccess,
  ) {}

  @Get()
  @Needs('read')
  @ApiOperation({ summary: 'Events after a position, oldest first; `after` continues' })
  @Answers(200, EventPage, 'session_not_found', 'cursor_expired')
  async page(
    @Caller() principal: Principal,
    @MaybeInSession() session: SessionScope | undefined,
    @Query({ schema: PageQuery }) { after: asked, raw, limit }: z.infer<typeof PageQuery>,
  ): Promise<EventPage> {
    if (asked !== undefined) await this.log.requireKept(asked);
    const after = asked ?? 0;
    const scope = session
      ? [{ ownerId: session.ownerId, sessionId: session.id }]
      : await this.access.reach(principal);
    const read = await this.log.after(after, { scope, limit });
    const events = raw === '1' ? await Promise.all(read.map((event) => this.withRaw(event))) : read;
    return { version: EVENTS_VERSION, events, after: events.at(-1)?.position ?? after };
  }

  private async withRaw(event: LogEvent): Promise<LogEvent> {
    if (event.name !== 'session.message') return event;
    const bytes = await this.messages.raw(event.sessionId, event.data.message.id);
    const raw = bytes ? Buffer.from(bytes).toString('base64') : null;
    return { ...event, data: { ...event.data, raw } };
  }

  @Get('stream')
  @Needs('read')
  @ApiOperation({ summary: 'The same as Server-Sent Events; resumes after Last-Event-ID' })
  @ApiProduces('text/event-stream')
  @Answers(200, z.string(), 'session_not_found', 'cursor_expired')
  async stream(
    @Caller() principal: Principal,
    @Query({ schema: StreamQuery }) { after, sessionId, events }: z.infer<typeof StreamQuery>,
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
    const wanted = { sessionId, ...(events && { asked: new Set(events.split(',')) }) };
    await this.streams.serve(reply.raw, principal, wanted, position);
  }
}

/** The headers that hooks have set so far (security headers), for a reply taken over from Fastify. */
function plainHeaders(reply: FastifyReply): Record<string, string | string[] | number> {
  const headers = Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined);
  return Object.fromEntries(headers) as Record<string, string | string[] | number>;
}
