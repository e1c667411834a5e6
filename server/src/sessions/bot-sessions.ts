import { randomUUID } from 'node:crypto';
import type { BotQr, BotSession, InitBotSession } from '@patchbay/contract';
import { inEveryVocabulary } from '@patchbay/contract';
import type { Audit } from '../auth/audit.js';
import type { Actor, Principal, SessionScope } from '../auth/principal.js';
import type { SessionAccess } from '../auth/session-access.js';
import { ApiError } from '../http/api-error.js';
import { phoneOf } from '../whatsapp/jid.js';
import type { Creating } from './creating.js';
import type { SessionRow, SessionStore } from './session-store.js';
import { qrView } from './session-view.js';
import type { Supervisor } from './supervisor.js';

/** How long the first answer waits for a QR (ms). */
const QR_WAIT = 3000;

interface Tools {
  supervisor: Supervisor;
  creating: Creating;
  store: SessionStore;
  access: SessionAccess;
  audit: Audit;
  /** The separate process that has the sessions made here, if it is set; why it cannot be reached. */
  process: { readonly isSet: boolean; readonly away: string | undefined };
  /** The session of a chatbot; throws `chatbot_not_found`, `forbidden`. */
  ofChatbot(caller: Principal, chatbotId: string, toManage: boolean): Promise<SessionScope>;
}

/** Sessions as a chatbot backend sees them. */
export class BotSessions {
  constructor(private readonly tools: Tools) {}

  /** Creates or starts a session, by its own id or that of its chatbot. */
  async init(by: Actor, { chatbotId, sessionId }: InitBotSession): Promise<BotSession> {
    const { access, creating, supervisor } = this.tools;
    const { principal } = by;
    const scope = chatbotId
      ? await this.tools.ofChatbot(principal, chatbotId, true)
      : sessionId && (await access.find(principal, sessionId));
    if (scope && sessionId && scope.id !== sessionId) {
      throw new ApiError('invalid_request', 'sessionId: the chatbot has another session');
    }
    const { id, ownerId } = scope || {
      id: sessionId ?? randomUUID(),
      ownerId: principal.userId,
    };
    const engine = this.tools.process.isSet ? 'remote' : undefined;
    const session = await creating.ensure(by, id, ownerId, { engine });
    await supervisor.waitForLinkCode(session, QR_WAIT);
    this.refuseWhileAway(session.row);
    return toBotSession(session.row);
  }

  async qr({ id, ownerId }: SessionScope): Promise<BotQr> {
    const { supervisor, store } = this.tools;
    const session = await supervisor.lookAt(ownerId, id);
    this.refuseWhileAway(session.row);
    const code = store.linkCode(session.row);
    const qr = code?.kind === 'qr' ? await qrView(code.code, code.expiresAt) : undefined;
    const { status, sessionId } = toBotSession(session.row);
    return {
      success: true,
      sessionId,
      status,
      qrCode: qr?.dataUrl ?? null,
      expiresAt: qr?.expiresAt ?? null,
    };
  }

  async status({ id, ownerId }: SessionScope): Promise<BotSession> {
    return toBotSession((await this.tools.supervisor.seen(ownerId, id)).row);
  }

  async statusOfChatbot(caller: Principal, chatbotId: string): Promise<BotSession> {
    return await this.status(await this.tools.ofChatbot(caller, chatbotId, false));
  }

  /** @throws {ApiError} session_not_connected, session_process_away */
  async refuseUnlessConnected({ id, ownerId }: SessionScope): Promise<void> {
    const { row } = await this.tools.supervisor.seen(ownerId, id);
    const { status } = toBotSession(row);
    if (status === 'CONNECTED') return;
    this.refuseWhileAway(row);
    throw new ApiError('session_not_connected', `The session is ${status}; connect it first`);
  }

  private refuseWhileAway({ engine, status }: SessionRow): void {
    const { away } = this.tools.process;
    if (engine !== 'remote' || status === 'connected' || away === undefined) return;
    throw new ApiError('session_process_away', `${away}; the session tries again by itself`);
  }

  /** Closes the socket and keeps the credentials. */
  async disconnect(by: Actor, { id, ownerId }: SessionScope): Promise<BotSession> {
    const note = this.tools.audit.step(by, 'session.closed', id);
    return toBotSession(
      (await this.tools.supervisor.command(ownerId, id, { type: 'close' }, [note])).row,
    );
  }
}

function toBotSession(row: SessionRow): BotSession {
  return {
    success: true,
    sessionId: row.id,
    status: inEveryVocabulary(row).chatbot,
    phone: (row.jid && phoneOf(row.jid)) ?? null,
  };
}
