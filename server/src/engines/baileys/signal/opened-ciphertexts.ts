import type { StanzaJournal } from '../../engine.js';

/** Until what earlier connections opened is forgotten: WhatsApp has then handed over all that waited. */
const EARLIER_AFTER_MS = 600_000;

/**
 * Lets the journal forget what WhatsApp will not hand over again. A stream is read in order: when it
 * answers a question, it has read the receipts that were sent before it.
 */
export class OpenedCiphertexts {
  #recent: string[] = [];
  #before: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #earlierTimer?: NodeJS.Timeout;
  #stopped = false;
  readonly #since = Date.now();

  /**
   * @param everyMs how often WhatsApp is asked for a sign that it has read our receipts
   * @param ask resolves when WhatsApp has answered
   * @param isBusy whether messages are under way whose receipts have not left
   */
  constructor(
    private readonly journal: StanzaJournal,
    private readonly everyMs: number,
    private readonly ask: () => Promise<void>,
    private readonly isBusy: () => boolean,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  add(digest: string): void {
    this.#recent.push(digest);
    this.#schedule();
  }

  /** WhatsApp has handed over everything that waited for us. */
  caughtUp(): void {
    this.#earlierTimer ??= setTimeout(() => {
      this.journal.forgetOpenedBefore(this.#since).catch(this.onFailure);
    }, EARLIER_AFTER_MS).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#earlierTimer);
    this.#stopped = true;
  }

  async #check(): Promise<void> {
    try {
      if (!this.isBusy()) {
        await this.ask();
        if (this.#before.length > 0) await this.journal.forget(this.#before);
        this.#before = this.#recent;
        this.#recent = [];
      }
    } catch (error) {
      this.onFailure(error);
    }
    this.#timer = undefined;
    if (this.#before.length + this.#recent.length > 0) this.#schedule();
  }

  #schedule(): void {
    if (this.#stopped) return;
    this.#timer ??= setTimeout(() => void this.#check(), this.everyMs).unref();
  }
}
