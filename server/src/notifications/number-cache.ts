import type { ConnectionStatus } from '@patchbay/contract';
import { NumberQr } from '@patchbay/contract';
import type { Logger } from 'pino';
import { OPERATOR } from '../auth/principal.js';
import type { Redis } from '../redis/redis.js';
import type { LinkCode, SessionStore } from '../sessions/session-store.js';
import { qrView } from '../sessions/session-view.js';
import { within } from '../within.js';
import type { DefaultSessions } from './default-session.js';
import { connectionStatus, SCAN } from './number-view.js';

const QR = 'cache:whatsapp:qr';
const STATUS = 'cache:whatsapp:status';
/** A status is vouched for by the process that runs the session: so often, and gone after so long (ms). */
const VOUCH_EVERY = 20_000;
const STATUS_LIFE = 60_000;
/** Redis that does not answer within this (ms) is done without. */
const PATIENCE = 500;

/**
 * QR and status of each session in Redis, for other processes and for programs that look there:
 * `cache:whatsapp:qr:<session>` and `cache:whatsapp:status:<session>`; without a session's id, those of
 * the first user's default session. The database stays the truth: a picture is taken from here only when
 * it is of the very code that the session shows. A QR is in clear, as on the channel `wa:qr:`, and goes
 * in the moment in which it can no longer be scanned.
 */
export class NumberCache {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: SessionStore,
    private readonly defaults: DefaultSessions,
    private readonly redis: Redis | undefined,
    private readonly logger: Logger,
  ) {}

  start(): void {
    if (!this.redis) return;
    this.timer = setInterval(() => {
      this.vouch().catch((error) => this.logger.warn({ err: error }, 'status cache'));
    }, VOUCH_EVERY).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** The QR that a session shows, as a picture. */
  async qr(sessionId: string, code: LinkCode): Promise<NumberQr> {
    const expiresAt = new Date(code.expiresAt).toISOString();
    const known = await this.read(`${QR}:${sessionId}`);
    if (known?.expiresAt === expiresAt) return known;
    const { dataUrl } = await qrView(code.code, code.expiresAt);
    const generatedAt = new Date(code.generatedAt).toISOString();
    return { qr: dataUrl, generatedAt, expiresAt, message: SCAN };
  }

  /** Puts there what a session is now; takes away what it was. */
  async refresh(sessionId: string): Promise<void> {
    if (!this.redis?.connected) return;
    const row = await this.store.find(sessionId);
    const code = row && this.store.linkCode(row);
    const qr = code?.kind === 'qr' ? await this.qr(sessionId, code) : undefined;
    const status = row && connectionStatus(row, code);
    const orders = this.redis.client.multi();
    for (const suffix of suffixesOf(sessionId, await this.defaultId())) {
      if (qr) orders.set(`${QR}${suffix}`, JSON.stringify(qr), 'PXAT', Date.parse(qr.expiresAt));
      else orders.del(`${QR}${suffix}`);
      if (status) orders.set(`${STATUS}${suffix}`, ...lasting(status));
      else orders.del(`${STATUS}${suffix}`);
    }
    await this.send(orders.exec());
  }

  /** Says again how the sessions of this process are. */
  private async vouch(): Promise<void> {
    if (!this.redis?.connected) return;
    const defaultId = await this.defaultId();
    const orders = this.redis.client.pipeline();
    for (const row of this.store.ofThisProcess()) {
      const status = connectionStatus(row, this.store.linkCode(row));
      for (const suffix of suffixesOf(row.id, defaultId)) {
        orders.set(`${STATUS}${suffix}`, ...lasting(status));
      }
    }
    await this.send(orders.exec());
  }

  /** Of the user to whom all belongs that was made before there were users. */
  private async defaultId(): Promise<string | undefined> {
    return (await this.defaults.find(OPERATOR))?.id;
  }

  private async send(orders: Promise<unknown>): Promise<void> {
    if (await within(PATIENCE, orders)) return;
    this.logger.warn('Redis did not take the state of a session');
  }

  private async read(key: string): Promise<NumberQr | undefined> {
    if (!this.redis?.connected) return undefined;
    let text = '';
    const asked = this.redis.client.get(key).then((found) => {
      text = found ?? '';
    });
    if (!(await within(PATIENCE, asked)) || text === '') return undefined;
    return NumberQr.safeParse(parsed(text)).data;
  }
}

function suffixesOf(sessionId: string, defaultId: string | undefined): string[] {
  return sessionId === defaultId ? [`:${sessionId}`, ''] : [`:${sessionId}`];
}

function lasting(status: ConnectionStatus): [string, 'PX', number] {
  return [JSON.stringify(status), 'PX', STATUS_LIFE];
}

/** Another program may have put something else there. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
