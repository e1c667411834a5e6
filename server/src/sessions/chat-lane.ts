import type { Engine } from '../engines/engine.js';
import type { OutboxRow } from '../outbox/outbox-queue.js';
import type { PaceKeeper, Turn } from '../outbox/pace-keeper.js';
import type { Verdict } from '../outbox/send-policy.js';
import type { HandedOver, OutboxDelivery } from './outbox-delivery.js';

/** What a lane has from the pump that opened it. */
export interface LaneSurroundings {
  delivery: OutboxDelivery;
  pace: PaceKeeper;
  /** The engine to send through; undefined when the connection of this lane is over. */
  engine(): Engine | undefined;
  /** Every chat is to wait until this time. */
  holdAll(until: number): void;
  /** This chat is to wait until this time. */
  hold(chatId: string, until: number): void;
  /** Ends a typing that is being shown. */
  typing: AbortSignal;
}

const SECOND = 1000;

/** A message that may leave; `skip`: it needs nothing more, or not now; `stop`: its chat must wait. */
type Readiness = (HandedOver & { typed: boolean }) | 'skip' | 'stop';

/** Sends what waits in one chat, one message after another. */
export class ChatLane {
  constructor(private readonly around: LaneSurroundings) {}

  /**
   * While one leaves, the next is written down as handed over, so that its commit takes no time of
   * its own. When the first cannot leave, the second is taken back.
   * @returns whether all of them left
   */
  async send(rows: readonly OutboxRow[]): Promise<boolean> {
    let ahead: Promise<Readiness> | undefined;
    for (const [index, row] of rows.entries()) {
      const ready = await (ahead ?? this.makeReady(row));
      ahead = undefined;
      if (ready === 'stop') return false;
      if (ready === 'skip') continue;
      const next = rows[index + 1];
      if (next?.state === 'queued' && !ready.typed) {
        ahead = this.makeReady(next);
        ahead.catch(() => undefined);
      }
      if (!(await this.leave(ready))) {
        const following = await ahead;
        if (typeof following === 'object') await this.around.delivery.takeBack(following.row);
        return false;
      }
    }
    return true;
  }

  private async leave(ready: HandedOver): Promise<boolean> {
    const { delivery, engine, holdAll } = this.around;
    if (!engine()) {
      await delivery.takeBack(ready.row);
      return false;
    }
    const outcome = await delivery.send(ready);
    // The session's status follows the socket's with a delay.
    if (outcome === 'not-connected') holdAll(Date.now() + SECOND);
    return outcome === 'done';
  }

  private async makeReady(row: OutboxRow): Promise<Readiness> {
    const { delivery, engine, pace } = this.around;
    if (!engine()) return 'stop';
    if (await delivery.isOfAnotherNumber(row)) return 'skip';
    if (row.state === 'queued' && row.expiresAt !== null && row.expiresAt <= Date.now()) {
      return 'skip';
    }
    if (row.state !== 'queued') {
      const tried = await this.tryAgain(row);
      if (tried !== 'yes') return tried;
    }
    const turn = await pace.take(row);
    if ('at' in turn) {
      this.holdBack(row, turn);
      return 'stop';
    }
    await this.type(row, turn);
    const sending = engine();
    if (!sending) return 'stop';
    const outcome = await delivery.handOver(row, sending, turn);
    if (outcome === 'settled') return 'skip';
    if (outcome === 'not-connected') this.around.holdAll(Date.now() + SECOND);
    return typeof outcome === 'object' ? { ...outcome, typed: turn.typing > 0 } : 'stop';
  }

  /** A connection that looks alive may be dead: it is asked for a sign before anything is sent again. */
  private async tryAgain(row: OutboxRow): Promise<'yes' | 'skip' | 'stop'> {
    const { delivery, engine, hold } = this.around;
    const current = engine();
    if (!current) return 'stop';
    if (!(await delivery.isWorthAnotherTry(row, current))) return 'skip';
    if (row.state !== 'written') return 'yes';
    try {
      await current.ping();
      return 'yes';
    } catch (error) {
      delivery.noSignOfLife(error);
      hold(row.chatId, Date.now() + SECOND);
      return 'stop';
    }
  }

  private holdBack(row: OutboxRow, { at, because }: Verdict): void {
    // Only the chat waits; others are served.
    if (because === 'new-chats') this.around.hold(row.chatId, at);
    else this.around.holdAll(at);
  }

  private async type(row: OutboxRow, { typing }: Turn): Promise<void> {
    if (typing === 0) return;
    // Without it the message goes all the same.
    await this.around
      .engine()
      ?.sendChatState(row.chatJid, 'composing')
      .catch(() => undefined);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, typing);
      const end = () => {
        clearTimeout(timer);
        resolve();
      };
      this.around.typing.addEventListener('abort', end, { once: true });
    });
  }
}
