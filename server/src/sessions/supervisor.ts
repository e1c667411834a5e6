import type { EngineKind } from '@patchbay/contract';
import type { Logger } from 'pino';
import type { Cluster } from '../cluster/cluster.js';
import type { WriteStep } from '../db/write-unit.js';
import type { Engine } from '../engines/engine.js';
import { EngineError } from '../engines/engine-error.js';
import { SessionElsewhere } from '../forwarding/session-elsewhere.js';
import { ApiError } from '../http/api-error.js';
import { Roster, type Sharing } from './roster.js';
import type { Session } from './session.js';
import type { Input } from './session-status.js';
import type { LinkCode, SessionRow, SessionStore } from './session-store.js';
import type { SessionSurroundings } from './session-surroundings.js';
import { inSlot } from './slots.js';
import { until } from './until.js';

export interface EnsureOptions {
  ownerId: string;
  engine?: EngineKind | undefined;
  displayName?: string | undefined;
  /** The place among the owner's sessions; absent: the first that is free. */
  slot?: number | undefined;
  /** How many the owner may have; null: any number. */
  maxSlots: number | null;
  /** Steps that belong to the creation of a session with this id. */
  also?(id: string): WriteStep[];
}

/** How long a request waits for a QR before it asks for a pairing code (ms). */
const QR_WITHIN = 15_000;

/** Statuses of a session that has a socket, or is opening one. */
const WITH_SOCKET: readonly SessionRow['status'][] = ['starting', 'qr', 'pairing', 'connected'];

/** A session as far as it can be seen from any process. */
export interface SeenSession {
  row: SessionRow;
  /** Whether its socket is open or opening. */
  socketActive: boolean;
  isConnected: boolean;
}

/**
 * The sessions of this process: restores them, finds them, and takes commands for them. Everyone
 * outside this folder reaches a session through here.
 */
export class Supervisor {
  private readonly roster: Roster;
  private stopping = false;

  constructor(
    private readonly around: SessionSurroundings,
    private readonly engineKinds: readonly EngineKind[],
    private readonly cluster: Cluster,
    sharing: Sharing,
  ) {
    this.roster = new Roster(around, cluster, sharing);
  }

  private get store(): SessionStore {
    return this.around.store;
  }

  private get logger(): Logger {
    return this.around.logger;
  }

  /**
   * Brings the sessions up that should be, at most `concurrency` connecting at a time: all of them,
   * or where several processes share them this one's share, from now on.
   */
  async restore(concurrency: number): Promise<void> {
    await this.roster.start(concurrency);
  }

  /** Closes every socket without logging out; statuses stay as they were. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.roster.stop();
  }

  /** How many sessions this process has that should be up. */
  get size(): number {
    return this.roster.wanted().length;
  }

  /** Sessions with an open or opening socket. */
  active(): number {
    return this.roster.all().filter((session) => session.socketActive).length;
  }

  /** The engine of a session of this process while it is connected. */
  engineOf(id: string): Engine | undefined {
    return this.roster.here(id)?.connectedEngine;
  }

  /** The owner's session; throws `session_not_found`. */
  async get(ownerId: string, id: string): Promise<Session> {
    const session = await this.roster.load(id);
    if (!session || session.row.owner_id !== ownerId) {
      throw new ApiError('session_not_found', `There is no session "${id}"`);
    }
    return session;
  }

  /** The same for what needs its connection: one that has just come here is waited for. */
  async getSettled(ownerId: string, id: string): Promise<Session> {
    const session = await this.get(ownerId, id);
    await session.settled();
    return session;
  }

  /** The owner's session as it is now, whichever process runs it. @throws `session_not_found` */
  async seen(ownerId: string, id: string): Promise<SeenSession> {
    const here = this.roster.here(id);
    const row = here?.row ?? (await this.store.find(id));
    if (!row || row.owner_id !== ownerId) {
      throw new ApiError('session_not_found', `There is no session "${id}"`);
    }
    if (here) {
      const { socketActive, connectedEngine } = here;
      return { row, socketActive, isConnected: connectedEngine !== undefined };
    }
    const isConnected = row.status === 'connected';
    return { row, socketActive: isConnected || WITH_SOCKET.includes(row.status), isConnected };
  }

  /** The same when somebody looks: a session that paused offering QR codes offers one at once. */
  async lookAt(ownerId: string, id: string): Promise<SeenSession> {
    const seen = await this.seen(ownerId, id);
    if (!isPausedAtQr(seen.row)) return seen;
    const session = await this.get(ownerId, id);
    await this.look(session);
    return await this.seen(ownerId, id);
  }

