import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  EnsureSession,
  EVENTS_VERSION,
  EventPage,
  inEveryVocabulary,
  PairingCode,
  Qr,
  RequestPairingCode,
  SessionAnswer,
  SessionId,
  SessionList,
  SessionStatusAnswer,
  Session as SessionView,
} from '@patchbay/contract';
import { z } from 'zod';
import type { Principal } from '../auth/principal.js';
import { Caller } from '../auth/principal.js';
import { EventLog } from '../event-log/event-log.js';
import { Answers } from '../http/answers.js';
import { ApiError } from '../http/api-error.js';
import { phoneOf } from '../whatsapp/jid.js';
import type { Session } from './session.js';
import { SessionStore } from './session-store.js';
import { pairingCodeView, qrView, stateOf } from './session-view.js';
import { Supervisor } from './supervisor.js';

/** How long a PUT waits for a QR before it answers without one (ms). */
const QR_WAIT = 3000;

const TimelineQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** Sequence number; older events than this one. */
  before: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
});

@ApiTags('Sessions')
@Controller('api/sessions')
export class SessionsController {
  constructor(
    private readonly supervisor: Supervisor,
    private readonly store: SessionStore,
    private readonly log: EventLog,
  ) {}

  @Get()
  @ApiOperation({ summary: 'All sessions, oldest first' })
  @Answers(200, SessionList)
  async list(@Caller() { ownerId }: Principal): Promise<SessionList> {
    return { sessions: await this.store.views(await this.store.list(ownerId)) };
  }

