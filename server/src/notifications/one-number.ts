import type {
  ConnectionStatus,
  DefaultSessionAnswer,
  NumberCommandAnswer,
  NumberQr,
  NumberStatus,
} from '@patchbay/contract';
import type { Audit } from '../auth/audit.js';
import type { Actor, Principal } from '../auth/principal.js';
import { ApiError } from '../http/api-error.js';
import type { LinkCode, SessionRow, SessionStore } from '../sessions/session-store.js';
import type { Supervisor } from '../sessions/supervisor.js';
import type { DefaultSessions } from './default-session.js';
import type { NumberCache } from './number-cache.js';
import { connectionStatus, isAuthenticated, NOTHING_YET, statusOf } from './number-view.js';

/** How long an answer waits for the first QR, and for a new one (ms). */
const QR_WAIT = 5000;
const NEW_QR_WAIT = 10_000;

interface Tools {
  supervisor: Supervisor;
  store: SessionStore;
  defaults: DefaultSessions;
  cache: NumberCache;
  audit: Audit;
}

/** The caller's one number: how it is, its QR, and the connection. */
export class OneNumber {
  constructor(private readonly tools: Tools) {}

  async connectionStatus(caller: Principal): Promise<ConnectionStatus> {
    const row = await this.row(caller);
    return row ? connectionStatus(row, this.tools.store.linkCode(row)) : NOTHING_YET;
  }

  async status(caller: Principal): Promise<NumberStatus> {
    const now = await this.connectionStatus(caller);
    const { ready, initializing, hasQRCode, reconnectAttempts, message } = now;
    return { ready, initializing, hasQRCode, reconnectAttempts, message };
  }

  async isAuthenticated(caller: Principal): Promise<{ authenticated: boolean; message: string }> {
    const row = await this.row(caller);
    const authenticated = row !== undefined && isAuthenticated(row);
    const { message } = row ? connectionStatus(row, this.tools.store.linkCode(row)) : NOTHING_YET;
    return { authenticated, message };
  }

  /**
   * The QR to scan now; makes and starts a session for who has none.
   * @throws {ApiError} session_already_connected, qr_not_available, no_free_slot
   */
  async qr(by: Actor): Promise<NumberQr> {
    const { supervisor, store, defaults } = this.tools;
    const { id, ownerId } = await defaults.ensure(by);
    const shown = await this.shown(id);
    if (shown) return shown;
    const session = await supervisor.get(ownerId, id);
    refuseAuthenticated(session.row);
    await supervisor.look(session);
    await supervisor.waitForLinkCode(session, QR_WAIT);
    return (await this.shown(id)) ?? this.noQr(session.row, store.linkCode(session.row));
  }

  /** A QR of a new connection, in place of the one that is shown; throws as `qr`. */
  async newQr(by: Actor): Promise<NumberQr & { expiryInSeconds: number }> {
    const { supervisor, store, defaults, audit } = this.tools;
    const { id, ownerId, isNew } = await defaults.ensure(by);
    const session = await supervisor.get(ownerId, id);
    refuseAuthenticated(session.row);
    if (session.row.linked === 1) {
      const note = audit.step(by, 'session.removed', id);
      await supervisor.command(ownerId, id, { type: 'remove' }, [note]);
    }
    if (!isNew) await supervisor.command(ownerId, id, { type: 'restart' });
    await supervisor.waitForLinkCode(session, NEW_QR_WAIT);
    refuseAuthenticated(session.row);
    const qr = (await this.shown(id)) ?? this.noQr(session.row, store.linkCode(session.row));
    const left = Date.parse(qr.expiresAt) - Date.now();
    return { ...qr, expiryInSeconds: Math.max(0, Math.floor(left / 1000)) };
  }

  /** Closes the connection and keeps the credentials. @throws {ApiError} session_not_found */
  async disconnect(by: Actor): Promise<NumberCommandAnswer> {
    const { supervisor, defaults, audit } = this.tools;
    const { id, ownerId } = await defaults.get(by.principal);
    const note = audit.step(by, 'session.closed', id);
    const { row } = await supervisor.command(ownerId, id, { type: 'close' }, [note]);
    return answer(row, 'Disconnected; the number stays linked, reconnect opens it again');
  }

  /** Closes the connection if there is one and opens a new one; tries are counted anew. */
  async reconnect(by: Actor): Promise<NumberCommandAnswer> {
    const { supervisor, defaults } = this.tools;
    const { id, ownerId, isNew } = await defaults.ensure(by);
    const session = isNew
      ? await supervisor.get(ownerId, id)
      : await supervisor.command(ownerId, id, { type: 'restart' });
    return answer(session.row, 'Connecting; the status tells how it goes');
  }

  async default(caller: Principal): Promise<DefaultSessionAnswer['data']> {
    const found = await this.tools.defaults.find(caller);
    return { sessionId: found?.id ?? null, chosen: found?.chosen ?? false };
  }

  /** Chooses for which session all of this speaks; null: the oldest one. */
  async choose(caller: Principal, sessionId: string | null): Promise<DefaultSessionAnswer['data']> {
    const { defaults, cache } = this.tools;
    await defaults.choose(caller, sessionId);
    const now = await this.default(caller);
    if (now.sessionId) await cache.refresh(now.sessionId);
    return now;
  }

  /** As it is stored now, whichever process runs it. */
  private async row(caller: Principal): Promise<SessionRow | undefined> {
    const { defaults, store } = this.tools;
    const found = await defaults.find(caller);
    return found && (await store.find(found.id, found.ownerId));
  }

  private async shown(id: string): Promise<NumberQr | undefined> {
    const { store, cache } = this.tools;
    const row = await store.find(id);
    const code = row && store.linkCode(row);
    return code?.kind === 'qr' ? await cache.qr(id, code) : undefined;
  }

  private noQr(row: SessionRow, code: LinkCode | undefined): never {
    refuseAuthenticated(row);
    const { message } = connectionStatus(row, code);
    throw new ApiError('qr_not_available', `There is no QR code now. ${message}`);
  }
}

function refuseAuthenticated(row: SessionRow): void {
  if (!isAuthenticated(row)) return;
  throw new ApiError(
    'session_already_connected',
    'A number is linked already; unlink it before you link another (DELETE /api/sessions/:id/storage)',
  );
}

function answer(row: SessionRow, message: string): NumberCommandAnswer {
  return { success: true, message, data: { sessionId: row.id, status: statusOf(row) } };
}
