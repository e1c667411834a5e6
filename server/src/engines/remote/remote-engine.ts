import type { BotIncoming, BotStatusNotice } from '@patchbay/contract';
import { crashPoint } from '../../crash-point.js';
import { phoneOf, pnJidOf } from '../../whatsapp/jid.js';
import type { Engine, EngineHost, OutgoingMessage, PreparedMessage } from '../engine.js';
import { EngineError } from '../engine-error.js';
import type { DisconnectCause } from '../engine-events.js';
import { messageOf } from './incoming-message.js';
import type { ProcessStanding, SessionProcess } from './session-process.js';
import { ProcessFailure } from './session-process.js';

/** Milliseconds; shorter in tests. */
export interface RemoteTimes {
  /** How often the process is asked how the session is: what it does not tell by itself is seen then. */
  lookEvery: number;
  /** A QR that comes without a time is shown so long. */
  qrShown: number;
}

/** Where the number is kept that was linked, by which a new QR is known to mean a lost link. */
const LINKED = { kind: 'remote', id: 'phone' };

/**
 * A session that a separate process has. It is told what happens by that process' notifications, and
 * asks from time to time. Text only: the process has no endpoint for anything else.
 */
export class RemoteEngine implements Engine {
  readonly kind = 'remote';
  readonly capabilities = { takesMessageIds: false, deferredAck: true, pairingCode: false };
  readonly abilities = {};
  private begun = false;
  private isConnected = false;
  private ending: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private shown: { code: string; until: number } | undefined;

  constructor(
    private readonly host: EngineHost,
    private readonly process: SessionProcess,
    private readonly times: RemoteTimes,
  ) {}

  async connect(): Promise<void> {
    this.refuseWhenOver();
    this.begun = true;
    this.process.attach(this.host.sessionId, this);
    await this.look(() => this.process.init(this.host.sessionId));
  }

  async disconnect(): Promise<void> {
    await this.leave(false);
  }

  async logout(): Promise<void> {
    await this.leave(true);
  }

  async requestPairingCode(): Promise<string> {
    throw new EngineError('unsupported', 'The separate session process links by QR only', true);
  }

  async prepare({ id, chatJid, content }: OutgoingMessage): Promise<PreparedMessage> {
    this.refuseUnlessConnected();
    if (content.type !== 'text') {
      throw new EngineError('unsupported', 'The separate session process sends text only', true);
    }
    const asked = { to: phoneOf(chatJid) ?? chatJid, message: content.text };
    const raw = Buffer.from(JSON.stringify(asked));
    return { timestamp: Date.now(), raw, send: () => this.send(id, chatJid, asked) };
  }

  /** Nobody there can be told that we have read. */
  async markRead(): Promise<void> {
    this.refuseUnlessConnected();
  }

  async sendChatState(): Promise<void> {
    this.refuseUnlessConnected();
  }

  async sendPresence(): Promise<void> {
    this.refuseUnlessConnected();
  }

  async downloadMedia(): Promise<AsyncIterable<Uint8Array>> {
    throw new EngineError('gone', 'The separate session process hands over no files');
  }

  async ping(): Promise<void> {
    this.refuseUnlessConnected();
    await this.look(() => this.process.status(this.host.sessionId));
    this.refuseUnlessConnected();
  }

  /** Somebody wrote; resolves when it is stored. @throws {EngineError} not-connected */
  async incoming(told: BotIncoming): Promise<void> {
    this.refuseWhenOver();
    crashPoint('after-decrypt');
    const source = told.fromMe ? 'phone' : 'live';
    await this.host.emit({ type: 'message', source, message: await messageOf(told, this.own) });
    crashPoint('after-commit');
  }

  /** The session there is something else now. @throws {EngineError} not-connected */
  async standsAt(told: BotStatusNotice): Promise<void> {
    this.refuseWhenOver();
    await this.heed(told);
  }

  private readonly own = async (): Promise<string> => {
    const phone = await this.linkedPhone();
    if (phone !== undefined) return pnJidOf(phone);
    throw new EngineError('not-connected', 'No number is linked to the session yet');
  };

  /** The process' answer is the ack: it gives no other. */
  private async send(
    id: string,
    chatJid: string,
    { to, message }: { to: string; message: string },
  ): Promise<void> {
    this.refuseUnlessConnected();
    try {
      await this.process.send(this.host.sessionId, to, message);
    } catch (error) {
      throw await this.notSent(error);
    }
    const ack = { messageIds: [id], chatJid, timestamp: Date.now() };
    await this.host.emit({ type: 'receipt', status: 'sent', ...ack });
  }

