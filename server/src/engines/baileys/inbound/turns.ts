/** A stanza takes half a millisecond or so: a turn stays well below what a person or a probe notices. */
const IN_A_TURN = 20;

/**
 * Lets so many stanzas of all connections begin in one turn of the event loop, the others in the next
 * ones, in the order of asking: a thousand that arrive at once do not keep HTTP and timers waiting.
 */
class Turns {
  #begun = 0;
  #waiting: (() => void)[] = [];

  /** Resolves when it is the caller's turn. */
  next(): Promise<void> {
    if (this.#begun === 0) setImmediate(this.#turn);
    this.#begun += 1;
    if (this.#begun <= IN_A_TURN) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  readonly #turn = (): void => {
    const begin = this.#waiting.splice(0, IN_A_TURN);
    this.#begun = begin.length + this.#waiting.length;
    if (this.#begun > 0) setImmediate(this.#turn);
    for (const resolve of begin) resolve();
  };
}

/** One for the process: it has one event loop. */
export const turns = new Turns();
