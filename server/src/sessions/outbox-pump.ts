import type { Logger } from 'pino';
import type { MessageStore } from '../chats/message-store.js';
import { crashPoint } from '../crash-point.js';
import type { Database } from '../db/database.js';
import type { Engine, SentMessage } from '../engines/engine.js';
import { EngineError } from '../engines/engine-error.js';
import type { EventLog } from '../event-log/event-log.js';
import type { Outbox, OutboxRow } from '../outbox/outbox.js';
import { fence } from './fence.js';

/** What the pump knows of its session. */
export interface PumpedSession {
  readonly row: { id: string; owner_id: string };
  readonly connectedEngine: Engine | undefined;
}

export interface PumpSurroundings {
  database: Database;
  outbox: Outbox;
  messages: MessageStore;
  log: EventLog;
  logger: Logger;
}

const SECOND = 1000;
/** No ack after this long: handed over once more, under the same id. Doubles with each try. */
const ACK_WITHIN = 20 * SECOND;
const LONGEST_WAIT = 600 * SECOND;
/** Lets receipts that waited at WhatsApp come in before anything is sent again. */
const SETTLE_AFTER_CONNECT = 5 * SECOND;

/** Takes a session's messages from the outbox to its engine, one after another, while connected. */
export class OutboxPump {
  private working: Promise<void> | undefined;
  private again = false;
  private timer: NodeJS.Timeout | undefined;
  private isConnected = false;
  private connectedAt = 0;
  private reconnected = false;
  private stopped = false;
  private readonly unsubscribe: () => void;

  constructor(
    private readonly session: PumpedSession,
    private readonly around: PumpSurroundings,
  ) {
    this.unsubscribe = around.log.wakeup.on(`outbox:${session.row.id}`, () => this.wake());
  }

  /** Told with every status of the session. */
  connected(now: boolean): void {
    if (now && !this.isConnected) {
      this.connectedAt = Date.now();
      this.reconnected = true;
    }
    this.isConnected = now;
    if (now) this.wake();
    else clearTimeout(this.timer);
  }

  /** Finishes the message in hand. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    this.unsubscribe();
    await this.working;
  }

  private wake(): void {
    if (this.stopped || !this.isConnected) return;
    this.again = true;
    this.working ??= this.work().finally(() => {
      this.working = undefined;
      if (this.again) this.wake();
    });
  }

  private async work(): Promise<void> {
    try {
      await this.reopenUnacknowledged();
      while (this.again && this.ready()) {
        this.again = false;
        const rows = await this.around.outbox.due(this.session.row.id, Date.now());
        for (const row of rows) {
          if (!this.ready()) return;
          if (row.state === 'queued' || this.settledDown()) await this.deliver(row);
        }
        if (rows.length > 0 && rows.every((row) => row.state === 'queued')) this.again = true;
      }
      await this.sleepUntilDue();
    } catch (error) {
      this.around.logger.error({ err: error }, 'outbox');
      this.sleep(SECOND);
    }
  }

  /** After a reconnect the acks of what was under way are lost: a receipt settles it, or we ask again. */
  private async reopenUnacknowledged(): Promise<void> {
    if (!this.reconnected) return;
    const dueAt = this.connectedAt + SETTLE_AFTER_CONNECT;
    await this.around.database.write([this.around.outbox.reopen(this.session.row.id, dueAt)]);
    this.reconnected = false;
  }

  private ready(): boolean {
    return !this.stopped && this.session.connectedEngine !== undefined;
  }

  private settledDown(): boolean {
    return Date.now() - this.connectedAt >= SETTLE_AFTER_CONNECT;
  }

  private async sleepUntilDue(): Promise<void> {
    const due = await this.around.outbox.nextDue(this.session.row.id);
    if (due === undefined || !this.ready()) return;
    const settled = this.connectedAt + SETTLE_AFTER_CONNECT;
    this.sleep(Math.max(due, settled) - Date.now());
  }

  private sleep(time: number): void {
    clearTimeout(this.timer);
    if (this.stopped) return;
    this.timer = setTimeout(() => this.wake(), Math.max(time, 50)).unref();
  }

  private async deliver(row: OutboxRow): Promise<void> {
    const { outbox, messages, database } = this.around;
    const { id } = this.session.row;
    const engine = this.session.connectedEngine;
    const message = await messages.outgoing(id, row.messageId);
    if (!engine) return;
    if (!message) {
      await database.write([outbox.settled(id, row.messageId)]);
      return;
    }
    const patience = Math.min(ACK_WITHIN * 2 ** Math.min(row.attempts, 10), LONGEST_WAIT);
    // Durable first: after a death in between, the row says that it may have been sent.
    const { changes } = await database.write([
      outbox.handedOver(id, row.messageId, Date.now() + patience),
      messages.climb(id, row.messageId, 'sending'),
    ]);
    const settledMeanwhile = changes[0] === 0;
    if (settledMeanwhile) return;
    crashPoint('after-handed-over');
    try {
      const sent = await engine.send({
        id: row.messageId,
        chatJid: row.chatJid,
        content: message.content,
        ...(message.quoted && { quoted: message.quoted }),
      });
      await this.keep(row, sent);
    } catch (error) {
      await this.afterFailure(row, error);
    }
  }

  private async keep(row: OutboxRow, sent: SentMessage): Promise<void> {
    const { messages, database } = this.around;
    await database.write([messages.keepRaw(this.session.row.id, row.messageId, sent.raw)]);
  }

  private async afterFailure(row: OutboxRow, error: unknown): Promise<void> {
    const { outbox, messages, database, log, logger } = this.around;
    const { id, owner_id: ownerId } = this.session.row;
    const cause = error instanceof EngineError ? error : undefined;
    const failed =
      cause?.certainlyNotSent && ['not-on-whatsapp', 'refused', 'unsupported'].includes(cause.code);
    if (failed) {
      const located = await messages.locate(id, row.messageId);
      const data = {
        chatId: located?.chat_id ?? row.chatJid,
        messageId: row.messageId,
        status: 'failed' as const,
        error: cause.message,
      };
      await database.write([
        outbox.settled(id, row.messageId),
        messages.climb(id, row.messageId, 'failed', cause.message),
        fence(database.kysely, id),
        log.append({ id, ownerId }, 'message.status', data, Date.now()),
      ]);
      log.wakeup.hint('events');
      return;
    }
    logger.warn({ err: error, messageId: row.messageId }, 'send failed; will be tried again');
    if (cause?.certainlyNotSent) {
      const pause = Math.min(SECOND * 2 ** Math.min(row.attempts, 10), LONGEST_WAIT);
      await database.write([outbox.putBack(id, row.messageId, Date.now() + pause)]);
    }
  }
}