  @Post()
  @ApiOperation({ summary: 'Create a session under an id of ours and start it' })
  @Answers(201, SessionView, 'not_supported')
  async create(
    @Caller() { ownerId }: Principal,
    @Body({ schema: EnsureSession.optional() }) body: EnsureSession = {},
  ): Promise<SessionView> {
    const session = await this.start(ownerId, undefined, body);
    return await this.view(session);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One session' })
  @Answers(200, SessionView, 'session_not_found')
  async get(
    @Caller() { ownerId }: Principal,
    @Param('id', { schema: SessionId }) id: string,
  ): Promise<SessionView> {
    return await this.view(await this.supervisor.get(ownerId, id));
  }

  @Put(':id')
  @ApiOperation({ summary: 'Create or ensure: starts the session and answers with its QR or code' })
  @Answers(200, SessionAnswer, 'not_supported', 'pairing_failed')
  async ensure(
    @Caller() { ownerId }: Principal,
    @Param('id', { schema: SessionId }) id: string,
    @Body({ schema: EnsureSession.optional() }) body: EnsureSession = {},
  ): Promise<SessionAnswer> {
    const session = await this.start(ownerId, id, body);
    await this.supervisor.waitForLinkCode(session, QR_WAIT);
    return await this.answer(session);
  }

  @Delete(':id')
  @ApiOperation({ summary: 'Close the socket, keep the credentials' })
  @Answers(200, SessionAnswer, 'session_not_found')
  async close(
    @Caller() { ownerId }: Principal,
    @Param('id', { schema: SessionId }) id: string,
  ): Promise<SessionAnswer> {
    return await this.answer(await this.supervisor.command(ownerId, id, { type: 'close' }));
  }

  @Delete(':id/storage')
  @ApiOperation({ summary: 'Log the device out at WhatsApp and purge its credentials' })
  @Answers(200, SessionAnswer, 'session_not_found')
  async remove(
    @Caller() { ownerId }: Principal,
    @Param('id', { schema: SessionId }) id: string,
  ): Promise<SessionAnswer> {
    return await this.answer(await this.supervisor.command(ownerId, id, { type: 'remove' }));
  }

  @Post(':id/restart')
  @HttpCode(200)
  @ApiOperation({ summary: 'Close the socket and open a new one' })
  @Answers(200, SessionAnswer, 'session_not_found')
  async restart(
    @Caller() { ownerId }: Principal,
    @Param('id', { schema: SessionId }) id: string,
  ): Promise<SessionAnswer> {
    return await this.answer(await this.supervisor.command(ownerId, id, { type: 'restart' }));
  }

  @Get(':id/status')
  @ApiOperation({ summary: 'Status in the words of the inbox' })
  @Answers(200, SessionStatusAnswer, 'session_not_found')
  async status(
    @Caller() { ownerId }: Principal,
    @Param('id', { schema: SessionId }) id: string,
  ): Promise<SessionStatusAnswer> {
    const { row, socketActive } = await this.supervisor.get(ownerId, id);
    return {
      id: row.id,
      status: inEveryVocabulary(row).inbox,
      phone: (row.jid && phoneOf(row.jid)) ?? null,
      displayName: row.display_name,
      socketActive,
      state: stateOf(row),
    };
  }

  @Get(':id/qr')
  @ApiOperation({ summary: 'The QR to scan now; never an expired one' })
  @Answers(200, Qr, 'session_not_found', 'qr_not_available')
  async qr(
    @Caller() { ownerId }: Principal,
    @Param('id', { schema: SessionId }) id: string,
  ): Promise<Qr> {
    const session = await this.supervisor.get(ownerId, id);
    await this.supervisor.look(session);
    const code = this.store.linkCode(session.row);
    if (code?.kind !== 'qr') {
      throw new ApiError(
        'qr_not_available',
        `The session is "${session.row.status}" and shows no QR; start it, or wait a moment`,
      );
    }
    return await qrView(code.code, code.expiresAt);
  }

  @Post(':id/pairing-code')
  @HttpCode(200)
  @ApiOperation({ summary: 'A code to type on the phone instead of scanning a QR' })
  @Answers(200, PairingCode, 'session_not_found', 'session_already_connected', 'pairing_failed')
  async pairingCode(
    @Caller() { ownerId }: Principal,
    @Param('id', { schema: SessionId }) id: string,
    @Body({ schema: RequestPairingCode }) { phone }: RequestPairingCode,
  ): Promise<PairingCode> {
    return pairingCodeView(await this.supervisor.requestPairingCode(ownerId, id, phone));
  }

  @Get(':id/events')
  @ApiOperation({ summary: 'What happened to the session, without its messages; newest last' })
  @Answers(200, EventPage, 'session_not_found')
  async events(
    @Caller() { ownerId }: Principal,
    @Param('id', { schema: SessionId }) id: string,
    @Query({ schema: TimelineQuery }) { limit, before }: z.infer<typeof TimelineQuery>,
  ): Promise<EventPage> {
    await this.supervisor.get(ownerId, id);
    const query = { ownerId, sessionId: id, limit };
    const events = await this.log.timeline(query, before ?? Number.MAX_SAFE_INTEGER);
    return { version: EVENTS_VERSION, events, after: events.at(-1)?.position ?? 0 };
  }

  private async start(
    ownerId: string,
    id: string | undefined,
    body: EnsureSession,
  ): Promise<Session> {
    const { engine, provider, phone, displayName } = body;
    const options = { ownerId, engine: engine ?? provider, displayName };
    const session = await this.supervisor.ensure(id, options);
    const unlinked = session.row.linked === 0 && session.row.status !== 'pairing';
    if (phone && unlinked) await this.supervisor.requestPairingCode(ownerId, session.row.id, phone);
    return session;
  }

  private async view(session: Session): Promise<SessionView> {
    const [view] = await this.store.views([session.row]);
    return view as SessionView;
  }

  private async answer({ row }: Session): Promise<SessionAnswer> {
    const code = this.store.linkCode(row);
    return {
      id: row.id,
      status: inEveryVocabulary(row).service,
      engine: row.engine,
      ...(code?.kind === 'qr' && { qr: await qrView(code.code, code.expiresAt) }),
      ...(code?.kind === 'pairing-code' && { pairingCode: pairingCodeView(code).code }),
      ...(row.jid && row.linked === 1 && { jid: row.jid }),
      state: stateOf(row),
    };
  }
}