  /** Creates the session if there is none, and starts it unless it is up or starting. */
  async ensure(id: string | undefined, options: EnsureOptions): Promise<Session> {
    this.refuseWhenStopping(id);
    const engine = options.engine ?? 'baileys';
    if (!this.engineKinds.includes(engine)) {
      throw new ApiError('not_supported', `The engine "${engine}" is not part of this build`);
    }
    const known = await this.known(id, options);
    if (this.cluster.role === 'api') throw new SessionElsewhere(known?.id ?? id);
    const isUp = known && this.roster.here(known.id)?.socketActive;
    const unavailable = isUp ? undefined : this.around.unavailable(known?.engine ?? engine);
    if (unavailable) throw new ApiError(unavailable.code, unavailable.message);
    const row = known ?? (await this.store.create({ ...options, id, engine }));
    const session = await this.get(options.ownerId, row.id);
    const reason = known ? 'requested' : 'created';
    await session.during(() => session.post({ type: 'start', reason }));
    return session;
  }

  /** The session of this id, or the one in the slot that is asked for. */
  private async known(
    id: string | undefined,
    { ownerId, slot, maxSlots }: EnsureOptions,
  ): Promise<SessionRow | undefined> {
    const byId = id ? await this.store.find(id) : undefined;
    if (byId || slot === undefined) return byId;
    if (maxSlots !== null && slot > maxSlots) {
      throw new ApiError('invalid_request', `slot: you have the slots 1 to ${maxSlots}`);
    }
    const there = await inSlot(this.around.database, ownerId, slot);
    if (there?.status === 'connected') {
      throw new ApiError(
        'slot_connected',
        `In slot ${slot} the session "${there.id}" is connected`,
      );
    }
    return there;
  }

  /** @param also steps that belong to it (`close` and `remove` always write) */
  async command(
    ownerId: string,
    id: string,
    input: Input,
    also: WriteStep[] = [],
  ): Promise<Session> {
    if (!this.cluster.isShared) this.refuseWhenStopping(id);
    const session = await this.get(ownerId, id);
    await session.during(() => session.post(input, { also }));
    return session;
  }

  /** Logs out, purges and deletes the record; `notes` are the steps that belong to each of both. */
  async delete(
    ownerId: string,
    id: string,
    notes: { removed: WriteStep; deleted: WriteStep },
  ): Promise<void> {
    if (!this.cluster.isShared) this.refuseWhenStopping(id);
    const session = await this.get(ownerId, id);
    await session.during(async () => {
      await session.post({ type: 'remove' }, { also: [notes.removed] });
      await session.retire();
      await this.store.delete(session.row, [notes.deleted]);
      this.roster.forget(id);
    });
  }

  /** Somebody looks: a session that paused offering QR codes offers one at once. */
  async look(session: Session): Promise<void> {
    if (isPausedAtQr(session.row)) {
      await session.during(() => session.post({ type: 'start', reason: 'requested' }));
    }
  }

  /** Has a session try at once that waits for its next try. @throws `session_not_found` */
  async rouse(id: string, engine: EngineKind): Promise<void> {
    const session = await this.roster.load(id);
    if (session?.row.engine !== engine) {
      throw new ApiError('session_not_found', `There is no session "${id}"`);
    }
    if (session.row.next_attempt_at === null) return;
    await session.during(() => session.post({ type: 'retry-due' }));
  }

  /** The code to link with as soon as there is one, or undefined after the wait (ms). */
  async waitForLinkCode(session: Session, wait: number): Promise<LinkCode | undefined> {
    const settled = () =>
      this.store.linkCode(session.row) !== undefined ||
      ['connected', 'closed', 'failed'].includes(session.row.status);
    await until(session, settled, wait);
    return this.store.linkCode(session.row);
  }

  /** Asks WhatsApp for a code that is typed on the phone with this number. */
  async requestPairingCode(ownerId: string, id: string, phone: string): Promise<LinkCode> {
    const session = await this.get(ownerId, id);
    return await session.during(() => this.askForCode(session, phone));
  }

  private async askForCode(session: Session, phone: string): Promise<LinkCode> {
    const { id } = session.row;
    if (session.row.status === 'connected' || session.row.linked === 1) {
      throw new ApiError(
        'session_already_connected',
        'A number is linked to this session already; remove its credentials first',
      );
    }
    if (session.row.status === 'pairing') await session.post({ type: 'restart' });
    else await session.post({ type: 'start', reason: 'requested' });
    await until(session, () => session.linkingEngine !== undefined, QR_WITHIN);
    const engine = session.linkingEngine;
    if (!engine) throw new ApiError('pairing_failed', 'WhatsApp could not be reached in time');
    try {
      await engine.requestPairingCode(phone);
    } catch (error) {
      const detail = error instanceof EngineError ? error.message : 'see the log';
      this.logger.warn({ err: error, session: id }, 'pairing code');
      throw new ApiError('pairing_failed', `WhatsApp did not give a pairing code: ${detail}`);
    }
    await until(session, () => session.row.status === 'pairing', QR_WITHIN);
    const code = this.store.linkCode(session.row);
    if (!code) throw new ApiError('pairing_failed', 'The pairing code expired at once');
    return code;
  }

  private refuseWhenStopping(id: string | undefined): void {
    if (!this.stopping) return;
    throw this.cluster.isShared ? new SessionElsewhere(id) : new ApiError('shutting_down');
  }
}

function isPausedAtQr({ reason, next_attempt_at }: SessionRow): boolean {
  return reason === 'qr_expired' && next_attempt_at !== null;
}
