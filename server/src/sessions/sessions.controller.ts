import { Body, Controller, Delete, Get, HttpCode, Post, Put, Query } from '@nestjs/common';
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
  SessionList,
  SessionStatusAnswer,
  Session as SessionView,
} from '@patchbay/contract';
import { z } from 'zod';
import { Audit } from '../auth/audit.js';
import { Needs } from '../auth/needs.js';
import type { Actor, Principal, SessionScope } from '../auth/principal.js';
import { By, Caller, InSession } from '../auth/principal.js';
import { SessionAccess } from '../auth/session-access.js';
import { EventLog } from '../event-log/event-log.js';
import { Answers } from '../http/answers.js';
import { ApiError } from '../http/api-error.js';
import { phoneOf } from '../whatsapp/jid.js';
import { Creating } from './creating.js';
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
    private readonly creating: Creating,
    private readonly audit: Audit,
    private readonly store: SessionStore,
    private readonly access: SessionAccess,
    private readonly log: EventLog,
  ) {}

  @Get()
  @Needs('read')
  @ApiOperation({ summary: 'All sessions, oldest first' })
  @Answers(200, SessionList)
  async list(@Caller() caller: Principal): Promise<SessionList> {
    return {
      sessions: await this.store.views(await this.store.list(await this.access.reach(caller))),
    };
  }

  @Post()
  @Needs('manage')
  @ApiOperation({ summary: 'Create a session under an id of ours and start it' })
  @Answers(
    201,
    SessionView,
    'not_supported',
    'slot_connected',
    'no_free_slot',
    'browser_missing',
    'too_many_browsers',
  )
  async create(
    @By() by: Actor,
    @Body({ schema: EnsureSession.optional() }) body: EnsureSession = {},
  ): Promise<SessionView> {
    const session = await this.start(by, undefined, by.principal.userId, body);
    return await this.view(session);
  }

  @Get(':id')
  @Needs('read')
  @ApiOperation({ summary: 'One session' })
  @Answers(200, SessionView, 'session_not_found')
  async get(@InSession() { id, ownerId }: SessionScope): Promise<SessionView> {
    return await this.view(await this.supervisor.seen(ownerId, id));
  }

  @Put(':id')
  @Needs('manage', { maybeNew: true })
  @ApiOperation({ summary: 'Create or ensure: starts the session and answers with its QR or code' })
  @Answers(
    200,
    SessionAnswer,
    'session_not_found',
    'not_supported',
    'pairing_failed',
    'slot_connected',
    'no_free_slot',
    'browser_missing',
    'too_many_browsers',
  )
  async ensure(
    @By() by: Actor,
    @InSession() { id, ownerId }: SessionScope,
    @Body({ schema: EnsureSession.optional() }) body: EnsureSession = {},
  ): Promise<SessionAnswer> {
    const session = await this.start(by, id, ownerId, body);
    await this.supervisor.waitForLinkCode(session, QR_WAIT);
    return await this.answer(session);
  }

  @Delete(':id')
  @Needs('manage')
  @ApiOperation({ summary: 'Close the socket, keep the credentials' })
  @Answers(200, SessionAnswer, 'session_not_found')
  async close(@By() by: Actor, @InSession() { id, ownerId }: SessionScope): Promise<SessionAnswer> {
    const note = this.audit.step(by, 'session.closed', id);
    return await this.answer(await this.supervisor.command(ownerId, id, { type: 'close' }, [note]));
  }

  @Delete(':id/storage')
  @Needs('manage')
  @ApiOperation({ summary: 'Log the device out at WhatsApp and purge its credentials' })
  @Answers(200, SessionAnswer, 'session_not_found')
  async remove(
    @By() by: Actor,
    @InSession() { id, ownerId }: SessionScope,
  ): Promise<SessionAnswer> {
    const note = this.audit.step(by, 'session.removed', id);
    const command = { type: 'remove' } as const;
    return await this.answer(await this.supervisor.command(ownerId, id, command, [note]));
  }

  @Post(':id/restart')
  @Needs('manage')
  @HttpCode(200)
  @ApiOperation({ summary: 'Close the socket and open a new one' })
  @Answers(200, SessionAnswer, 'session_not_found')
  async restart(@InSession() { id, ownerId }: SessionScope): Promise<SessionAnswer> {
    return await this.answer(await this.supervisor.command(ownerId, id, { type: 'restart' }));
  }

  @Get(':id/status')
  @Needs('read')
  @ApiOperation({ summary: 'Status in the words of the inbox' })
  @Answers(200, SessionStatusAnswer, 'session_not_found')
  async status(@InSession() { id, ownerId }: SessionScope): Promise<SessionStatusAnswer> {
    const { row, socketActive } = await this.supervisor.seen(ownerId, id);
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
  @Needs('manage')
  @ApiOperation({ summary: 'The QR to scan now; never an expired one' })
  @Answers(200, Qr, 'session_not_found', 'qr_not_available')
  async qr(@InSession() { id, ownerId }: SessionScope): Promise<Qr> {
    const session = await this.supervisor.lookAt(ownerId, id);
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
  @Needs('manage')
  @HttpCode(200)
  @ApiOperation({ summary: 'A code to type on the phone instead of scanning a QR' })
  @Answers(200, PairingCode, 'session_not_found', 'session_already_connected', 'pairing_failed')
  async pairingCode(
    @InSession() { id, ownerId }: SessionScope,
    @Body({ schema: RequestPairingCode }) { phone }: RequestPairingCode,
  ): Promise<PairingCode> {
    return pairingCodeView(await this.supervisor.requestPairingCode(ownerId, id, phone));
  }

  @Get(':id/events')
  @Needs('read')
  @ApiOperation({ summary: 'What happened to the session, without its messages; newest last' })
  @Answers(200, EventPage, 'session_not_found')
  async events(
    @InSession() { id, ownerId }: SessionScope,
    @Query({ schema: TimelineQuery }) { limit, before }: z.infer<typeof TimelineQuery>,
  ): Promise<EventPage> {
    await this.supervisor.seen(ownerId, id);
    const query = { ownerId, sessionId: id, limit };
    const events = await this.log.timeline(query, before ?? Number.MAX_SAFE_INTEGER);
    return { version: EVENTS_VERSION, events, after: events.at(-1)?.position ?? 0 };
  }

  private async start(
    by: Actor,
    id: string | undefined,
    ownerId: string,
    body: EnsureSession,
  ): Promise<Session> {
    const { engine, provider, phone, displayName, slot } = body;
    const asked = { engine: engine ?? provider, displayName, slot };
    const session = await this.creating.ensure(by, id, ownerId, asked);
    const unlinked = session.row.linked === 0 && session.row.status !== 'pairing';
    if (phone && unlinked)
      await this.supervisor.requestPairingCode(session.row.owner_id, session.row.id, phone);
    return session;
  }

  private async view(session: Pick<Session, 'row'>): Promise<SessionView> {
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
