import type { EngineKind } from '@patchbay/contract';
import type { Logger } from 'pino';
import type { WriteStep } from '../db/write-unit.js';
import type { Engine } from '../engines/engine.js';
import { EngineError } from '../engines/engine-error.js';
import { ApiError } from '../http/api-error.js';
import { Session } from './session.js';
import type { Input } from './session-status.js';
import type { LinkCode, SessionRow, SessionStore } from './session-store.js';
import type { SessionSurroundings } from './session-surroundings.js';
import { inSlot } from './slots.js';

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

/** A restored session counts as under way for this long; then the next one may start (ms). */
const RESTORE_SLOT = 10_000;
/** How long a request waits for a QR before it asks for a pairing code (ms). */
const QR_WITHIN = 15_000;

/**
 * The sessions of this process: restores them, finds them, and takes commands for them. Everyone
 * outside this folder reaches a session through here.
 */
export class Supervisor {
  private readonly sessions = new Map<string, Session>();
  private stopping = false;

  constructor(
    private readonly around: SessionSurroundings,
    private readonly engineKinds: readonly EngineKind[],
  ) {}

  private get store(): SessionStore {
    return this.around.store;
  }

  private get logger(): Logger {
    return this.around.logger;
  }

  /** Brings all sessions up that should be, at most `concurrency` connecting at a time. */
  async restore(concurrency: number): Promise<void> {
    const ids = await this.store.wanted();
    const next = ids.values();
    const worker = async () => {
      for (const id of next) {
        if (this.stopping) return;
        try {
          const session = await this.load(id);
          await session?.post({ type: 'start', reason: 'restored' });
          if (session) await until(session, () => session.row.status !== 'starting', RESTORE_SLOT);
        } catch (error) {
          this.logger.error({ err: error, session: id }, 'session could not be restored');
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(concurrency, ids.length) }, worker));
  }

  /** Closes every socket without logging out; statuses stay as they were. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all([...this.sessions.values()].map((session) => session.retire()));
  }

  /** Sessions with an open or opening socket. */
  active(): number {
    return [...this.sessions.values()].filter((session) => session.socketActive).length;
  }

  /** The engine of a session of this process while it is connected. */
  engineOf(id: string): Engine | undefined {
    return this.sessions.get(id)?.connectedEngine;
  }

  /** The owner's session; throws `session_not_found`. */
  async get(ownerId: string, id: string): Promise<Session> {
    const session = await this.load(id);
    if (!session || session.row.owner_id !== ownerId) {
      throw new ApiError('session_not_found', `There is no session "${id}"`);
    }
    return session;
  }

  /** Creates the session if there is none, and starts it unless it is up or starting. */
  async ensure(id: string | undefined, options: EnsureOptions): Promise<Session> {
    this.refuseWhenStopping();
    const engine = options.engine ?? 'baileys';
    if (!this.engineKinds.includes(engine)) {
      throw new ApiError('not_supported', `The engine "${engine}" is not part of this build`);
    }
    const known = await this.known(id, options);
    const row = known ?? (await this.store.create({ ...options, id, engine }));
    const session = await this.get(options.ownerId, row.id);
    await session.post({ type: 'start', reason: known ? 'requested' : 'created' });
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

  async command(ownerId: string, id: string, input: Input): Promise<Session> {
    this.refuseWhenStopping();
    const session = await this.get(ownerId, id);
    await session.post(input);
    return session;
  }

  /** Logs out, purges and deletes the record. */
  async delete(ownerId: string, id: string, also: WriteStep[] = []): Promise<void> {
    const session = await this.command(ownerId, id, { type: 'remove' });
    await session.retire();
    await this.store.delete(session.row, also);
    this.sessions.delete(id);
  }

  /** Somebody looks: a session that paused offering QR codes offers one at once. */
  async look(session: Session): Promise<void> {
    const { reason, next_attempt_at } = session.row;
    if (reason === 'qr_expired' && next_attempt_at !== null) {
      await session.post({ type: 'start', reason: 'requested' });
    }
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

  private refuseWhenStopping(): void {
    if (this.stopping) throw new ApiError('shutting_down');
  }

  /** One actor per session, however many ask for it at once. */
  private async load(id: string): Promise<Session | undefined> {
    const known = this.sessions.get(id);
    if (known) return known;
    const row = await this.store.find(id);
    if (!row) return undefined;
    const meanwhile = this.sessions.get(id);
    if (meanwhile) return meanwhile;
    const session = new Session(row, this.around);
    this.sessions.set(id, session);
    this.store.runs(row);
    return session;
  }
}

/** Resolves when the condition holds after one of the session's turns, or when the time (ms) is up. */
async function until(session: Session, holds: () => boolean, time: number): Promise<void> {
  if (holds()) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      session.changed.off('changed', check);
      resolve();
    };
    const check = () => {
      if (holds()) done();
    };
    const timer = setTimeout(done, time);
    session.changed.on('changed', check);
  });
}
