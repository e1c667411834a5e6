/** Characters that may wait for one reader; then the log itself is its buffer. */
const HIGH_WATER = 256 * 1024;
const LOW_WATER = HIGH_WATER / 4;

/**
 * Why a stream ends: the reader took nothing for too long, the server stops, a fault of ours, or its
 * credentials or what it may see have ended.
 */
export type EndCause = 'too-slow' | 'stopping' | 'fault' | 'unauthorized';

/**
 * Where one connection's frames go. It counts what was not taken by the network yet, so that nobody
 * writes to a reader that does not read.
 */
export abstract class Sink {
  private waiting = 0;
  private lastProgress = performance.now();
  private wake: (() => void) | undefined;

  /** Hands text to the network; `done` when the system has taken it. */
  protected abstract write(text: string, done: () => void): void;
  abstract get closed(): boolean;
  /** Ends the connection; `position`: what was handed over, to go on from. */
  abstract end(cause: EndCause, position?: number): void;

  get congested(): boolean {
    return this.waiting >= HIGH_WATER;
  }

  /** Characters handed over and not taken by the network yet. */
  get backlog(): number {
    return this.waiting;
  }

  send(text: string): void {
    if (this.closed) return;
    if (this.waiting === 0) this.lastProgress = performance.now();
    this.waiting += text.length;
    this.write(text, () => {
      this.waiting -= text.length;
      this.lastProgress = performance.now();
      if (this.waiting <= LOW_WATER) this.wake?.();
    });
  }

  /**
   * Resolves when there is room again or the connection is closed; false when the reader took
   * nothing at all for `patience` ms.
   */
  async room(patience: number): Promise<boolean> {
    while (this.congested && !this.closed) {
      const left = this.lastProgress + patience - performance.now();
      if (left <= 0) return false;
      await this.woken(left);
    }
    return true;
  }

  /** To be called when the connection is gone. */
  protected gone(): void {
    this.wake?.();
  }

  private async woken(within: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      timer = setTimeout(resolve, within);
    });
    clearTimeout(timer);
    this.wake = undefined;
  }
}
