import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type BinaryNode, NACK_REASONS, type WASocket } from '../baileys.js';

/** Requests of a connection that may be made without a pause. */
const BURST = 20;
/** Then, the pause between two of them (ms): each costs us keys, and the author work. */
const PAUSE_MS = 200;
/** How often a flood is told of in the log (ms). */
const TELL_EVERY_MS = 60_000;

/**
 * Asks authors to send again what could not be read, one after another at a bounded pace: a flood of
 * unreadable messages costs little, and what waits here is not acknowledged, so none is lost.
 */
export class RetryRequests {
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;
  #unreadable = 0;
  #toldAt = 0;

  constructor(
    private readonly sock: WASocket,
    private readonly logger: Logger,
  ) {}

  /** Asks for a message again, then tells WhatsApp that this copy is of no use. */
  ask(node: BinaryNode, reason: string): Promise<void> {
    this.#tell(reason);
    const turn = this.#last.then(() => this.#ask(node));
    const crowded = this.#waiting >= BURST;
    this.#waiting++;
    this.#last = turn
      .catch(() => {})
      .then(() => (crowded ? delay(PAUSE_MS) : undefined))
      .then(() => {
        this.#waiting--;
      });
    return turn;
  }

  async #ask(node: BinaryNode): Promise<void> {
    if (!this.sock.ws.isOpen) return;
    const carriesCiphertext =
      Array.isArray(node.content) && node.content.some(({ tag }) => tag === 'enc');
    await this.sock.sendRetryRequest(node, !carriesCiphertext);
    await this.sock.sendMessageAck(node, NACK_REASONS.UnhandledError);
  }

  #tell(reason: string): void {
    this.#unreadable++;
    const now = Date.now();
    if (now - this.#toldAt < TELL_EVERY_MS) return;
    this.logger.warn({ count: this.#unreadable, reason }, 'messages could not be decrypted');
    this.#toldAt = now;
    this.#unreadable = 0;
  }
}
