/**
 * Runs tasks one after another in the order in which they were added, and says when there are too
 * many: Baileys does not wait for those who listen to it, so the socket itself must be paused.
 * The first task that fails ends the chain; tasks after it do not run.
 */
export class EventChain {
  #tail: Promise<void> = Promise.resolve();
  #waiting = 0;
  #crowded = false;
  #broken = false;

  /**
   * @param limit tasks waiting from which on `onCrowded(true)` is called; `onCrowded(false)` follows
   *   when half of them are left
   */
  constructor(
    private readonly limit: number,
    private readonly onCrowded: (crowded: boolean) => void,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  add(task: () => Promise<void>): void {
    this.#waiting++;
    if (!this.#crowded && this.#waiting >= this.limit) this.#crowd(true);
    this.#tail = this.#tail.then(() => this.#run(task));
  }

  /** Resolves when all tasks added so far have ended. */
  drained(): Promise<void> {
    return this.#tail;
  }

  /** Resolves when all tasks added so far have succeeded; rejects when one has failed. */
  async succeeded(): Promise<void> {
    await this.#tail;
    if (this.#broken) throw new Error('An earlier event could not be stored');
  }

  async #run(task: () => Promise<void>): Promise<void> {
    try {
      if (!this.#broken) await task();
    } catch (error) {
      this.#broken = true;
      this.onFailure(error);
    } finally {
      this.#waiting--;
      if (this.#crowded && this.#waiting <= this.limit / 2) this.#crowd(false);
    }
  }

  #crowd(crowded: boolean): void {
    this.#crowded = crowded;
    this.onCrowded(crowded);
  }
}