  private async notSent(error: unknown): Promise<unknown> {
    if (!(error instanceof ProcessFailure)) return error;
    const { kind, status, message } = error;
    if (kind === 'unclear') return new EngineError('timeout', message, false);
    if (kind === 'away') {
      await this.end('transient', message);
      return new EngineError('not-connected', message, true);
    }
    // It does not have the session, or not connected: how it is, is told by its status.
    if (status === 404 || status === 409) {
      await this.end('transient', message);
      return new EngineError('not-connected', message, true);
    }
    const isForNow = status === 429 || status === 503;
    return new EngineError(isForNow ? 'timeout' : 'refused', message, true);
  }

  /** Asks how the session is and acts on it; what it cannot be asked is away. */
  private async look(ask: () => Promise<ProcessStanding>): Promise<void> {
    clearTimeout(this.timer);
    try {
      await this.heed(await ask());
    } catch (error) {
      return await this.end('transient', error instanceof Error ? error.message : String(error));
    }
    if (this.ending) return;
    this.timer = setTimeout(
      () => void this.look(() => this.process.status(this.host.sessionId)),
      this.times.lookEvery,
    ).unref();
  }

  private async heed(told: ProcessStanding & Partial<BotStatusNotice>): Promise<void> {
    if (this.ending) return;
    switch (told.status) {
      case 'CONNECTED':
        return await this.nowConnected(told.phone);
      case 'QR_READY':
        return await this.showQr(told);
      case 'CONNECTING':
      case 'DISCONNECTED':
        if (!this.isConnected) return;
        return await this.end('transient', `the session process says ${told.status}`);
    }
  }

  private async nowConnected(phone: string | null | undefined): Promise<void> {
    if (this.isConnected) return;
    if (!phone) throw new Error('the session process says CONNECTED, and not which number');
    const value = Buffer.from(phone);
    await this.host.auth.write([{ ...LINKED, value }]);
    if (this.ending) return;
    this.isConnected = true;
    await this.host.emit({ type: 'connected', jid: pnJidOf(phone) });
  }

  private async showQr({ qrCode, expiresAt }: Partial<BotStatusNotice>): Promise<void> {
    if ((await this.linkedPhone()) !== undefined) {
      return await this.end('logged-out', 'the session process asks for a new scan');
    }
    const qr = qrCode ? { qrCode, expiresAt } : await this.process.qr(this.host.sessionId);
    if (!qr.qrCode || this.ending) return;
    const code = qr.qrCode.startsWith('data:') ? qr.qrCode : `data:image/png;base64,${qr.qrCode}`;
    const now = Date.now();
    if (this.shown?.code === code && this.shown.until > now) return;
    const until = qr.expiresAt ? Date.parse(qr.expiresAt) : now + this.times.qrShown;
    this.shown = { code, until };
    await this.host.emit({ type: 'qr', code, expiresAt: until });
  }

  private async linkedPhone(): Promise<string | undefined> {
    const value = (await this.host.auth.read(LINKED.kind, [LINKED.id])).get(LINKED.id);
    return value && Buffer.from(value).toString();
  }

  private async leave(logout: boolean): Promise<void> {
    if (this.ending) return await this.ending;
    await this.end('requested', 'asked to disconnect');
    if (!this.begun) return;
    // Best effort: who is away has nothing to disconnect.
    await this.process.disconnect(this.host.sessionId, logout).catch(() => undefined);
  }

  private end(cause: DisconnectCause, detail: string): Promise<void> {
    this.ending ??= this.over(cause, detail);
    return this.ending;
  }

  private async over(cause: DisconnectCause, detail: string): Promise<void> {
    this.isConnected = false;
    clearTimeout(this.timer);
    this.process.detach(this.host.sessionId, this);
    await this.host.emit({ type: 'disconnected', cause, detail });
  }

  private refuseUnlessConnected(): void {
    this.refuseWhenOver();
    if (!this.isConnected) throw new EngineError('not-connected', 'Not connected yet', true);
  }

  private refuseWhenOver(): void {
    if (this.ending) throw new EngineError('not-connected', 'The connection has ended', true);
  }
}
